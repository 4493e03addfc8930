"""The sheet of paper of the second opinion: the case read, and the few sums every city shares."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Buckets = dict[str, Decimal]
ZERO = Decimal(0)
FUNDS = ("pooled_fund", "critical_illness", "civil_servant", "assistance")

WORDS = {
    "region": "wuxi xinyu changzhou zhenjiang",
    "insurance": "employee resident",
    "benefit": "inpatient delivery outpatient outpatient_chronic civil_servant outpatient_special "
    "maternity_outpatient critical_illness special_drug assistance maternity blood out_of_area",
    "employment": "working retired",
    "hospital_level": "community 1 2 3 non_designated",
    "referral": "referred unreferred",
    "route": "local long_term hospital_referral self_referral unregistered emergency",
    "disease_class": "1 2 3",
    "delivery_mode": "natural cesarean",
    "item": "antenatal iud implant sterilization curettage pregnancy_check "
    "outpatient inpatient delivery abortion",
    "drug_group": "original new",
    "personnel": "general county prefecture",
}
AMOUNTS = (
    "expense",
    "self_paid",
    "class_b",
    "class_c",
    "bed_price",
    "personal_burden",
    "class_b_burden",
    "remaining_cash",
    "year_class2_before",
    "year_critical_before",
    "deductible",
    "account_balance",
    "year_expense_before",
    "year_fund_before",
)
COUNTS = {"age": 0, "insured_years": 0, "admission_no": 1, "bed_days": 0}
FLAGS = ("old_worker", "student", "hardship", "special_treatment", "special_procedure")
ASSUMED = {
    "self_paid": ZERO,
    "class_b": ZERO,
    "class_c": ZERO,
    "old_worker": False,
    "insured_years": 0,
    "hardship": False,
    "route": "local",
    "special_treatment": False,
    "year_class2_before": ZERO,
    "year_critical_before": ZERO,
    "account_balance": ZERO,
    "year_expense_before": ZERO,
    "year_fund_before": ZERO,
}


class InvalidCaseError(Exception):
    """The field in the message has a value that no case may have."""


class FactsMissingError(Exception):
    """The facts in the arguments are absent and may all be needed."""


class NotStatedError(Exception):
    """The documents give no figure here; the arguments are the fields that would stand in."""


class Paper:
    """A case with each field as an attribute: assumed where the contract assumes it, else None."""

    def __init__(self, case: dict[str, Any]) -> None:
        for field, value in case.items():
            setattr(self, field, _read(field, value))
        self._refuse_contradictions()

    def __getattr__(self, field: str) -> Any:  # only where the case says nothing
        return ASSUMED.get(field)

    def _refuse_contradictions(self) -> None:
        if self.expense is not None:
            if self.class_b + self.class_c > self.expense:
                raise InvalidCaseError("class_b" if self.class_b > self.expense else "class_c")
            if self.bed_days and self.bed_price and self.bed_days * self.bed_price > self.expense:
                raise InvalidCaseError("bed_price")
        if None not in (self.class_b_burden, self.personal_burden) and (
            self.class_b_burden > self.personal_burden
        ):
            raise InvalidCaseError("class_b_burden")
        if (self.region, self.insurance, self.disease_class) == ("xinyu", "resident", "3"):
            raise InvalidCaseError("disease_class")

    def need(self, *fields: str) -> None:
        absent = [field for field in fields if getattr(self, field) is None]
        if absent:
            raise FactsMissingError(*absent)


def _read(field: str, value: Any) -> Any:
    valid = False
    if field in WORDS:
        if field in ("hospital_level", "disease_class") and type(value) is int:
            value = str(value)
        valid = isinstance(value, str) and value in WORDS[field].split()
    elif field in AMOUNTS or field == "local_rate":
        places = "{1,2}" if field in AMOUNTS else "+"
        numeric = type(value) in (str, int, Decimal)
        if numeric and re.fullmatch(rf"[0-9]+(\.[0-9]{places})?", str(value)):
            value = Decimal(str(value))
            valid = value <= (1 if field == "local_rate" else 1_000_000_000)
    elif field in COUNTS:
        valid = type(value) is int and value >= COUNTS[field]
    elif field in FLAGS:
        valid = type(value) is bool
    if not valid:
        raise InvalidCaseError(field)
    return value


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def banded(start: Decimal, end: Decimal, bands: Iterable[tuple[int, str]]) -> Decimal:
    """What a fund pays from `start` to `end`; a band is (its upper edge, its rate)."""
    paid, low = ZERO, start
    for edge, rate in bands:
        high = min(end, max(low, Decimal(edge)))
        paid += cents((high - low) * Decimal(rate))
        low = high
    return paid


def capped(base: Decimal, rate: str | Decimal, room: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """(paid, borne beside it, expense beyond the cap); the last two are exact, not yet cents."""
    rate, room = Decimal(rate), max(ZERO, room)
    if base * rate > room:
        used = room / rate
        return room, used - room, base - used
    paid = cents(base * rate)
    return paid, base - paid, ZERO


def limited(base: Decimal, rate: str, room: Decimal, fund: str = "pooled_fund") -> Buckets:
    """One share under one cap, what lies beyond it left to the patient."""
    paid, borne, _ = capped(base, rate, room)
    return {fund: paid, "coinsurance": cents(borne), "over_cap": base - paid - cents(borne)}
