"""A second opinion on every settlement: each benefit as a plain if-tree, read from the documents.

Written without a look at the engine, so that the two are wrong only in different places. The trees
stand in wuxi.py, xinyu.py, changzhou.py and zhenjiang.py; their comments name the document (000 to
004) and the section. `second_opinion(case)` returns one of

    {"status": "settled", "fund_total": "12640.00", "patient_total": "2360.00",
     "buckets": {"deductible": "750.00", ...}, "alternatives": [(fund_total, patient_total), ...]}
    {"status": "need_facts", "missing": {"employment", ...}}
    {"status": "not_stated", "ask": {"deductible", ...}}
    {"status": "invalid", "field": "expense"}

`missing` holds every absent fact that the case needs whatever the other absent facts turn out to
be, and those it may need because of them; the engine may ask for fewer at a time. Empty buckets are
left out. An alternative is listed where it changes the totals and ends in a figure.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from second_opinion import changzhou, wuxi, xinyu, zhenjiang
from second_opinion.paper import (
    FUNDS,
    ZERO,
    Buckets,
    FactsMissingError,
    InvalidCaseError,
    NotStatedError,
    Paper,
)

Benefit = tuple[str, str, str]
Tree = Callable[..., Buckets]

# Each benefit with the other readings that its rule leaves open.
BENEFITS: dict[Benefit, tuple[Tree, tuple[str, ...]]] = {
    ("wuxi", "employee", "inpatient"): (
        wuxi.employee_inpatient,
        ("half replaces the repeat", "segments restart", "old worker's deductible"),
    ),
    ("wuxi", "employee", "delivery"): (wuxi.employee_delivery, ()),
    ("wuxi", "employee", "outpatient"): (wuxi.employee_outpatient, ("cap on the expense",)),
    ("wuxi", "employee", "outpatient_chronic"): (
        wuxi.employee_outpatient_chronic,
        ("cap on the expense",),
    ),
    ("wuxi", "employee", "civil_servant"): (wuxi.employee_civil_servant, ("cap on the expense",)),
    ("wuxi", "resident", "inpatient"): (
        wuxi.resident_inpatient,
        ("no pay first", "emergency unreferred"),
    ),
    ("wuxi", "resident", "delivery"): (
        wuxi.resident_delivery,
        ("no pay first", "emergency unreferred"),
    ),
    ("wuxi", "resident", "outpatient"): (wuxi.resident_outpatient, ("cap on the payment",)),
    ("wuxi", "resident", "outpatient_special"): (wuxi.resident_outpatient_special, ()),
    ("xinyu", "resident", "inpatient"): (xinyu.resident_inpatient, ()),
    ("xinyu", "resident", "outpatient_special"): (
        xinyu.resident_outpatient_special,
        ("deductible each visit", "classes pay first", "hardship waiver"),
    ),
    ("xinyu", "resident", "delivery"): (xinyu.resident_delivery, ("quota in full",)),
    ("xinyu", "employee", "inpatient"): (xinyu.employee_inpatient, ("60% first", "flat bed fee")),
    ("xinyu", "employee", "delivery"): (xinyu.employee_inpatient, ("60% first", "flat bed fee")),
    ("xinyu", "employee", "outpatient_chronic"): (
        xinyu.employee_outpatient_chronic,
        ("threshold each visit",),
    ),
    ("xinyu", "employee", "maternity_outpatient"): (xinyu.employee_maternity_outpatient, ()),
    ("changzhou", "employee", "critical_illness"): (
        changzhou.employee_critical_illness,
        ("half of the burden enters",),
    ),
    ("changzhou", "employee", "special_drug"): (changzhou.employee_special_drug, ()),
    ("changzhou", "employee", "assistance"): (changzhou.employee_assistance, ()),
    ("changzhou", "employee", "maternity"): (changzhou.employee_maternity, ()),
    ("changzhou", "employee", "blood"): (changzhou.employee_blood, ()),
    ("changzhou", "employee", "inpatient"): (changzhou.employee_inpatient, ()),
    ("zhenjiang", "employee", "out_of_area"): (zhenjiang.employee_out_of_area, ()),
    ("zhenjiang", "resident", "out_of_area"): (
        zhenjiang.resident_out_of_area,
        ("after a deductible",),
    ),
}


def second_opinion(case: dict[str, Any]) -> dict[str, Any]:
    try:
        c = Paper(case)
        c.need("region", "insurance", "benefit")
        tree, readings = BENEFITS.get((c.region, c.insurance, c.benefit), (_lacking, ()))
        buckets = tree(c)
    except InvalidCaseError as refusal:
        return {"status": "invalid", "field": str(refusal)}
    except FactsMissingError as absent:
        return {"status": "need_facts", "missing": set(absent.args)}
    except NotStatedError as gap:
        return {"status": "not_stated", "ask": set(gap.args)}
    fund, patient = _totals(c, buckets)
    buckets["self_paid"] = buckets.get("self_paid", ZERO) + c.self_paid
    return {
        "status": "settled",
        "fund_total": f"{fund:.2f}",
        "patient_total": f"{patient:.2f}",
        "buckets": {name: f"{amount:.2f}" for name, amount in buckets.items() if amount},
        "alternatives": _alternatives(c, tree, readings, fund),
    }


def _lacking(c: Paper) -> Buckets:
    raise NotStatedError


def _totals(c: Paper, buckets: Buckets) -> tuple[Decimal, Decimal]:
    total = {"critical_illness": c.personal_burden, "assistance": c.remaining_cash}.get(
        c.benefit, c.expense
    )
    assert sum(buckets.values()) == total, buckets
    fund = sum((buckets.get(name, ZERO) for name in FUNDS), ZERO)
    return fund, total + c.self_paid - fund


def _alternatives(
    c: Paper, tree: Tree, readings: tuple[str, ...], main_fund: Decimal
) -> list[tuple[str, str]]:
    others = []
    for reading in readings:
        try:
            fund, patient = _totals(c, tree(c, reading))
        except NotStatedError:
            continue
        if fund != main_fund:
            others.append((f"{fund:.2f}", f"{patient:.2f}"))
    return sorted(others)
