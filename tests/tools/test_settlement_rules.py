"""Rules as sentences: what a figure question is answered from."""

from __future__ import annotations

from typing import Any

import pytest

from tools.settlement import Rule, rules, schemes


def said(region: str, insurance: str, benefit: str, kind: str, **facts: Any) -> list[str]:
    return [rule.text for rule in find(region, insurance, benefit, kind, **facts)]


def find(region: str, insurance: str, benefit: str, kind: str, **facts: Any) -> list[Rule]:
    return [rule for rule in rules(region, insurance, benefit, facts) if rule.kind == kind]


def test_a_known_case_has_one_deductible_worked_out() -> None:
    facts = {"employment": "retired", "admission_no": 2, "old_worker": False}
    found = find("wuxi", "employee", "inpatient", "deductible", hospital_level="2", **facts)
    assert [rule.text for rule in found] == [
        "二级医院退休第 2 次住院的起付标准是 300 元（600 元，第 2 次住院按 50% 计算）"
    ]
    assert found[0].amount == 300
    assert found[0].when == ()
    assert found[0].cite == "wuxi/employee-inpatient#deductible"


def test_an_open_case_has_a_row_each_with_what_it_depends_on() -> None:
    found = find("wuxi", "employee", "inpatient", "deductible", admission_no=1)
    assert [rule.text for rule in found if rule.usual] == [
        "二级医院在职第 1 次住院的起付标准是 750 元",
        "二级医院退休第 1 次住院的起付标准是 600 元",
    ]
    assert [name for name, _ in found[0].when] == ["hospital_level", "employment", "old_worker"]
    assert [rule.text for rule in found if not rule.usual] == [
        "二级医院建国前参加革命工作的老工人第 1 次住院的起付标准是 600 元"
    ]


def test_adjustments_that_are_open_are_sentences_of_their_own() -> None:
    assert said("wuxi", "employee", "inpatient", "adjustment") == [
        "第 2 次住院起付标准按 50% 计算",
        "第 3 次及以后住院起付标准按 25% 计算",
        "放化疗、透析、肾移植抗排异治疗起付标准按 50% 计算",
    ]
    assert said("xinyu", "employee", "inpatient", "adjustment", employment="working") == [
        "第 1 次以后每多住一次院，起付标准减 100 元",
        "起付标准最低不少于 100 元",
    ]


def test_several_adjustments_are_worked_in_in_order() -> None:
    facts = {"employment": "retired", "admission_no": 2, "hospital_level": "3"}
    assert said("xinyu", "employee", "inpatient", "deductible", **facts) == [
        "三级医院退休第 2 次住院的起付标准是 360 元"
        "（700 元，第 2 次住院减 100 元，退休按 60% 计算）"
    ]


def test_another_reading_tells_the_figure_that_it_makes() -> None:
    facts = {"employment": "retired", "admission_no": 2, "hospital_level": "3"}
    readings = said("xinyu", "employee", "inpatient", "reading", **facts)
    assert any("起付标准是 320 元" in text for text in readings)
    # Of a first stay both readings say the same.
    first = said("xinyu", "employee", "inpatient", "reading", **{**facts, "admission_no": 1})
    assert not any("起付标准是" in text for text in first)


def test_shares_say_whose_they_are() -> None:
    assert said("wuxi", "resident", "inpatient", "rate", hospital_level="3", route="local") == [
        "三级医院经转诊，医保付 65%，您付 35%",
        "三级医院未转诊，医保付 32.5%，您付 67.5%",
    ]


def test_segments_have_bounds() -> None:
    found = find("changzhou", "employee", "critical_illness", "rate", hardship=False)
    assert [(rule.lower, rule.upper, f"{rule.rate}") for rule in found] == [
        (20_000, 50_000, "0.50"),
        (50_000, 100_000, "0.60"),
        (100_000, None, "0.70"),
    ]
    assert found[0].text == "20,000 元到 50,000 元的部分，大病保险付 50%，您付 50%"


def test_a_share_is_adjusted_for_what_is_known() -> None:
    facts = {"drug_group": "original", "route": "hospital_referral"}
    found = find("changzhou", "employee", "special_drug", "rate", **facts)
    assert [rule.text for rule in found] == [
        "原特药，医院转外就医，医保支付比例降低 10 个百分点，医保付 65%，您付 35%"
    ]
    assert found[0].cites == ("changzhou/special-drug#rates", "changzhou/special-drug#out-of-area")


def test_an_old_worker_has_the_share_worked_out() -> None:
    assert said("wuxi", "employee", "inpatient", "rate", old_worker=True)[0] == (
        "建国前参加革命工作的老工人 起付标准以上到 10,000 元的部分，"
        "个人自付比例按 30% 计算，医保付 96.4%，您付 3.6%"
    )


@pytest.mark.parametrize(
    ("region", "insurance", "benefit", "facts", "expected"),
    [
        ("wuxi", "employee", "outpatient_chronic", {"age": 70}, ["医保一年最多付 4,000 元"]),
        ("wuxi", "employee", "outpatient", {"employment": "working"}, ["医保一年最多付 5,000 元"]),
        ("xinyu", "employee", "inpatient", {}, ["100,000 元", "大病保险一年最多付 300,000 元"]),
    ],
)
def test_caps(
    region: str, insurance: str, benefit: str, facts: dict[str, Any], expected: list[str]
) -> None:
    texts = said(region, insurance, benefit, "cap", **facts)
    assert len(texts) == len(expected)
    assert all(end in text for end, text in zip(expected, texts, strict=True))


def test_what_is_not_stated_is_a_rule_too() -> None:
    found = find("wuxi", "employee", "inpatient", "not_stated", hospital_level="3")
    assert [(rule.text, rule.ask) for rule in found] == [
        ("资料只写了二级医院的起付标准，没有写三级医院的", "deductible")
    ]


def test_nothing_follows_what_ends_the_case() -> None:
    found = rules("wuxi", "employee", "outpatient", {"referral": "unreferred", "route": "local"})
    assert [rule.kind for rule in found] == ["account", "excluded", "reading"]


def test_a_case_treated_as_another_has_its_rules() -> None:
    facts = {"route": "emergency", "hospital_level": "2"}
    assert said("wuxi", "resident", "inpatient", "rate", **facts) == [
        "二级医院经转诊，医保付 75%，您付 25%"
    ]


def test_every_rule_is_a_sentence_with_its_source() -> None:
    for (region, insurance), scheme in schemes().items():
        for benefit in scheme.benefits:
            found = rules(region, insurance, benefit, {})
            assert found
            for rule in found:
                assert "{" not in rule.text
                silent = rule.kind in ("pay_first", "deductible", "threshold", "not_stated")
                assert rule.cites or silent, rule.text
