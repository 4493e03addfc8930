"""Hospitals, pharmacies and offices that clauses list, and the name that a patient uses for one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from bot.answering.membership import list_verdict
from bot.understanding.typos import sounds_like
from corpus.blocks import Block, blocks
from corpus.documents import Clause
from corpus.regions import load_regions

_INSTITUTION = re.compile(
    r"(?:医院|卫生院|保健院|医学中心|分院|服务中心|服务站|药店|药房|商场|[^商]店|管理中心|管理处"
    r"|^[一二三四五六七八九十]院)$"
)
# 三级医院 and 定点医院 are kinds of institutions, none of them.
_KIND = re.compile(r"级|[几哪]家|哪些|定点|联网|就医地|其他|本人|约定|[内外]医院$|社区医院$")
_END = (
    r"(?:[这那](?:个|一?家)|的)?"
    r"(?:(?:人民|中)?医院(?:[^，。？医]{1,3}分院)?|(?:卫生|保健|附)院|医学中心|社区(?:卫生)?(?:服务)?(?:[这那]个|的)?(?:中心|站)"
    r"|社区(?!医院|的?医|卫生|服务|那|这|中心|站)|药店|药房|(?:附属?)?[一二三四五六七八九十]院|妇幼(?!保健))"
)
_SAID, _LAST = re.compile(_END), re.compile(f"{_END}$")
"""How a message ends the name of an institution."""
_KINDS = ("药店", "社区")
_POINTING = re.compile(r"[这那](?:个|一?家)|的")
_MARK = re.compile(r"[^\w一-鿿]")
_FILLERS = re.compile(r"(?<!社)[市区县镇省]|街道")
_WRITINGS = (
    (re.compile(r"(?<![附属])第?([一二三四五六七八九十]+)(?:人民医院|医院|院)"), r"第\1人民医院"),
    (re.compile(r"妇幼(?:保健)?(?:医院|院)?"), "妇幼保健院"),
    (re.compile(r"社区(?:(?:卫生)?(?:服务)?(?:中心|站)|医院)"), "社区"),
    (re.compile(r"(?:中心)?卫生院"), "卫生院"),
)
"""镇江口腔医院 is 镇江市口腔医院, 一院 is 第一人民医院."""
_ANYONES = re.compile(r"(?:人民|[一-鿿]科|专科|综合|大|小)?(?:医院|卫生院|药店|药房|社区)")
_NUMBERED = re.compile(r"[一二三四五六七八九十]")
_NAMING = ("n", "m", "a", "b", "j", "g", "z", "vg")
"""jieba's tags of words that a name is made of."""
_NAMES = ("ns", "nr", "nz", "m")
"""Those of words that are names themselves, however common."""
_REACH = 16
"""Characters before its ending that a name may have."""
_ABBREVIATED = 4
_LIST = 3
_TABLE = 2
"""Cells of a row that tells more than a name."""


@dataclass(frozen=True, slots=True)
class Institution:
    """A table row or list item that names an institution."""

    clause: Clause
    block: Block
    name: str

    def told(self, between: str) -> str:
        """What the row says of it: each column's name and cell."""
        return between.join(f"{name} {cell}" for name, cell in self.block.cells[1:])


@dataclass(frozen=True, slots=True)
class Named:
    """An institution as a message names it."""

    name: str
    found: tuple[Institution, ...]
    """Where it is listed; empty where it isn't."""
    kind: str
    """What sort of institution it is: 医院, 药店 or 社区."""
    span: tuple[int, int]
    """Where it stands in the message."""


class Institutions:
    """The institutions of all regions.

    Args:
        clauses: whose tables and lists are read.
    """

    def __init__(self, clauses: Iterable[Clause]) -> None:
        regions = load_regions()
        self._cities = {r.id: (r.name, *r.also) for r in regions}
        self._elsewhere = {r.id: tuple(r.hospitals_elsewhere) for r in regions}
        self._regions: dict[str, list[Institution]] = {}
        self._words: set[str] = set()
        for clause in clauses:
            for block in blocks(clause.text):
                if block.kind == "sentence":
                    self._words.update(rjieba.cut(block.text, hmm=False))
                    continue
                name = block.cells[0][1] if block.cells else block.text
                if not _KIND.search(name) and _INSTITUTION.search(name):
                    own = self._regions.setdefault(clause.region, [])
                    own.append(Institution(clause, block, name))

    def named(self, text: str, region: str) -> Named | None:
        """Return the institution that a message names; None where it names none, or several."""
        told = {mention.name: mention for mention in self._mentions(text, region)}
        return next(iter(told.values())) if len(told) == 1 else None

    def unnamed(self, text: str, region: str) -> str:
        """Return the message with the kind of institution in place of each name."""
        for mention in reversed(self._mentions(text, region)):
            start, end = mention.span
            text = text[:start] + mention.kind + text[end:]
        return text

    def lists(self, clause: Clause) -> bool:
        """Whether a clause is a list of institutions."""
        return len(self.rows(clause)) >= _LIST

    def rows(self, clause: Clause) -> tuple[Institution, ...]:
        """Return the institutions that a clause names."""
        own = self._regions.get(clause.region, ())
        return tuple(found for found in own if found.clause.id == clause.id)

    def of_district(self, clause: Clause, text: str) -> tuple[Institution, ...]:
        """Return those that a list, which tells no more of each, names after a district named."""
        rows = (row for row in self.rows(clause) if len(row.block.cells) < _TABLE)
        named = ((self._written(row.name, clause.region, clause)[:2], row) for row in rows)
        return tuple(row for district, row in named if district in text)

    def may_list(self, clause: Clause, named: Named) -> bool:
        """Whether a list of what is so is of such institutions, and of this one's place."""
        if list_verdict(clause) is None:
            return False
        kinds = {_kind(found.name) == "药店" for found in self.rows(clause)}
        places = {self._away(found.clause) for found in named.found}
        return (named.kind == "药店") in kinds and places <= {self._away(clause)}

    def of_place(self, name: str) -> Institution | None:
        """Return the office of a place that any region's documents name."""
        rows = (found for own in self._regions.values() for found in own)
        return next((f for f in rows if f.name.startswith(name) and len(f.block.cells) > 1), None)

    def _mentions(self, text: str, region: str) -> list[Named]:
        for row in self._regions.get(region, ()):
            # Offices and shops, whose names end in many ways, are known by their whole name.
            start = text.find(row.name)
            if start >= 0 and not _LAST.search(row.name):
                rows = tuple(f for f in self._regions[region] if f.name == row.name)
                return [Named(row.name, rows, row.name, (start, start + len(row.name)))]
        read = (self._read(text, said, region) for said in _SAID.finditer(text))
        return [named for named in read if named]

    def _read(self, text: str, said: re.Match[str], region: str) -> Named | None:
        """Read the name that ends here; None for a kind of institution, such as 三级医院."""
        starts, start = self._starts(text, said.start())
        kind = _kind(said[0])
        for at in starts:
            before = text[start:at]
            found = self._listed(_POINTING.sub("", text[at : said.end()]), region)
            # What is left before the name is the list's city: 武进中医院 is no 中医院.
            rows = tuple(f for f in found if self._is_apart(before, text[at : said.end()], f))
            if rows:
                return Named(text[at : said.end()], rows, kind, (at, said.end()))
        name = text[start : said.end()]
        own = self._written(_POINTING.sub("", name), region)
        # 杭州的医院 is any one there.
        anyones = any(map(_ANYONES.fullmatch, (own, name.rpartition("的")[2])))
        if said[0] == "社区" or anyones or _KIND.search(name):
            return None
        return Named(name, (), kind, (start, said.end()))

    def _is_apart(self, before: str, name: str, row: Institution) -> bool:
        """Whether what stands before a name is no part of it: its list's city, or the patient's.

        武进中医院 is no 中医院; 镇江瑞金医院 is that in Shanghai, 镇江肺科医院 may be one at home.
        """
        if not self._written(before, row.clause.region, row.clause):
            return True
        own = before in self._cities.get(row.clause.region, ())
        return own and not (_ANYONES.fullmatch(name) or _NUMBERED.search(name))

    def _starts(self, text: str, end: int) -> tuple[list[int], int]:
        """Where a name that goes on to ``end`` may begin, and where the words of a name do."""
        start = at = end
        starts = [end]
        clause = _MARK.split(text[max(end - _REACH, 0) : end])[-1]
        for word, tag in reversed(rjieba.tag(clause, hmm=False)):
            own = tag.startswith(_NAMES) or (tag.startswith(_NAMING) and self._is_rare(word))
            start = at - len(word) if own and start == at else start
            at -= len(word)
            starts.insert(0, at)
        return starts, start

    def _is_rare(self, word: str) -> bool:
        return len(word) == 1 or word not in self._words

    def _written(self, name: str, region: str, clause: Clause | None = None) -> str:
        """A name as all are compared: without the city, whether its own or its list's."""
        away = self._away(clause) if clause else ()
        return written(name, away or self._cities.get(region, ()))

    def _away(self, clause: Clause) -> tuple[str, ...]:
        """Other cities that a list is of."""
        return tuple(c for c in self._elsewhere.get(clause.region, ()) if c in clause.section)

    def _listed(self, name: str, region: str) -> tuple[Institution, ...]:
        """Where the institution of this name is listed."""
        rows = [
            (self._written(name, region, f.clause), self._written(f.name, region, f.clause), f)
            for f in self._regions.get(region, ())
        ]
        if same := [f for own, other, f in rows if _same(own, other)]:
            return tuple(same)
        short = [(other, f) for own, other, f in rows if _short_for(own, other)]
        return tuple(f for _, f in short) if len({other for other, _ in short}) == 1 else ()


@lru_cache(maxsize=4096)
def written(name: str, cities: tuple[str, ...]) -> str:
    """Return a name in one writing: 常州市一院 is 第一人民医院."""
    for city in cities:
        name = name.removeprefix(city)
    name = _FILLERS.sub("", name)
    for said, meant in _WRITINGS:
        name = said.sub(meant, name)
    return name


def institution(name: str) -> Named | None:
    """A name by itself, that no list has, if it is an institution's."""
    said = _LAST.search(name)
    return Named(name, (), _kind(said[0]), (0, len(name))) if said else None


def _kind(ending: str) -> str:
    return next((kind for kind in _KINDS if kind[0] in ending), "医院")


def _same(told: str, listed: str) -> bool:
    if _ANYONES.fullmatch(told):
        return told == listed
    return told in (listed, listed.rpartition("附属")[2]) or sounds_like(told, listed)


def _short_for(told: str, listed: str) -> bool:
    """Whether a name is told in part (大市口社区) or abbreviated (江大附院)."""
    if len(told) < _ABBREVIATED or _ANYONES.fullmatch(told):
        return False
    if listed.endswith(told):
        return True
    rest = iter(listed)
    return told[0] == listed[0] and told.endswith("院") and all(char in rest for char in told)
