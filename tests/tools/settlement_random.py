"""Random cases of the product's policies, and random policies, for the property tests.

Everything is drawn from one `random.Random`, which hypothesis seeds: thousands of cases a property
stay quick, and a failing seed is a case one can repeat.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any

from tools.settlement import FACTS, policy, schemes, tables
from tools.settlement.scheme import Benefit, Scheme, Schemes, build

Case = dict[str, Any]
Table = list[dict[str, Any]]

CENT = Decimal("0.01")
CITE = "region/paper#clause"

BENEFITS = [(s, b) for s in schemes().values() for b in s.benefits.values() if b.steps]


def boundaries(benefit: Benefit) -> list[Decimal]:
    """The amounts at which a benefit's rules change, as far as they stand in the file."""
    found = {Decimal(0)}
    for step in benefit.steps:
        for part in step.parts:
            if isinstance(part, tables.AmountRow):
                found.add(part.figure)
            if isinstance(part, tables.ShareRow):
                found |= {t.upto for t in part.terms if isinstance(t.upto, Decimal)}
    return sorted(found)


def amount(dice: Random, near: list[Decimal], most: int = 500_000) -> Decimal:
    """An amount in cents: anything, or within a cent of a sum of two boundaries."""
    if dice.random() < 0.5:
        return cents(dice, most)
    sum_of_two = dice.choice(near) + dice.choice(near)
    return max(Decimal(0), sum_of_two + dice.randint(-1, 1) * CENT)


def cents(dice: Random, most: int) -> Decimal:
    """Any amount up to so many yuan."""
    return Decimal(dice.randint(0, most * 100)) / 100


def case(dice: Random) -> Case:
    """A case of some benefit that states every fact the benefit can use."""
    return case_of(dice, *dice.choice(BENEFITS))


def case_of(dice: Random, scheme: Scheme, benefit: Benefit) -> Case:
    """A case of this benefit."""
    near = boundaries(benefit)
    words = {"region": scheme.region, "insurance": scheme.insurance, "benefit": benefit.id}
    drawn: Case = words | {name: _value(dice, name, scheme, near) for name in benefit.facts}
    whole = drawn[benefit.base] = amount(dice, near)
    for part in {"class_b", "class_c", "class_b_burden"} & set(drawn):
        drawn[part] = (whole * dice.randint(0, 50) / 100).quantize(CENT, ROUND_DOWN)
    if "bed_days" in drawn:
        days = drawn["bed_days"] = dice.randint(0, 20)
        fair = (whole / (days + 1)).quantize(CENT, ROUND_DOWN)
        drawn["bed_price"] = min(fair, Decimal(dice.randint(0, 90)))
    return drawn


def _value(dice: Random, name: str, scheme: Scheme, near: list[Decimal]) -> Any:
    fact = FACTS[name]
    match fact.kind:
        case "integer":
            return dice.randint(55, 85) if name == "age" else dice.randint(max(fact.least, 0), 9)
        case "rate":
            return Decimal(dice.randint(0, 100)) / 100
        case "amount":
            return Decimal(0) if dice.random() < 0.5 else amount(dice, near, most=20_000)
        case _:
            return dice.choice(list(scheme.labels(name)))


def schemes_at_random(dice: Random) -> Schemes:
    """One scheme with one benefit of random steps, tables and figures."""
    steps: list[dict[str, Any]] = []
    if dice.random() < 0.5:
        steps.append({"kind": "account"})
    if dice.random() < 0.5:
        bucket = dice.choice(["over_limit", "over_cap"])
        steps.append({"kind": "limit", "rows": _amounts(dice, 5_000), "bucket": bucket})
    if dice.random() < 0.5:
        steps.append({"kind": "pay_first", "rows": _table(dice, lambda: {"patient": _rate(dice)})})
    if dice.random() < 0.5:
        steps.append(_deductible(dice))
    last = [{"kind": "quota", "rows": _amounts(dice, 3_000)}]
    steps += last if dice.random() < 0.2 else _layers(dice)
    benefit = {"name": "测试", "steps": [{"cite": CITE, **step} for step in steps]}
    file = {
        "region": "region",
        "region_name": "某地",
        "insurance": "employee",
        "name": "某地职工医保",
        "as_of": "unknown",
        "benefits": {"benefit": benefit},
    }
    return Schemes([build(policy.PolicyFile.model_validate(file), "random.toml")])


def _rate(dice: Random) -> Decimal:
    return Decimal(dice.randint(0, 100)) / 100


def _table(dice: Random, row: Any) -> Table:
    """A complete table: for everybody, or split by one fact."""
    cut = dice.randint(56, 80)
    splits: list[Table] = [
        [{}],
        [{"employment": "working"}, {"employment": "retired"}],
        [{"hospital_level": ["community", "1"]}, {"hospital_level": ["2", "3", "non_designated"]}],
        [{"age": {"below": cut}}, {"age": {"from": cut, "below": 82}}, {"age": {"from": 82}}],
    ]
    return [{"when": when, **row()} for when in dice.choice(splits)]


def _amounts(dice: Random, most: int) -> Table:
    return _table(dice, lambda: {"amount": cents(dice, most)})


def _deductible(dice: Random) -> dict[str, Any]:
    changes: Table = [
        {"when": {"admission_no": {"from": 2}}, "times": _rate(dice)},
        {"less_per_further_admission": dice.randint(0, 300)},
        {"at_least": dice.randint(0, 100)},
    ]
    return {
        "kind": "deductible",
        "rows": _amounts(dice, 2_000),
        "adjust": dice.sample(changes, dice.randint(0, 3)),
        "per": dice.choice(["visit", "year"]),
    }


def _shares(dice: Random) -> Table:
    """Flat or by segments."""

    def row() -> dict[str, Any]:
        bounds = sorted({dice.randint(1, 60_000) for _ in range(dice.randint(0, 3))})
        if not bounds:
            return {"fund": _rate(dice)}
        parts = [{"upto": bound, "patient": _rate(dice)} for bound in bounds]
        return {"segments": [*parts, {"fund": _rate(dice)}]}

    return _table(dice, row)


def _layers(dice: Random) -> list[dict[str, Any]]:
    """A share, perhaps capped, perhaps with a second layer above the cap."""
    runs_on = dice.choice(["year", "visit"])
    first: dict[str, Any] = {"kind": "share", "rows": _shares(dice), "runs_on": runs_on}
    cap = {"cite": CITE, "rows": _amounts(dice, 20_000)}
    match dice.randint(0, 3):
        case 0:
            return [first]
        case 1:
            return [first | {"caps": [cap]}]
    second: dict[str, Any] = {"kind": "share", "rows": _shares(dice), "runs_on": "layer"}
    second["bucket"] = "critical_illness"
    if dice.random() < 0.5:
        used = {"cite": CITE, "used": "year_critical_before"}
        second["caps"] = [used | {"rows": _amounts(dice, 9_000)}]
    return [first | {"caps": [cap | {"beyond": "next_step"}]}, second]
