"""Figures in a clause's text, in whatever writing: 10%, 百分之十, 5万, 20 万元, 5,000, 减半."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_DIGIT = "零〇一二两三四五六七八九"
_NUMERAL = rf"(?:[{_DIGIT}][{_DIGIT}十百千万]*|十[{_DIGIT}]?)"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
_ARABIC = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|个百分点|万|千|百)?")
_CHINESE = re.compile(
    rf"百分之(?P<share>{_NUMERAL})|(?P<parts>[{_DIGIT}])分之(?P<part>[{_DIGIT}])"
    rf"|(?P<number>{_NUMERAL})"
)
_HALF = re.compile("减半|一半")
_WHOLE = re.compile("全额|全部")
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a text."""

    numbers: frozenset[Decimal]
    """Plain numbers and amounts in yuan."""
    shares: frozenset[Decimal]
    """Percentages and fractions; 12% is 0.12."""

    def __or__(self, other: Figures) -> Figures:
        return Figures(self.numbers | other.numbers, self.shares | other.shares)


NONE = Figures(frozenset(), frozenset())


def read(text: str, *, numerals: bool = True) -> Figures:
    """Every figure that stands in a text; without ``numerals``, only those in digits."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text.translate(_FULL_WIDTH))
    numbers: set[Decimal] = set()
    shares: set[Decimal] = set()
    for match in _ARABIC.finditer(text):
        number, unit = Decimal(match["number"]), match["unit"]
        if unit in ("%", "个百分点"):
            shares.add(number * _HUNDREDTH)
        else:
            numbers.add(number * {"万": 10000, "千": 1000, "百": 100}.get(unit, 1))
    for match in _CHINESE.finditer(_ARABIC.sub(" ", text)) if numerals else ():
        if match["share"]:
            shares.add(_chinese(match["share"]) * _HUNDREDTH)
        elif match["parts"]:
            shares.add(_chinese(match["part"]) / _chinese(match["parts"]))
        else:
            numbers.add(_chinese(match["number"]))
    if _HALF.search(text):
        shares.add(Decimal("0.5"))
    if _WHOLE.search(text):
        shares.add(Decimal(1))
    return Figures(frozenset(numbers), frozenset(shares))


def _chinese(numeral: str) -> Decimal:
    """A number in Chinese numerals, such as 二十五 or 一万两千."""
    above, _, below = numeral.rpartition("万")
    if above:
        return _chinese(above) * 10000 + _chinese(below or "零")
    total = digit = 0
    for character in below:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return Decimal(total + digit)
