"""Bad input: a clear reason that names the field, and never a rounded figure."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import tools.settlement
from tools.settlement import InvalidCase, loads, settle

CASE: dict[str, Any] = {
    "region": "wuxi",
    "insurance": "employee",
    "benefit": "inpatient",
    "expense": "15000",
    "employment": "working",
    "hospital_level": "2",
}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("expense", Decimal("NaN"), "请用数字写"),
        ("expense", Decimal("Infinity"), "请用数字写"),
        ("expense", Decimal("1e30"), "不能超过 1,000,000,000"),
        ("expense", Decimal("1e999999"), "不能超过 1,000,000,000"),
        ("expense", "1000000000.01", "不能超过 1,000,000,000"),
        ("expense", Decimal(-5), "不能是负数"),
        ("expense", "-5", "不能是负数"),
        ("expense", "0.001", "最多两位小数"),
        ("expense", Decimal("1e-9"), "最多两位小数"),
        ("expense", "１２３", "请用数字写"),
        ("expense", "1,000", "请用数字写"),
        ("expense", "两万", "请用数字写"),
        ("expense", "1e3", "请用数字写"),
        ("expense", " 100", "请用数字写"),
        ("expense", "", "请用数字写"),
        ("expense", True, "请用数字写"),
        ("expense", 0.1, "请用数字写"),
        ("expense", ["100"], "请用数字写"),
        ("expense", {"yuan": 100}, "请用数字写"),
        ("self_paid", "-0.01", "不能是负数"),
        ("local_rate", "1.01", "不能超过 1"),
        ("local_rate", "0.1234567", "最多六位小数"),
        ("age", -1, "要在 0 到 150 之间"),
        ("age", 70.5, "请填整数"),
        ("age", "70", "请填整数"),
        ("age", True, "请填整数"),
        ("admission_no", 0, "要在 1 到 1000 之间"),
        ("old_worker", "true", "只能是 true（是）或 false（不是）"),
        ("old_worker", 1, "只能是 true（是）或 false（不是）"),
        ("employment", "student", "working（在职）、retired（退休）"),
        ("hospital_level", "4", "community（社区医院）"),
        ("hospital_level", 4, "community（社区医院）"),
        ("hospital_level", True, "community（社区医院）"),
        ("region", "atlantis", "wuxi（无锡）"),
        ("region", ["wuxi"], "wuxi（无锡）"),
        ("insurance", "", "employee（职工医保）"),
        ("benefit", "dental", "inpatient（住院）"),
        ("colour", "red", "没有这个字段"),
    ],
)
def test_a_bad_value_is_named(field: str, value: object, reason: str) -> None:
    with pytest.raises(InvalidCase) as caught:
        settle(CASE | {field: value})
    assert caught.value.field == field
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"class_b": "10000", "class_c": "5000.01"}, "class_c"),
        ({"class_b": "15000.01"}, "class_b"),
        ({"bed_days": 10, "bed_price": "1500.01"}, "bed_price"),
        ({"personal_burden": "100", "class_b_burden": "100.01"}, "class_b_burden"),
        ({"region": "xinyu", "insurance": "resident", "disease_class": "3"}, "disease_class"),
    ],
)
def test_parts_that_cannot_be(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidCase) as caught:
        settle(CASE | facts)
    assert caught.value.field == field


@pytest.mark.parametrize("case", [None, [], "wuxi", 5])
def test_a_case_is_an_object(case: Any) -> None:
    with pytest.raises(InvalidCase, match="字段：值"):
        settle(case)


def test_ten_thousand_unknown_fields_are_one_short_complaint() -> None:
    with pytest.raises(InvalidCase) as caught:
        settle({f"field{number}" * 100: number for number in range(10_000)})
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    "value", [15000, "15000", "15000.00", "15000.000", Decimal(15000), Decimal("1.5e4")]
)
def test_the_same_amount_in_any_writing(value: object) -> None:
    assert settle(CASE | {"expense": value}) == settle(CASE)


@pytest.mark.parametrize("level", ["2", 2, Decimal(2)])
def test_levels_are_words_or_numbers(level: object) -> None:
    assert settle(CASE | {"hospital_level": level}) == settle(CASE)


def test_null_is_unsaid() -> None:
    assert settle(CASE | {"admission_no": None, "age": None}) == settle(CASE)


def test_fields_that_the_benefit_does_not_use_are_checked_and_ignored() -> None:
    unused = {"delivery_mode": "natural", "drug_group": "new", "local_rate": "0.5", "age": 3}
    assert settle(CASE | unused) == settle(CASE)


def test_json_keeps_every_digit() -> None:
    assert loads('{"expense": 0.1}') == {"expense": Decimal("0.1")}
    assert loads('{"expense": 12345678901234567890123}')["expense"] > 10**22
    tenth = settle(CASE | loads('{"expense": 0.1}'))
    assert tenth.total == Decimal("0.10")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{", "case"),
        ("", "case"),
        ("[" * 100_000, "case"),
        ('{"expense": 1, "expense": 2}', "expense"),
        ('{"expense": NaN}', "expense"),
        ('{"expense": -Infinity}', "expense"),
        ('{"expense": 1e400}', "expense"),
        ('{"expense": ' + "9" * 5_000 + "}", "expense"),
    ],
)
def test_bad_json_is_named(text: str, field: str) -> None:
    with pytest.raises(InvalidCase) as caught:
        settle(CASE | loads(text))
    assert caught.value.field == field


def test_no_binary_fraction_on_the_way() -> None:
    package = Path(tools.settlement.__file__).parent
    for file in package.glob("*.py"):
        assert not re.search(r"\bfloat\b", file.read_text(encoding="utf-8")), file.name
