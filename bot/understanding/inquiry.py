"""What a patient asks: where, in which scheme, what for, in which case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.understanding.facts import FactValue
from bot.understanding.known import Known
from bot.understanding.topics import Intent

_AWAY = re.compile(r"异地|外地|外省|省外|跨省|市外|转外|外面|出省|在外|省内其他|别的城市|转院")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked, all that is known counted in."""

    text: str
    """Words to search for: the message, or the question it follows up and the message."""
    message: str
    intent: Intent
    kinds: tuple[str, ...]
    benefit: str | None
    region: str | None
    elsewhere: str | None
    visits: str | None
    county: str | None
    insurance: str | None
    facts: Mapping[str, FactValue]
    unknown: frozenset[str]
    several: Mapping[str, tuple[FactValue, ...]]
    """Facts, ``insurance``, ``benefit``, ``region`` or ``away`` with values to be compared."""
    away: bool
    """Care is outside the place of insurance."""
    reach: str = ""
    """``省内`` or ``跨省``, where the place of care is known."""
    context: str = ""
    """The question before, which a short one may lean on."""
    subject: str = ""
    """What the question is about beside all that is understood; empty in "起付线多少"."""
    unclear_amounts: tuple[str, ...] = ()
    approximate: bool = False
    passed: tuple[Decimal, ...] = ()
    """Sums in yuan above which something is asked."""
    each: tuple[tuple[str, Inquiry], ...] = ()
    """Persons with bills of their own, and the question of each."""
    known: Known = field(default_factory=Known)
    """What to keep."""


def speaks_of_care_elsewhere(text: str) -> bool:
    """Whether care outside the place of insurance is spoken of."""
    return bool(_AWAY.search(text))
