"""Hides numbers that identify a person, before a message is stored, echoed or logged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MASK = "***"

# Digits in groups, as 138 1234 5678; a decimal point parts amounts, not groups.
_CHAIN = re.compile(r"(?<!\d)\d+(?:[ \-_]{1,3}\d+)*(?:[ \-_]{0,3}[Xx](?![A-Za-z]))?")
_GROUP = re.compile(r"[\dXx]+")
_AMOUNT = re.compile(r"\.\d{1,2}(?!\d)|[%元块]")
_DICTATED = re.compile(r"[零〇一二三四五六七八九幺]{11,}")
_DICTATED_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_GAPS = {"Zs": " ", "Pd": "-", "Cf": "_"}
_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def mask(text: str) -> str:
    """Replace the numbers of ID cards, bank cards and mobile telephones with `MASK`.

    Amounts, dates, landlines and hotlines stay.
    """
    plain = "".join(_plain(char) if char > "\x7f" else char for char in text)
    plain = _DICTATED.sub(lambda match: match[0].translate(_DICTATED_DIGITS), plain)
    for chain in reversed(list(_CHAIN.finditer(plain))):
        if not _AMOUNT.match(plain, chain.end()):
            for start, end in reversed(_private(chain)):
                text = text[:start] + MASK + text[end:]
    return text


def _plain(char: str) -> str:
    """One for one: digits of any script, X, and what may stand between groups, as ASCII."""
    gap = _GAPS.get(unicodedata.category(char))
    if gap:
        return gap
    return str(unicodedata.decimal(char, "X" if char in "Ｘｘ" else char))


def _private(chain: re.Match[str]) -> list[tuple[int, int]]:
    """Where numbers of persons stand in a chain of digit groups, the longest first taken."""
    groups = [(m.start(), m.end(), m[0]) for m in _GROUP.finditer(chain[0])]
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(groups):
        for end in range(len(groups), at, -1):
            if _identifies([digits for _, _, digits in groups[at:end]]):
                found.append((chain.start() + groups[at][0], chain.start() + groups[end - 1][1]))
                at = end - 1
                break
        at += 1
    return found


def _identifies(groups: Sequence[str]) -> bool:
    """Whether the groups together are a person's number, grouped as people group it."""
    digits, sizes = "".join(groups).upper(), [len(group) for group in groups]
    whole = len(groups) == 1 or set(sizes) == {1}
    if _MOBILE.fullmatch(digits):
        return whole or sizes[0] in (2, 3, 7) or groups[0] in ("86", "0086")
    if "X" in digits[:-1]:
        return False
    if len(digits) == 18 and _is_id_card(digits):
        return True
    if "X" in digits:
        return len(digits) == 18
    if len(digits) in (15, 18) and (whole or sizes[0] == 6):
        return True
    if 16 <= len(digits) <= 19:
        return whole or set(sizes[:-1]) == {4} or sizes[0] == 6
    return whole and len(digits) in (13, 14) and _passes_luhn(digits)


def _is_id_card(digits: str) -> bool:
    total = sum(w * int(d) for w, d in zip(_ID_WEIGHTS, digits[:17], strict=True))
    return _ID_CHECKS[total % 11] == digits[17]


def _passes_luhn(digits: str) -> bool:
    doubled = (2 * int(d) if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
