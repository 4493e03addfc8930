"""Figures in Chinese text: numbers with their units, telephones, web addresses.

The same figure is written in many ways (20万元, 200,000 元, ２０ 万; 三个月, 3 个月); two writings
of one figure match::

    >>> a, b = figures("最高20万元，三个月内办理")
    >>> a.value, a.unit, b.value, b.unit
    (Decimal('200000'), '元', Decimal('3'), '月')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_UNITS = {
    "个百分点": "百分点",
    "百分点": "百分点",
    "个工作日": "工作日",
    "工作日": "工作日",
    "小时": "小时",
    "周岁": "岁",
    "周年": "年",
    "个月": "月",
    "%": "%",
    "元": "元",
    "年": "年",
    "月": "月",
    "日": "天",
    "天": "天",
    "岁": "岁",
    "级": "级",
    "种": "种",
    "张": "张",
    "份": "份",
    "寸": "寸",
    "次": "次",
    "号": "号",
    "楼": "楼",
    "类": "类",
    "家": "家",
}
_UNIT = "|".join(map(re.escape, _UNITS))
_MULTIPLIERS = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WIDTHS = str.maketrans("０１２３４５６７８９％．，（）", "0123456789%.,()")

_PATTERN = re.compile(
    r"(?P<address>https?:/+[\w./-]+|(?:\d{1,3}\.){3}\d{1,3}|\b(?:[a-z0-9-]+\.)+(?:cn|com)\b)"
    r"|(?P<telephone>(?<!\d)0\d{2,3}\s*[-—–]\s*\d{5,8}(?!\d))"
    r"|(?<![\d第])(?<!第\s)(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<multiplier>[千万亿])?\s*"
    r"(?P<unit>" + _UNIT + ")?"
    r"|(?<!第)(?P<spelled>[一二两三四五六七八九十百]+)(?P<spelled_unit>" + _UNIT + ")",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text."""

    value: Decimal | str
    """The number; a telephone as ``area-number``, a web address without ``http://``."""
    unit: str
    """元, %, 月, 天 …; empty where none is written next to it."""
    written: str
    """As the text writes it."""
    start: int
    """Offset in the text."""
    spelled: bool = False
    """Written in Chinese numerals."""

    def matches(self, other: Figure) -> bool:
        """The same figure; a missing unit (a table's cell) agrees with any."""
        return self.value == other.value and (
            self.unit == other.unit or not self.unit or not other.unit
        )


def figures(text: str) -> Iterator[Figure]:
    """Every figure of a text, in order.

    Chinese numerals count where a unit follows (三个月), not as words (一般) or ordinals (第二).
    """
    for match in _PATTERN.finditer(text.translate(_WIDTHS)):
        written = text[match.start() : match.end()].strip()
        if match["address"]:
            address = re.sub(r"^https?:/+", "", match["address"]).rstrip("./")
            yield Figure(address, "", written, match.start())
        elif match["telephone"]:
            telephone = re.sub(r"\s*[-—–]\s*", "-", match["telephone"])
            yield Figure(telephone, "", written, match.start())
        elif match["number"]:
            number = Decimal(match["number"].replace(",", ""))
            value = number * _MULTIPLIERS[match["multiplier"] or ""]
            yield Figure(value, _UNITS.get(match["unit"], ""), written, match.start())
        else:
            value = Decimal(_read(match["spelled"]))
            yield Figure(value, _UNITS[match["spelled_unit"]], written, match.start(), spelled=True)


def _read(numeral: str) -> int:
    """A Chinese numeral below a thousand: 十一, 三十, 两百."""
    total = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += max(digit, 1) * (100 if character == "百" else 10)
            digit = 0
    return total + digit
