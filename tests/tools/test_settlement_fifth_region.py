"""A fifth, invented region: a policy file and its document, and not a line of Python.

Its rules have shapes that the four regions don't have: a threshold by age band, a rate by years
insured, a second layer above the cap with segments of its own, a quota by day.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from corpus import documents
from tools.settlement import InvalidCase, settle, settle_year
from tools.settlement.check import complaints
from tools.settlement.rules import of_benefit
from tools.settlement.scheme import load

HERE = Path(__file__).parent / "fifth_region"
KNOWN = load(HERE / "policies")
SCHEME = KNOWN["qingshan", "employee"]
CLAUSES = {c.id: c for each in documents.load(HERE / "documents") for c in each.clauses}


def chronic(expense: str, **facts: object) -> dict[str, object]:
    case = {"region": "qingshan", "insurance": "employee", "benefit": "outpatient_chronic"}
    return case | {"expense": expense, **facts}


def test_every_figure_stands_in_its_document() -> None:
    assert complaints(SCHEME, CLAUSES) == ()


@pytest.mark.parametrize(
    ("age", "years", "fund", "patient"),
    [
        (59, 4, "4840.00", "5160.00"),  # (10000 - 1200) x 55%
        (60, 5, "5980.00", "4020.00"),  # (10000 - 800) x 65%
        (79, 14, "5980.00", "4020.00"),
        (80, 15, "7275.00", "2725.00"),  # (10000 - 300) x 75%
    ],
)
def test_threshold_by_age_and_rate_by_years(age: int, years: int, fund: str, patient: str) -> None:
    result = settle(chronic("10000", age=age, insured_years=years), KNOWN)
    assert (result.fund_total, result.patient_total) == (Decimal(fund), Decimal(patient))
    assert [a.text for a in result.assumptions if a.fact == "insured_years"] == []


def test_years_left_unsaid_are_an_assumption_in_the_words_of_the_policy() -> None:
    result = settle(chronic("10000", age=59), KNOWN)
    assert result.fund_total == Decimal("4840.00")
    said = [a.text for a in result.assumptions if a.fact == "insured_years"]
    assert said == ["按连续缴费不满 5 年计算"]


def test_a_second_layer_begins_where_the_cap_is_used_up() -> None:
    # 65,000 - 800 = 64,200. The cap of 20,000 serves 20,000 / 65% = 30,769.2307...; 33,430.7692...
    # is left: 10,000 x 60% = 6,000, 20,000 x 70% = 14,000, 3,430.7692... x 80% = 2,744.62.
    result = settle(chronic("65000", age=60, insured_years=5), KNOWN)
    assert result.buckets["pooled_fund"] == Decimal("20000.00")
    assert result.buckets["critical_illness"] == Decimal("22744.62")
    assert result.patient_total == Decimal("22255.38")
    layer = [line for line in result.lines if line.bucket == "critical_illness"]
    assert [line.amount for line in layer] == [Decimal(6000), Decimal(14000), Decimal("2744.62")]
    assert layer[1].text == "统筹基金封顶以后 10,000 元到 30,000 元的部分，大病保险付 70%"


def test_the_second_layer_ends_at_its_own_cap() -> None:
    result = settle(chronic("200000", age=60, insured_years=5), KNOWN)
    assert result.buckets["critical_illness"] == Decimal("50000.00")
    assert result.buckets["over_cap"] > 0
    assert result.total == Decimal(200_000)


def test_a_year_fills_threshold_cap_and_layer_once() -> None:
    parts = settle_year([chronic("20000", age=60, insured_years=5) for _ in range(3)], KNOWN)
    whole = settle(chronic("60000", age=60, insured_years=5), KNOWN)
    assert parts.buckets["deductible"] == whole.buckets["deductible"] == Decimal(800)
    assert parts.buckets["pooled_fund"] == whole.buckets["pooled_fund"] == Decimal(20_000)


def test_a_quota_by_day() -> None:
    case = {"region": "qingshan", "insurance": "employee", "benefit": "hospice"}
    days = case | {"expense": "3000", "hospital_level": "2", "bed_days": 10}
    result = settle(days, KNOWN)
    assert result.buckets == {"over_limit": Decimal("400.00"), "pooled_fund": Decimal("2600.00")}
    assert result.lines[0].text == "二级医院床日定额 260 元 × 10 天，由医保付"
    assert settle(days | {"expense": "2000"}, KNOWN).fund_total == Decimal(2000)
    missing = settle(case | {"expense": "3000", "hospital_level": "2"}, KNOWN).missing
    assert [each.fact for each in missing] == ["bed_days"]
    gap = settle(days | {"hospital_level": "3"}, KNOWN).gaps[0]
    assert gap.text == "资料没有写明三级医院的安宁疗护定额"


def test_its_rules_can_be_read() -> None:
    rules = of_benefit(SCHEME, SCHEME.benefits["outpatient_chronic"], {"age": 85})
    assert [rule.text for rule in rules] == [
        "80 周岁及以上的门槛费是每年 300 元",
        "连续缴费不满 5 年，医保付 55%，您付 45%",
        "连续缴费满 5 年、连续缴费不满 15 年，医保付 65%，您付 35%",
        "连续缴费满 15 年，医保付 75%，您付 25%",
        "医保一年最多付 20,000 元",
        "统筹基金封顶以后 10,000 元以内的部分，大病保险付 60%，您付 40%",
        "统筹基金封顶以后 10,000 元到 30,000 元的部分，大病保险付 70%，您付 30%",
        "统筹基金封顶以后 30,000 元以上的部分，大病保险付 80%，您付 20%",
        "大病保险一年最多付 50,000 元",
    ]


def test_the_four_regions_are_unknown_to_it() -> None:
    with pytest.raises(InvalidCase, match="qingshan（青山）"):
        settle({"region": "wuxi"}, KNOWN)
