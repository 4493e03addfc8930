"""Small whole numbers as people write them: 70, 七十, 两."""

from __future__ import annotations

NUMERAL = r"[0-9]{1,3}|[零一二两三四五六七八九十百]{1,5}"

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100}


def integer(numeral: str) -> int:
    """Return the value of a match of `NUMERAL`.

    >>> integer("七十二"), integer("70"), integer("两"), integer("一百零五")
    (72, 70, 2, 105)
    """
    if numeral.isdigit() and numeral.isascii():
        return int(numeral)
    total, digit = 0, 0
    for char in numeral:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
