"""Figures of a text by their value, however they are written.

This is the evals' own reading, on purpose not shared with the product: a product that misreads a
figure must not be judged by the same misreading. 12,640.00 = 12640 = 1.264万 = 一万二千六百四十;
88% = ８８％ = 百分之八十八; 七成 = 70%; 3千8 = 3800; a telephone keeps its digits.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}

_NUMBER = r"\d+(?:\.\d+)?"
_CHINESE = "零〇○一二两三四五六七八九"
_RUN = re.compile(
    r"(?P<url>https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9./%?=&#_-]*)?)"
    r"|(?P<tel>(?<!\d)0\d{2,3}\s?[-—–]+\s?\d{7,8}(?!\d))"
    r"|(?P<long>(?<!\d)\d{11,}[Xx]?)"
    rf"|(?P<hundredths>百分之\s?(?P<share>(?:{_NUMBER}|[{_CHINESE}十百点])+))"
    rf"|(?P<run>(?:{_NUMBER}|[{_CHINESE}十])"
    rf"(?:\s?[十百千万亿]|[{_CHINESE}]|(?<=[十百千万亿]){_NUMBER})*)"
    r"\s?(?P<after>%|个?百分点|成(?=[^为了本立人员功]|$)五?)?"
)
_PIECE = re.compile(rf"{_NUMBER}|.", re.DOTALL)
_HALF_MYRIAD = re.compile(rf"(?<=[\d{_CHINESE}十])万半")


class Figure(NamedTuple):
    """A figure's kind (``number``, ``percent``, ``tel``, ``url``, ``long``) and its value."""

    kind: str
    value: str
    explicit: bool = True
    """False for a lone Chinese digit (一种, 三级), which states no figure but may prove one."""

    @property
    def shown(self) -> str:
        """As a person writes it."""
        return f"{self.value}%" if self.kind == "percent" else self.value

    @property
    def key(self) -> tuple[str, str]:
        """What makes two figures the same."""
        return self.kind, self.value


def figures(text: str) -> list[Figure]:
    """Every figure of a text, in its order."""
    text = _plain(text)
    return [figure for match in _RUN.finditer(text) for figure in _figures_of(match)]


def values(text: str) -> set[tuple[str, str]]:
    """The keys of every figure of a text."""
    return {figure.key for figure in figures(text)}


def _plain(text: str) -> str:
    # Circled digits number a list; normalising would turn them into figures.
    text = re.sub(r"[①-⑳⑴-⒇]", " ", text)
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return _HALF_MYRIAD.sub("万五", text)


def _figures_of(match: re.Match[str]) -> list[Figure]:
    for kind in ("url", "tel", "long"):
        if match[kind]:
            return [Figure(kind, re.sub(r"[\s—–-]", "", match[kind]).rstrip("/"))]
    if match["hundredths"]:
        return [Figure("percent", _text(_value(match["share"].replace("点", "."))))]
    run, after = match["run"].replace(" ", ""), match["after"] or ""
    explicit = bool(re.search(r"\d|[十百千万亿]", run)) or bool(after)
    if after.startswith("成"):
        tenths = _value(run) * 10 + (5 if after.endswith("五") else 0)
        return [Figure("percent", _text(tenths))]
    return [Figure("percent" if after else "number", _text(_value(run)), explicit)]


def _value(run: str) -> Decimal:
    """The value of a run of digits and units; ``1万5`` and ``两千八`` leave out their last unit."""
    if "." in run and not re.search(r"\d", run):
        whole, _, part = run.partition(".")
        return _value(whole) + Decimal("0." + "".join(str(_DIGITS[c]) for c in part))
    total = section = Decimal(0)
    number: Decimal | None = None
    last_unit = 1
    for piece in _PIECE.findall(run):
        if piece in _UNITS:
            section += (1 if number is None else number) * _UNITS[piece]
            number, last_unit = None, _UNITS[piece]
        elif piece in _MYRIADS:
            total += (section + (number or 0)) * _MYRIADS[piece]
            section, number, last_unit = Decimal(0), None, _MYRIADS[piece]
        elif piece in "零〇○" and number is None:
            last_unit = 1
        elif piece in _DIGITS:
            digit = Decimal(_DIGITS[piece])
            number = digit if number is None else number * 10 + digit
        else:
            try:
                number = Decimal(piece)
            except InvalidOperation:  # a point with nothing before it, an address of digits
                number = None
    if number is not None and last_unit > 10 and number < 10 and number == int(number):
        number *= last_unit // 10
    return total + section + (number or 0)


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")
