"""A year of one patient: several visits folded in order.

What a visit leaves behind (admissions, expense, what funds have paid, the personal account) is
what the next one starts from. A visit that states such a counter itself is taken at its word,
and the year goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tools.settlement import case as cases
from tools.settlement import policy
from tools.settlement.case import Case, InvalidCase
from tools.settlement.engine import settle
from tools.settlement.facts import Value
from tools.settlement.ledger import ZERO
from tools.settlement.result import BUCKETS, ClauseText, Settlement, money
from tools.settlement.scheme import Benefit, Schemes, schemes


@dataclass(frozen=True, slots=True)
class Year:
    """The visits of a year; the totals are None unless every visit is settled."""

    visits: tuple[Settlement, ...]
    total: Decimal | None
    fund_total: Decimal | None
    patient_total: Decimal | None
    buckets: Mapping[str, Decimal]

    def to_json(self, clauses: Mapping[str, ClauseText] | None = None) -> dict[str, Any]:
        """The year as JSON; arguments as `Settlement.to_json`."""
        return {
            "visits": [visit.to_json(clauses) for visit in self.visits],
            "total": money(self.total),
            "fund_total": money(self.fund_total),
            "patient_total": money(self.patient_total),
            "buckets": {name: money(amount) for name, amount in self.buckets.items()},
        }


@dataclass(slots=True)
class _Counters:
    """What the visits of one scheme have added up to."""

    used: dict[str, Decimal] = field(default_factory=dict)
    admissions: int = 0
    account: Decimal | None = None
    unsettled: list[int] = field(default_factory=list)
    """Visits (from 1) that are not settled and so are not in the counters."""


def settle_year(visits: Sequence[Mapping[str, object]], known: Schemes | None = None) -> Year:
    """Settle the visits of one patient in their order, each a case as for `settle`.

    Raises:
        InvalidCase: a visit can't be right; the field begins with the visit's number.
    """
    known = schemes() if known is None else known
    if not isinstance(visits, Sequence) or isinstance(visits, str):
        raise InvalidCase("visits", "一年的就诊要写成一个列表")
    counters: dict[tuple[str, str], _Counters] = {}
    settled = []
    for number, visit in enumerate(visits, 1):
        try:
            case = cases.parse(visit, known)
            scheme = counters.setdefault((case.region, case.insurance), _Counters())
            settled.append(_visit(case, number, scheme, known))
        except InvalidCase as error:
            raise InvalidCase(f"{number}.{error.field}", error.reason) from error
    return _sum(settled)


def _visit(case: Case, number: int, counters: _Counters, known: Schemes) -> Settlement:
    scheme = known.get((case.region, case.insurance))
    benefit = scheme.benefits.get(case.benefit) if scheme else None
    carried = _carried(benefit, counters) if benefit and number > 1 else {}
    facts = {**carried, **case.facts}
    words = {"region": case.region, "insurance": case.insurance, "benefit": case.benefit}
    result = settle({**{name: word for name, word in words.items() if word}, **facts}, known)
    warnings = tuple(
        f"第 {each} 次就诊没有算出金额，它用掉的额度没有计入这一次" for each in counters.unsettled
    )
    if benefit:
        _count(result, facts, number, benefit, counters)
    return replace(result, warnings=result.warnings + warnings)


def _carried(benefit: Benefit, counters: _Counters) -> dict[str, Value]:
    """What the visits before mean for this one, as facts."""
    carried: dict[str, Value] = {
        fact: counters.used.get(key, ZERO) for fact, key in _keys(benefit).items()
    }
    if _is_admission(benefit):
        carried["admission_no"] = counters.admissions + 1
    if counters.account is not None and "account_balance" in benefit.facts:
        carried["account_balance"] = counters.account
    return carried


def _count(
    result: Settlement,
    facts: Mapping[str, Value],
    number: int,
    benefit: Benefit,
    counters: _Counters,
) -> None:
    """Add a visit to the counters."""
    if _is_admission(benefit):
        stated = facts.get("admission_no")
        counters.admissions = stated if isinstance(stated, int) else counters.admissions + 1
    if result.status != "settled":
        counters.unsettled.append(number)
        return
    settled_by = set(_caps(benefit, benefit.steps).values())
    for fact, key in _keys(benefit).items():
        if fact == "year_expense_before":
            added = result.usage[fact]
        elif key in settled_by:
            added = result.usage.get(key, ZERO)
        else:  # a cap of an alternative reading is used up by what was in fact paid
            added = result.fund_total or ZERO
        counters.used[key] = Decimal(facts.get(fact, ZERO)) + added
    balance = facts.get("account_balance")
    if isinstance(balance, Decimal) and "account_balance" in benefit.facts:
        counters.account = balance - result.usage["account_balance"]


def _keys(benefit: Benefit) -> dict[str, str]:
    """The year's facts that a benefit uses, and the counter behind each."""
    others = tuple(step for steps in benefit.variants.values() for step in steps)
    keys = _caps(benefit, benefit.steps + others)
    if "year_expense_before" in benefit.facts:
        keys["year_expense_before"] = f"year_expense_before:{benefit.id}"
    return keys


def _caps(benefit: Benefit, steps: Sequence[policy.AnyStep]) -> dict[str, str]:
    """The facts that say how much of a cap is used up, and the counters behind them."""
    return {cap.used: cap.counter(benefit.id) for step in steps for cap in step.limits}


def _is_admission(benefit: Benefit) -> bool:
    return any(step.counts_admissions for step in benefit.steps)


def _sum(visits: Sequence[Settlement]) -> Year:
    if any(visit.status != "settled" for visit in visits):
        return Year(tuple(visits), None, None, None, {})
    total = sum((visit.total or ZERO for visit in visits), ZERO)
    fund = sum((visit.fund_total or ZERO for visit in visits), ZERO)
    buckets = {
        name: sum((visit.buckets.get(name, ZERO) for visit in visits), ZERO) for name in BUCKETS
    }
    filled = {name: amount for name, amount in buckets.items() if amount}
    return Year(tuple(visits), total, fund, total - fund, filled)
