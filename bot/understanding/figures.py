"""Every figure of a text, in every writing, with its value and kind.

12,640.00, 1.264万 and 一万二千六百四十 are the same number; 百分之十, 10%, 一成 and 十分之一 the
same share; 半年, 6个月 and 六个月 the same time. Reads normalised text (`bot.understanding.text`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import zip_longest
from typing import Any

_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_DIGIT = "一二两三四五六七八九"
_VALUES = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {
    "两": "2",
    "〇": "0",
}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟圆KW", "一二三四五六七八九十百千元kw")

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_MAGNITUDE = r"(?:[十百千万亿]|(?<=\d)[kw](?![a-z]))"
_EACH = r"(?<=[百千万])[一两](?:个[月半疗星礼]|[天日晚年次回趟针支盒瓶片粒])"
"""两万一个月 is 20,000 a month, not 21,000."""
_LEVEL = r"(?<!十)[一二三1-3](?:级|甲|乙)"
"""花了2万三级医院 is 20,000 in a hospital of level 3."""
NUMERAL = (
    rf"(?:{_ARABIC}|[{_DIGIT}十]|零(?=[元块%]))"
    rf"(?:{_MAGNITUDE}|(?<!\d)(?!{_EACH}|{_LEVEL})[{_DIGIT}零〇]|点(?=[{_DIGIT}零〇])|(?<=[百千万亿kw零])(?!{_LEVEL}){_ARABIC})*"
)
"""A number in digits, characters or both, as in 3千8, 1.5万, 一万二千六百四十."""
_TOKEN = re.compile(rf"{_ARABIC}|点[{_DIGIT}零〇]+|[{_DIGIT}][{_DIGIT}零〇]*|[零〇]|[十百千万亿kw]")
_PAIR = re.compile(rf"(?<![{_DIGIT}零〇])([{_DIGIT}])([{_DIGIT}])(?![{_DIGIT}零〇])")


class Kind(StrEnum):
    """What a figure counts."""

    NUMBER = "number"
    """Nothing is said of what it counts."""
    MONEY = "money"
    """Yuan."""
    SHARE = "share"
    """Percent."""
    COUNT = "count"
    """Things, or time: see `Figure.unit`."""
    DATE = "date"
    PHONE = "phone"
    URL = "url"
    LABEL = "label"
    """A name's part, not a quantity: 第二次, 三级医院, Ⅱ类."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and where it stands."""

    start: int
    end: int
    kind: Kind
    value: Decimal = Decimal(0)
    """0 for dates, telephones and addresses."""
    code: str = ""
    """A date as ``2019-09-01``, ``2019-09``, ``2019``, ``-09-01``; a telephone's digits; a URL."""
    unit: str = ""
    """``day``, ``workday``, ``month``, ``hour``, ``age``; else the word that follows."""
    approximate: bool = False
    """Said loosely: 一万来块, 5千多, 小两万, 三四万."""
    upper: Decimal | None = None
    """The other end of 三四万."""
    digits: bool = False
    """Stands without a magnitude word: 3 in 3-4万."""


@lru_cache(maxsize=4096)
def evaluate(numeral: str) -> Decimal:
    """The value of a match of `NUMERAL`; the digit after a magnitude counts the next lower one.

    >>> evaluate("两万五"), evaluate("3千8"), evaluate("一万二千六百四十"), evaluate("两万零五")
    (Decimal('25000'), Decimal('3800'), Decimal('12640'), Decimal('20005'))
    """
    total = section = Decimal(0)
    digit: Decimal | None = None
    unit, group, zero = 1, 1, False
    for part in _TOKEN.findall(numeral):
        if part in _UNITS:
            unit, zero = _UNITS[part], False
            if unit < 10_000:
                section += (1 if digit is None else digit) * unit
            else:
                section += digit or 0
                total = (total + section) * unit if unit > group else total + section * unit
                section, group = Decimal(0), unit
            digit = None
        elif part in "零〇":
            zero = True
        elif part[0] == "点":
            digit = (digit or 0) + Decimal(f"0.{_positional(part[1:])}")
        else:
            digit = Decimal(_positional(part))
    if digit is not None:
        next_lower = unit >= 100 and not zero and digit < 10 and digit == int(digit)
        section += digit * unit / 10 if next_lower else digit
    return (total + section).normalize() + 0


def _positional(digits: str) -> str:
    return "".join(_VALUES.get(char, char) for char in digits if char != ",")


def read_figures(text: str) -> tuple[Figure, ...]:
    """Every figure of a normalised text, in order; they don't overlap."""
    text = text.translate(_FORMAL)
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        name = match.lastgroup
        if name and (figure := _READERS[name][1](match)):
            found.append(figure)
    return tuple(_shared_magnitudes(text, found))


def _shared_magnitudes(text: str, found: Sequence[Figure]) -> Iterator[Figure]:
    """In 3-4万 and 50到60% the first figure has the magnitude and kind of the second."""
    for this, following in zip_longest(found, found[1:]):
        between = text[this.end : following.start] if following else ""
        open_ended = this.kind is Kind.NUMBER and this.digits
        if following and open_ended and re.fullmatch(r" ?[-~—–至到] ?", between):
            magnitude = re.search(r"[百千万亿kw]+", text[following.start : following.end])
            value = this.value * (evaluate(f"1{magnitude[0]}") if magnitude else 1)
            yield replace(this, kind=following.kind, value=value, unit=following.unit)
        else:
            yield this


# Patterns in the order in which they are tried where several begin at the same character.
_YEAR = rf"(?:19|20)\d\d|[一二][{_DIGIT}零〇]{{3}}"
_SMALL = rf"\d{{1,2}}|[{_DIGIT}十]{{1,3}}"
_URL = r"""
    https?:/{1,2}[a-z0-9.-]+(?::\d+)?(?:/[a-z0-9./?=&%\#_~-]*)? | www\.[\w./-]+
    | \d{1,3}(?:\.\d{1,3}){3}(?![\d.])
    | (?<![a-z0-9.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org)(?:/[\w./-]*)?"""
_PHONE = r"""
    \(?(?<!\d)0\d{2,3}\)?[-—–\ ]*(?:\d{7,8}|12\d{3})(?!\d)
    | (?<!\d)1[3-9]\d[-\ ]?\d{4}[-\ ]?\d{4}(?!\d) | (?<!\d)[48]00[-\ ]?\d{3}[-\ ]?\d{4}(?!\d)
    | (?<=[打拨])[通个\ ]?(?:12\d{3}|1[12]\d|9\d{4})(?![\d,.万元块])
    | (?<![\d.,])(?:12\d{3}|1[12]\d|9\d{4})(?=热线|电话|服务|咨询)
    | (?<=电话)[：:是为\ ]*\d{5,8}(?!\d)"""
_DATE = rf"""
    (?<!\d)(?:
      (?P<y1>{_YEAR})年(?:度|底|末|初)?(?:(?P<m1>{_SMALL})月(?:份|(?P<d1>{_SMALL})[日号])?)?
    | (?P<y2>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m2>1[0-2]|0?[1-9])(?P=sep)(?P<d2>[0-3]?\d)(?!\d)
    | (?P<y3>(?:19|20)\d\d)[-/](?P<m3>1[0-2]|0?[1-9])(?![\d.])
    | (?P<m4>{_SMALL})月(?:份|(?P<d4>{_SMALL})[日号])? )"""
_PERCENT = rf"(?P<scale>[百千])分之(?P<of>{NUMERAL}|[百零])"
_ORDINAL = rf"第\ ?{NUMERAL} | i{{1,3}}[级类期型]"
_WHOLE = r"全额|百分百"
_HALF = r"一半|减半|半数|对半 | 个?半(?P<half_of>个?月|年|天|个?小时)"
# 百把块, 千来块, 百八十块, 万儿八千块, 上千块: about one of the magnitude named.
_IDIOM = rf"""
    (?<![\d{_DIGIT}十百千万几数])
    (?: (?P<about>[百千万])(?:把|来|儿?八[十百千]|十) | 上(?P<up_to>[百千万]) ) 来?[块元]钱?"""
_CLASSIFIER = r"""
    个?工作日 | 个半?月 | [天日周]岁? | 岁 | 周?年半? | 个?半?(?:小时|星期|礼拜|钟头) | 分钟 | 点钟
    | 公里 | 里路 | [厘毫]?米 | [公千毫]?[克斤] | 毫?升 | mg | ml | kg | cm
    | [个次种项张份人位例寸家所条号楼层室栋床倍步样道名遍趟回片粒颗支盒瓶袋针口顿台本页句夜晚批代]
    | [档度字套件部门胎根枚]"""
_NUMBER = rf"""
    (?P<before>小(?=[{_DIGIT}十\d]) | (?<!最)近 | (?<![尽赶])快 | 不到 | 大约 | 大概
      | (?<![预签节])约 | 差不多 | 超过 | 估计 | 接近)?
    (?P<sign>¥|rmb\ ?)?
    (?P<numeral>{NUMERAL})
    (?: 分之(?P<parts>{NUMERAL})
      | (?: (?P<mille>‰) | (?P<percent>%|个?百分点|个点(?!钟))
          | (?P<tenths>成(?:半|[{_DIGIT}](?![\d十百千万]))?|折)
            (?![年人员功立就为交算品果本腾旧磨叠]) )
      | (?P<label>[级类型]|[甲乙](?!类)|期(?!间))
      | (?P<vague>(?: 多(?!少) | 来(?=[块元万千百个天岁]) | 几(?=[万千百块元个天岁年次]) | 余(?!额))
          [百千万亿]*)?
        (?: (?P<money>元(?![区宝素旦月件]) | 块钱?(?![钢骨石]) | 人民币)
            (?P<tail>(?<=[块元])[{_DIGIT}\d](?=[毛角]|$|[，。；！？的])[毛角]?)?
          | (?P<count>{_CLASSIFIER}) )?
        (?P<after>左右|上下|出头|不到|开外|的样子)? )"""


def _url(match: re.Match[str]) -> Figure:
    return _figure(match, Kind.URL, code=re.sub(r"^https?:/+|[/.]+$", "", match[0].lower()))


def _phone(match: re.Match[str]) -> Figure:
    return _figure(match, Kind.PHONE, code=re.sub(r"\D", "", match[0]))


def _date(match: re.Match[str]) -> Figure:
    year = match["y1"] or match["y2"] or match["y3"]
    month = match["m1"] or match["m2"] or match["m3"] or match["m4"]
    day = match["d1"] or match["d2"] or match["d4"]
    code = str(evaluate(year)) if year else ""
    code += "".join(f"-{int(evaluate(part)):02}" for part in (month, day) if part)
    return _figure(match, Kind.DATE, code=code)


def _percent(match: re.Match[str]) -> Figure:
    of = Decimal(100) if match["of"] == "百" else evaluate(match["of"])
    return _figure(match, Kind.SHARE, value=of * 100 / _UNITS[match["scale"]])


def _ordinal(match: re.Match[str]) -> Figure:
    return _figure(match, Kind.LABEL)


def _whole(match: re.Match[str]) -> Figure:
    return _figure(match, Kind.SHARE, value=Decimal(100))


def _half(match: re.Match[str]) -> Figure:
    if match["half_of"]:
        return _count(match, Decimal("0.5"), match["half_of"])
    return _figure(match, Kind.SHARE, value=Decimal(50))


def _idiom(match: re.Match[str]) -> Figure:
    value = Decimal(_UNITS[match["about"] or match["up_to"]])
    return _figure(match, Kind.MONEY, value=value, approximate=True)


def _number(match: re.Match[str]) -> Figure | None:
    numeral = match["numeral"]
    if match["label"]:
        return _figure(match, Kind.LABEL)
    if share := _share(match, evaluate(numeral)):
        return share
    value, upper = _ends(numeral, match["vague"] or "")
    loose = bool(match["before"] or match["vague"] or match["after"] or upper)
    if match["count"]:
        return replace(_count(match, value, match["count"]), approximate=loose, upper=upper)
    if _part_of_word(match):
        return None
    if match["tail"]:
        value += evaluate(match["tail"][0]) / 10
    return _figure(
        match,
        Kind.MONEY if match["money"] or match["sign"] else Kind.NUMBER,
        value=value,
        approximate=loose,
        upper=upper,
        digits=not re.search(r"[百千万亿kw]", match[0]),
    )


def _share(match: re.Match[str], value: Decimal) -> Figure | None:
    if match["parts"]:
        value = 100 * evaluate(match["parts"]) / (value or 1)
    elif match["mille"]:
        value /= 10
    elif match["tenths"]:
        value = (value * 10 if value <= 10 else value) + _rest(match["tenths"])
    elif not match["percent"]:
        return None
    return _figure(match, Kind.SHARE, value=value)


def _rest(tenths: str) -> Decimal:
    """八成半 and 八成五 are 85 per cent."""
    rest = tenths.removeprefix("成") if tenths != "折" else ""
    return evaluate(rest.replace("半", "五")) if rest else Decimal(0)


_COUNTED = re.compile("[是线槛步费花交付掏垫担共计给类外剩贴补按]了?$")
"""Words before 一百 and 一千 that make them numbers."""


def _part_of_word(match: re.Match[str]) -> bool:
    """Whether the characters don't count anything: 一般, 四季, 三五成群, 一块去."""
    if match["money"]:
        return match["money"] == "块" and match["numeral"] == "一" and not match["tail"]
    short = re.fullmatch(rf"[{_DIGIT}零〇]{{1,2}}|十|一[百千]?", match["numeral"])
    if match["numeral"] in ("一百", "一千") and _COUNTED.search(match.string[: match.start()]):
        return False
    return bool(short) and not (match["sign"] or match["vague"])


def _ends(numeral: str, vague: str) -> tuple[Decimal, Decimal | None]:
    """The value, or both ends of 三四万; 二十几万 counts as 200,000."""
    magnitude = "".join(_TOKEN.findall(vague))
    factor = evaluate(f"1{magnitude}") if magnitude else 1
    pair = _PAIR.search(numeral)
    if not pair or evaluate(pair[1]) >= evaluate(pair[2]):
        return evaluate(numeral) * factor, None
    low, high = (numeral[: pair.start()] + pair[i] + numeral[pair.end() :] for i in (1, 2))
    return evaluate(low) * factor, evaluate(high) * factor


_TIMES = {"天": ("day", 1), "日": ("day", 1), "周": ("day", 7), "星期": ("day", 7)}
_TIMES |= {"礼拜": ("day", 7), "月": ("month", 1), "年": ("month", 12), "周年": ("month", 12)}
_TIMES |= {"小时": ("hour", 1), "钟头": ("hour", 1), "岁": ("age", 1), "周岁": ("age", 1)}
_TIMES |= {"工作日": ("workday", 1)}


def _count(match: re.Match[str], value: Decimal, word: str) -> Figure:
    word = word.removeprefix("个")
    if "半" in word:  # 一年半, 两个半月
        word, value = word.replace("半", ""), value + Decimal("0.5")
    unit, factor = _TIMES.get(word, (word, 1))
    return _figure(match, Kind.COUNT, value=value * factor, unit=unit)


def _figure(match: re.Match[str], kind: Kind, **fields: Any) -> Figure:
    return Figure(match.start(), match.end(), kind, **fields)


_READERS: dict[str, tuple[str, Callable[[re.Match[str]], Figure | None]]] = {
    "url": (_URL, _url),
    "phone": (_PHONE, _phone),
    "date": (_DATE, _date),
    "percent_of": (_PERCENT, _percent),
    "ordinal": (_ORDINAL, _ordinal),
    "whole": (_WHOLE, _whole),
    "half": (_HALF, _half),
    "idiom": (_IDIOM, _idiom),
    "number": (_NUMBER, _number),
}
# A figure begins with one of these characters: a look at each place spares trying all patterns.
_FIGURE = re.compile(
    rf"(?=[\da-z(¥第{_DIGIT}十百千万半减对全个上小零近快不大约差超估接通：:是为\ ])(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, (pattern, _) in _READERS.items())
    + ")",
    re.IGNORECASE | re.VERBOSE,
)
