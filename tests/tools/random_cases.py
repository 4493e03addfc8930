"""Cases for every benefit, drawn from one seed, crowded where a rule turns.

`random_case(rng, benefit)` draws one case; `INVALID_CASES` lists cases that must be refused, with
the field that the refusal must name.
"""

from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

Benefit = tuple[str, str, str]
Case = dict[str, Any]

ZERO, CENT = Decimal(0), Decimal("0.01")
CHOICES: dict[str, list[Any]] = {
    "employment": ["working", "retired"],
    "old_worker": [True, False, False],
    "student": [True, False],
    "hardship": [True, False],
    "special_treatment": [True, False, False],
    "special_procedure": [True, False],
    "referral": ["referred", "referred", "unreferred"],
    "route": [
        *["local"] * 3,
        *["long_term", "hospital_referral", "self_referral", "unregistered", "emergency"],
    ],
    "hospital_level": ["community", "1", 1, "2", "2", 2, 2, "3", 3, 3, "non_designated"],
    "disease_class": ["1", 1, "2", 2, "3"],
    "delivery_mode": ["natural", "cesarean"],
    "drug_group": ["original", "new"],
    "personnel": ["general", "county", "prefecture"],
    "age": [0, 30, 69, 70, 71, 95],
    "insured_years": [0, 4, 5, 20],
    "admission_no": [1, 1, 2, 3, 4, 8, 30],
    "bed_days": [0, 1, 3, 10],
    "bed_price": [0, "14.99", 15, "15.01", 20, "20.01", "29.99", 30, "30.01", 50, 51, 70, "71.5"],
    "item": [
        *["antenatal", "iud", "implant", "sterilization", "curettage", "pregnancy_check"],
        *["outpatient", "inpatient", "delivery", "abortion"],
    ],
    "local_rate": ["0", "0.05", "0.1", "0.5", "0.65", "0.8", "0.85", "0.875", "1", 1],
    "deductible": [0, "0.01", 100, 375, 600, "799.99", 1200, 5000],
    "account_balance": [0, "0.01", 300, 999, 5000],
    "year_class2_before": [0, 100, "4999.99", 5000, 6000],
    "year_critical_before": [0, 1000, "299999.99", 300000],
    "self_paid": [0, "0.01", 321],
}
# How often a fact is said; every other one is said nearly always.
RARELY = {
    "old_worker": 0.3,
    "special_treatment": 0.4,
    "hardship": 0.5,
    "route": 0.5,
    "deductible": 0.35,
    "personnel": 0.8,
    "admission_no": 0.6,
    "account_balance": 0.3,
    "self_paid": 0.15,
    "year_expense_before": 0.3,
    "year_fund_before": 0.3,
    "year_class2_before": 0.4,
    "year_critical_before": 0.3,
    "class_b": 0.4,
    "class_c": 0.4,
}
YEAR = "self_paid year_expense_before year_fund_before"
INPATIENT = f"route deductible {YEAR}"
# The facts a benefit may look at (named twice: drawn twice, so there more often), and the amounts,
# of expense or of payment, where it turns.
BENEFITS: dict[Benefit, tuple[str, list[int]]] = {
    ("wuxi", "employee", "inpatient"): (
        f"employment hospital_level admission_no old_worker special_treatment {INPATIENT}",
        [750, 600, 375, 10_000, 40_000],
    ),
    ("wuxi", "employee", "delivery"): ("employment hospital_level delivery_mode", [3000]),
    ("wuxi", "employee", "outpatient"): (
        f"employment referral route account_balance {YEAR}",
        [5000, 6000],
    ),
    ("wuxi", "employee", "outpatient_chronic"): (
        f"age route account_balance {YEAR}",
        [800, 600, 3500, 4000],
    ),
    ("wuxi", "employee", "civil_servant"): (
        f"employment route account_balance {YEAR}",
        [3000, 4000],
    ),
    ("wuxi", "resident", "inpatient"): (
        f"hospital_level referral student insured_years {INPATIENT}",
        [200, 300, 600, 1200, 200_000, 250_000],
    ),
    ("wuxi", "resident", "delivery"): (
        f"hospital_level referral student insured_years {INPATIENT}",
        [200, 600, 1200, 3000, 200_000],
    ),
    ("wuxi", "resident", "outpatient"): (f"hospital_level referral route {YEAR}", [1000]),
    ("wuxi", "resident", "outpatient_special"): (
        f"insured_years hospital_level {YEAR}",
        [200_000, 250_000],
    ),
    ("xinyu", "resident", "inpatient"): (
        f"hospital_level hardship class_b class_c {INPATIENT}",
        [100, 400, 600, 800, 100_000],
    ),
    ("xinyu", "resident", "outpatient_special"): (
        "hospital_level disease_class hardship class_b class_c year_class2_before route "
        f"deductible {YEAR}",
        [100, 400, 600, 800, 5000, 100_000],
    ),
    ("xinyu", "resident", "delivery"): ("delivery_mode route self_paid", [900, 2640]),
    ("xinyu", "employee", "inpatient"): (
        "employment hospital_level admission_no class_b class_c bed_days bed_price personnel "
        f"year_critical_before {INPATIENT}",
        [300, 500, 700, 100, 100_000, 300_000],
    ),
    ("xinyu", "employee", "delivery"): (
        "employment hospital_level admission_no class_b class_c bed_days bed_price personnel "
        f"{INPATIENT}",
        [300, 500, 700, 100],
    ),
    ("xinyu", "employee", "outpatient_chronic"): (
        f"disease_class route account_balance year_critical_before {YEAR}",
        [700, 1000, 100_000, 300_000],
    ),
    ("xinyu", "employee", "maternity_outpatient"): (
        "item route self_paid",
        [660, 60, 400, 300, 15],
    ),
    ("changzhou", "employee", "critical_illness"): (
        "personal_burden class_b_burden hardship route self_paid",
        [20_000, 40_000, 50_000, 100_000, 200_000],
    ),
    ("changzhou", "employee", "special_drug"): ("drug_group route self_paid", [10_000]),
    ("changzhou", "employee", "assistance"): (
        f"item remaining_cash {INPATIENT}",
        [500, 1000, 125_000],
    ),
    ("changzhou", "employee", "maternity"): ("item hospital_level route self_paid", [1000, 4200]),
    ("changzhou", "employee", "blood"): ("local_rate route self_paid", [1000]),
    ("changzhou", "employee", "inpatient"): (
        f"local_rate deductible deductible {INPATIENT}",
        [100, 1200, 150_000],
    ),
    ("zhenjiang", "employee", "out_of_area"): (
        "special_procedure local_rate route deductible deductible deductible self_paid",
        [100, 1200],
    ),
    ("zhenjiang", "resident", "out_of_area"): (
        "special_procedure local_rate route deductible self_paid",
        [100, 1200],
    ),
}
ITEMS = {
    "maternity_outpatient": [
        "antenatal",
        "iud",
        "implant",
        "sterilization",
        "curettage",
        "pregnancy_check",
    ],
    "assistance": ["outpatient", "inpatient"],
    "maternity": ["antenatal", "delivery", "abortion"],
}
SHARES = [Decimal(share) / 1000 for share in (1000, 980, 950, 900, 850, 800, 750, 700, 650, 600)]
SMALLER_SHARES = [Decimal(share) / 1000 for share in (500, 400, 375, 325, 550, 275)]


def random_case(rng: Random, benefit: Benefit) -> Case:
    """A valid case of `benefit` in which any fact may be absent."""
    names, edges = BENEFITS[benefit]
    fields = names.split()
    if not {"personal_burden", "remaining_cash"} & set(fields):
        fields.insert(0, "expense")
    case: Case = dict(zip(("region", "insurance", "benefit"), benefit, strict=True))
    for field in fields:
        if rng.random() < RARELY.get(field, 0.94):
            case[field] = _value(rng, field, case, edges)
    if rng.random() < 0.3:
        case.pop("bed_days", None)
        case.pop("bed_price", None)
    if rng.random() < 0.1:  # a fact that this benefit may not use
        field = rng.choice(sorted(CHOICES))
        case.setdefault(field, rng.choice(CHOICES[field]))
    _settle_contradictions(case)
    entries = list(case.items())
    rng.shuffle(entries)
    return dict(entries)


def _value(rng: Random, field: str, case: Case, edges: list[int]) -> Any:
    if field == "item":
        own = ITEMS[case["benefit"]]
        return rng.choice(own if rng.random() < 0.95 else CHOICES["item"])
    if field in CHOICES:
        return rng.choice(CHOICES[field])
    if field in ("class_b", "class_c", "class_b_burden"):
        whole = case.get("personal_burden" if field == "class_b_burden" else "expense", 1000)
        return _part(rng, Decimal(whole), edges)
    if field == "year_fund_before":  # at times just below a cap
        near_cap = max(ZERO, rng.choice(edges) - Decimal(rng.choice([0, 1, 2, 5000])) * CENT)
        return str(rng.choice([near_cap, _cents(near_cap * rng.choice(SHARES)), Decimal(0)]))
    return _amount(rng, edges)


def _part(rng: Random, whole: Decimal, edges: list[int]) -> str:
    near_edge = _cents(rng.choice(edges) + rng.choice([-1, 0, 1]) * CENT)
    share = _cents(whole * Decimal(rng.randint(0, 50)) / 100)
    return str(min(near_edge, whole) if rng.random() < 0.3 else min(share, whole))


def _amount(rng: Random, edges: list[int]) -> str | int:
    """Mostly near an edge: of the expense, of what it pays (edge ÷ share), behind a deductible."""
    kind = rng.random()
    if kind < 0.08:
        return rng.choice([0, "0.01", "0.05", "0.50", 1, 1_000_000_000, "999999999.99"])
    if kind < 0.2:
        return str(_cents(Decimal(10) ** rng.randint(0, 6) * Decimal(rng.random())))
    edge = Decimal(rng.choice(edges))
    if kind < 0.6:
        edge /= rng.choice(SHARES if rng.random() < 0.7 else SMALLER_SHARES)
    if kind > 0.4:
        edge += rng.choice(edges)
    if rng.random() < 0.2:
        edge /= rng.choice(SHARES)
    return str(max(ZERO, _cents(edge) + rng.randint(-2, 2) * CENT))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _settle_contradictions(case: Case) -> None:
    expense = Decimal(case.get("expense", 0))
    if "expense" in case:
        if Decimal(case.get("class_b", 0)) + Decimal(case.get("class_c", 0)) > expense:
            case.pop("class_c")
        if Decimal(case.get("bed_days", 0)) * Decimal(case.get("bed_price", 0)) > expense:
            case["bed_days"] = 0
    burden = case.get("personal_burden")
    if burden is not None and Decimal(case.get("class_b_burden", 0)) > Decimal(burden):
        case["class_b_burden"] = burden
    whose = case["region"], case["insurance"]
    if whose == ("xinyu", "resident") and case.get("disease_class") in (3, "3"):
        case["disease_class"] = "2"


ORDINARY: Case = {
    "region": "xinyu",
    "insurance": "employee",
    "benefit": "inpatient",
    "expense": "10000",
    "employment": "working",
    "hospital_level": "2",
}
RESIDENT: Case = {**ORDINARY, "insurance": "resident"}
BAD_AMOUNTS: list[Any] = [
    *[
        "-5",
        "-0.01",
        "NaN",
        "Infinity",
        "1e30",
        "100.001",
        "１２３",
        "1,000",
        "两万",
        "",
        "abc",
        "1000元",
    ],
    *["1000000000.01", "0x10", "1_000", "10000000000", "²", "٣"],
    *[-5, 1e30, 0.1 + 0.2, float("nan"), float("inf"), True, False, [1000], {"yuan": 1000}, 10**30],
]
BAD_WORDS: list[Any] = ["unheard-of", "", "Local", True, 4, -1, ["local"], {"a": 1}]
BAD_COUNTS: list[Any] = [-1, 1.5, "七十", True, "1e3", [1]]
BAD_FLAGS: list[Any] = ["yes", "是", 2, [True], {}]
AMOUNT_FIELDS = [
    *["expense", "self_paid", "class_b", "class_c", "bed_price", "personal_burden"],
    *["class_b_burden", "remaining_cash", "year_class2_before", "year_critical_before"],
    *["deductible", "account_balance", "year_expense_before", "year_fund_before"],
]
WORD_FIELDS = [
    *["region", "insurance", "benefit", "employment", "hospital_level", "referral", "route"],
    *["disease_class", "delivery_mode", "item", "drug_group", "personnel"],
]
COUNT_FIELDS = ["age", "insured_years", "admission_no", "bed_days"]
FLAG_FIELDS = ["old_worker", "student", "hardship", "special_treatment", "special_procedure"]


BAD_VALUES: dict[str, list[Any]] = {
    **dict.fromkeys(AMOUNT_FIELDS, BAD_AMOUNTS),
    **dict.fromkeys(WORD_FIELDS, BAD_WORDS),
    **dict.fromkeys(COUNT_FIELDS, BAD_COUNTS),
    **dict.fromkeys(FLAG_FIELDS, BAD_FLAGS),
    "local_rate": ["-0.1", "1.01", "85", "85%", "NaN", True, 2, -1],
}
INVALID_CASES: list[tuple[Case, str]] = [
    *(({**ORDINARY, field: bad}, field) for field, values in BAD_VALUES.items() for bad in values),
    ({**ORDINARY, "admission_no": 0}, "admission_no"),
    ({**ORDINARY, "colour": "red"}, "colour"),
    ({**ORDINARY, "Expense": "1"}, "Expense"),
    ({**ORDINARY, "class_b": "10000.01"}, "class_b"),
    ({**ORDINARY, "class_b": "6000", "class_c": "4000.01"}, "class_c"),
    ({**ORDINARY, "bed_days": 10, "bed_price": "1000.01"}, "bed_price"),
    ({**ORDINARY, "class_b_burden": "20.01", "personal_burden": "20"}, "class_b_burden"),
    ({**RESIDENT, "benefit": "outpatient_special", "disease_class": "3"}, "disease_class"),
    ({**RESIDENT, "disease_class": 3}, "disease_class"),
]
