"""A year of visits: each starts from what the ones before have left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tools.settlement import InvalidCase, settle, settle_year


def visit(region: str, insurance: str, benefit: str, expense: str, **facts: Any) -> dict[str, Any]:
    case = {"region": region, "insurance": insurance, "benefit": benefit, "expense": expense}
    return case | facts


def wuxi(expense: str, **facts: Any) -> dict[str, Any]:
    usual = {"employment": "working", "hospital_level": "2"}
    return visit("wuxi", "employee", "inpatient", expense, **usual | facts)


def amounts(visits: list[dict[str, Any]], bucket: str) -> list[str]:
    year = settle_year(visits)
    return [f"{each.buckets.get(bucket, Decimal(0)):.2f}" for each in year.visits]


def test_admissions_are_counted() -> None:
    assert amounts([wuxi("5000")] * 4, "deductible") == ["750.00", "375.00", "187.50", "187.50"]


def test_segments_go_on_where_the_last_admission_ended() -> None:
    year = settle_year([wuxi("8000"), wuxi("6000")])
    # The second: 8,000 + 375 to 10,000 at 12%, 10,000 to 14,000 at 10%.
    assert year.visits[1].buckets["coinsurance"] == Decimal("195.00") + Decimal("400.00")
    assert year.visits[1] == settle(wuxi("6000", admission_no=2, year_expense_before="8000"))


def test_pay_first_does_not_count_for_the_segments() -> None:
    year = settle_year([wuxi("10000", route="self_referral"), wuxi("5000")])
    second = wuxi("5000", admission_no=2, year_expense_before="7000")
    assert year.visits[1] == settle(second)


def test_delivery_and_inpatient_share_admissions_and_cap() -> None:
    facts = {"employment": "working", "hospital_level": "3"}
    visits = [
        visit("xinyu", "employee", "inpatient", "100700", **facts),  # the fund pays 90,000
        visit("xinyu", "employee", "delivery", "20000", **facts),
    ]
    second = settle_year(visits).visits[1]
    # 20,000 - 600; the 10,000 left serve 11,111.11...; 8,288.89 go on at 90%.
    assert second.buckets["deductible"] == Decimal(600)
    assert second.buckets["pooled_fund"] == Decimal(10_000)
    assert second.buckets["critical_illness"] == Decimal("7460.00")


def test_critical_illness_has_its_own_yearly_cap() -> None:
    facts = {"employment": "working", "hospital_level": "3"}
    large = visit("xinyu", "employee", "inpatient", "400000", **facts)
    assert sum(map(Decimal, amounts([large] * 3, "critical_illness"))) == Decimal(300_000)


def test_the_next_layer_counts_only_what_it_has_paid_itself() -> None:
    facts = {"employment": "working", "hospital_level": "3"}
    visits = [visit("xinyu", "employee", "inpatient", "60000", **facts)] * 3
    third = settle_year(visits).visits[2]
    # 59,300 x 90% = 53,370; the 46,630 left serve 51,811.11... of 59,400; 7,588.89 x 90% go on.
    counters = {"year_fund_before": "100000", "year_critical_before": "6830.00"}
    assert third == settle(visits[0] | {"admission_no": 3, **counters})


def test_class_2_has_a_cap_below_the_common_one() -> None:
    facts = {"hospital_level": "1", "disease_class": "2"}
    visits = [visit("xinyu", "resident", "outpatient_special", "4000", **facts)] * 3
    assert amounts(visits, "pooled_fund") == ["3510.00", "1490.00", "0.00"]
    assert amounts(visits, "deductible") == ["100.00", "0.00", "0.00"]


def test_the_account_is_used_up_once() -> None:
    facts = {"employment": "retired", "referral": "referred"}
    first = visit("wuxi", "employee", "outpatient", "300", account_balance="500", **facts)
    later = visit("wuxi", "employee", "outpatient", "300", **facts)
    assert amounts([first, later, later], "personal_account") == ["300.00", "200.00", "0.00"]


def test_what_a_visit_states_itself_goes_before_what_follows_from_the_others() -> None:
    assert amounts([wuxi("5000"), wuxi("5000", admission_no=5)], "deductible")[1] == "187.50"
    opening = wuxi("5000", admission_no=2, year_expense_before="39000")
    assert settle_year([opening, wuxi("1000")]).visits[1].buckets["coinsurance"] == Decimal("65.00")


def test_insurances_do_not_share_counters() -> None:
    resident = visit("xinyu", "resident", "inpatient", "5000", hospital_level="1")
    employee = {"employment": "working", "hospital_level": "1"}
    visits = [resident, visit("xinyu", "employee", "inpatient", "5000", **employee)]
    assert amounts(visits, "deductible") == ["100.00", "300.00"]


def test_totals_are_those_of_the_visits() -> None:
    year = settle_year([wuxi("5000"), wuxi("15000", self_paid="100")])
    assert year.total == Decimal(20_100) == year.fund_total + year.patient_total
    answer = year.to_json()
    assert answer["total"] == "20100.00"
    assert sum(map(Decimal, answer["buckets"].values())) == 20_100
    assert len(answer["visits"]) == 2


def test_a_visit_that_is_not_settled_is_said_in_those_after_it() -> None:
    year = settle_year([wuxi("5000"), wuxi("5000", employment=None), wuxi("5000")])
    assert [each.status for each in year.visits] == ["settled", "need_facts", "settled"]
    assert year.total is None
    assert year.visits[2].buckets["deductible"] == Decimal("187.50")  # still the third admission
    assert "第 2 次就诊没有算出金额，它用掉的额度没有计入这一次" in year.visits[2].warnings


@pytest.mark.parametrize(
    ("visits", "field"),
    [
        ([wuxi("1"), wuxi("-1")], "2.expense"),
        ([wuxi("1"), 5], "2.case"),
        ([{"x": 1}], "1.x"),
        ([{"region": []}], "1.region"),
    ],
)
def test_a_bad_visit_is_named(visits: Any, field: str) -> None:
    with pytest.raises(InvalidCase) as caught:
        settle_year(visits)
    assert caught.value.field == field


def test_a_year_is_a_list() -> None:
    with pytest.raises(InvalidCase):
        settle_year({"region": "wuxi"})  # type: ignore[arg-type]
