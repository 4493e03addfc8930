"""Chinese names of what a patient is told: schemes, facts, amounts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tools.settlement import FACTS, schemes

INSURANCES: Mapping[str, str] = {"employee": "职工医保", "resident": "居民医保"}


def labels(region: str | None, insurance: str | None, fact: str) -> Mapping[Any, str]:
    """Return the names of a fact's values, the scheme's own where it has some."""
    scheme = schemes().get((region or "", insurance or ""))
    if fact == "insurance":
        return INSURANCES
    if fact == "region":
        return {place: content.region_name for (place, _), content in schemes().items()}
    if fact == "benefit":
        return {b.id: b.name for b in scheme.benefits.values()} if scheme else {}
    if fact not in FACTS:
        return {}
    return scheme.labels(fact) if scheme else FACTS[fact].values


def yuan(amount: Decimal | str | None) -> str:
    """Write an amount with thousands separators and two decimals.

    >>> yuan("12640")
    '12,640.00'
    """
    return f"{Decimal(amount or 0):,.2f}"
