"""The answer as the contract has it: explained, assumptions said, gaps and questions named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from corpus import documents
from tools.settlement import schemes, settle

CLAUSES = {clause.id: clause for each in documents.load() for clause in each.clauses}


def ask(region: str, insurance: str, benefit: str, **facts: Any) -> dict[str, Any]:
    case = {"region": region, "insurance": insurance, "benefit": benefit, **facts}
    return settle(case).to_json(CLAUSES)


def inpatient(**facts: Any) -> dict[str, Any]:
    usual = {"expense": "15000", "employment": "working", "hospital_level": "2"}
    return ask("wuxi", "employee", "inpatient", **usual | facts)


def test_the_example_of_the_contract() -> None:
    answer = inpatient()
    assert answer["status"] == "settled"
    assert (answer["total"], answer["fund_total"], answer["patient_total"]) == (
        "15000.00",
        "12640.00",
        "2360.00",
    )
    assert answer["buckets"] == {
        "deductible": "750.00",
        "coinsurance": "1610.00",
        "pooled_fund": "12640.00",
    }
    first = answer["lines"][0]
    clause = CLAUSES["wuxi/employee-inpatient#deductible"]
    assert first == {
        "step": "deductible",
        "text": "起付标准：二级医院在职第 1 次住院 750 元",
        "base": "15000.00",
        "rate": None,
        "amount": "750.00",
        "bucket": "deductible",
        "cite": {
            "clause": clause.id,
            "source": "000_914ce71ad09aa499.txt",
            "title": clause.title,
            "section": clause.section,
            "quote": clause.text,
        },
        "more_cites": [],
    }
    assert [line["text"] for line in answer["lines"][1:]] == [
        "在职 750 元到 10,000 元的部分，医保付 88%",
        "在职 750 元到 10,000 元的部分，您付 12%",
        "在职 10,000 元到 40,000 元的部分，医保付 90%",
        "在职 10,000 元到 40,000 元的部分，您付 10%",
    ]
    assert {"fact": "admission_no", "value": 1, "text": "按本年度第 1 次住院计算"} in answer[
        "assumptions"
    ]
    assert answer["missing"] == answer["gaps"] == answer["alternatives"] == []
    assert answer["warnings"] == ["资料日期 2019-09，请以经办机构最新口径为准"]


def test_what_is_stated_is_no_assumption() -> None:
    stated = {"admission_no": 1, "route": "local", "old_worker": False, "self_paid": "0"}
    stated |= {"special_treatment": False, "year_expense_before": "0"}
    assert inpatient(**stated)["assumptions"] == []


def test_a_deductible_says_how_it_came_about() -> None:
    line = inpatient(admission_no=3, special_treatment=True)["lines"][0]
    assert line["text"] == (
        "起付标准：二级医院在职 750 元，第 3 次及以后住院按 25% 计算，"
        "放化疗、透析、肾移植抗排异治疗按 50% 计算，即 93.75 元"
    )
    assert [cite["clause"] for cite in (line["cite"], *line["more_cites"])] == [
        "wuxi/employee-inpatient#deductible",
        "wuxi/employee-inpatient#deductible-repeat",
        "wuxi/employee-inpatient#deductible-special-treatment",
    ]


def test_a_changed_share_says_why() -> None:
    facts = {"expense": "1000", "drug_group": "original", "route": "unregistered"}
    line = ask("changzhou", "employee", "special_drug", **facts)["lines"][0]
    why = "没有备案去外地就医，医保支付比例按 50% 计算"
    assert line["text"] == f"原特药，{why}，医保付 37.5%"
    assert (line["rate"], line["amount"]) == ("0.375", "375.00")
    assert [cite["clause"] for cite in (line["cite"], *line["more_cites"])] == [
        "changzhou/special-drug#rates",
        "changzhou/special-drug#out-of-area",
    ]


def test_another_reading_is_told_with_its_figure() -> None:
    answer = inpatient(admission_no=2, special_treatment=True)
    assert answer["fund_total"] == "13135.00"  # 750 x 50% x 50% = 187.50
    assert [
        (a["reading"], a["fund_total"], a["patient_total"]) for a in answer["alternatives"]
    ] == [
        ("half_instead", "12970.00", "2030.00")  # 750 x 50%
    ]
    assert answer["alternatives"][0]["text"] == (
        "另一种理解（放化疗、透析、抗排异的减半代替按次递减，不再相乘）下，"
        "医保付 12,970.00 元，您付 2,030.00 元"
    )


def test_each_alternative_is_computed_alone() -> None:
    answer = inpatient(admission_no=2, special_treatment=True, year_expense_before="9000")
    readings = {a["reading"]: a["fund_total"] for a in answer["alternatives"]}
    main = Decimal(answer["fund_total"])
    assert set(readings) == {"half_instead", "each_admission"}
    assert all(Decimal(fund) != main for fund in readings.values())


def test_a_quota_in_full_may_exceed_the_bill() -> None:
    answer = ask("xinyu", "resident", "delivery", expense="2000", delivery_mode="cesarean")
    assert (answer["fund_total"], answer["patient_total"]) == ("2000.00", "0.00")
    other = answer["alternatives"][0]
    assert (other["fund_total"], other["patient_total"]) == ("2640.00", "-640.00")
    assert other["text"].endswith("医保付 2,640.00 元，比费用多出 640.00 元归您")


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"employment": None}, ["employment"]),
        ({"hospital_level": None}, ["hospital_level"]),
        ({"employment": None, "hospital_level": None}, ["employment", "hospital_level"]),
        ({"expense": None}, ["expense"]),
        ({"expense": None, "employment": None}, ["expense", "employment"]),
        ({"year_expense_before": "1"}, ["admission_no"]),
        ({"hospital_level": "3", "employment": None}, ["employment"]),
    ],
)
def test_what_decides_is_asked_the_most_decisive_first(
    facts: dict[str, Any], asked: list[str]
) -> None:
    answer = inpatient(**facts)
    assert answer["status"] == "need_facts"
    assert [missing["fact"] for missing in answer["missing"]] == asked
    assert answer["total"] is None
    assert answer["lines"] == []


@pytest.mark.parametrize(
    "facts",
    [
        {"deductible": "900", "hospital_level": None},
        {"deductible": "900", "year_expense_before": "1"},
        {"old_worker": True, "employment": None},
    ],
)
def test_what_does_not_decide_is_not_asked(facts: dict[str, Any]) -> None:
    assert inpatient(**facts)["status"] == "settled"


def test_a_question_is_short_and_has_its_choices() -> None:
    missing = inpatient(employment=None)["missing"]
    assert missing == [
        {
            "fact": "employment",
            "question": "在职和退休的标准不一样，请问是在职还是退休？",
            "choices": ["working", "retired"],
        }
    ]


def test_region_insurance_and_benefit_are_asked_before_all_else() -> None:
    answer = settle({}).to_json()
    assert [missing["fact"] for missing in answer["missing"]] == ["region", "insurance", "benefit"]
    assert answer["missing"][0]["choices"] == ["changzhou", "wuxi", "xinyu", "zhenjiang"]
    benefits = settle({"region": "zhenjiang", "insurance": "resident"}).missing[0].choices
    assert benefits == ("out_of_area",)


def test_choices_are_what_the_table_knows() -> None:
    items = ask("xinyu", "employee", "maternity_outpatient", expense="1")["missing"][0]["choices"]
    assert items == ["antenatal", "iud", "implant", "sterilization", "curettage", "pregnancy_check"]
    classes = ask("xinyu", "resident", "outpatient_special", expense="1", hospital_level="1")
    assert classes["missing"][0]["choices"] == ["1", "2"]


def test_a_silent_document_is_said_with_what_fills_the_gap() -> None:
    answer = inpatient(hospital_level="3")
    assert answer["status"] == "not_stated"
    gap = answer["gaps"][0]
    assert (gap["what"], gap["ask"]) == ("三级医院职工住院起付标准", "deductible")
    assert gap["text"] == "资料只写了二级医院的起付标准，没有写三级医院的"
    assert gap["cite"]["clause"] == "wuxi/employee-inpatient#deductible-other-levels"
    assert (answer["total"], answer["fund_total"], answer["patient_total"]) == (None, None, None)
    assert inpatient(hospital_level="3", deductible="900")["status"] == "settled"


def test_what_can_be_computed_is_computed() -> None:
    facts = {"expense": "10000", "special_procedure": False, "self_paid": "50"}
    answer = ask("zhenjiang", "employee", "out_of_area", **facts)
    assert [gap["ask"] for gap in answer["gaps"]] == ["deductible", "local_rate"]
    assert [(line["bucket"], line["amount"]) for line in answer["lines"]] == [
        ("self_paid", "50.00"),
        ("pay_first", "4000.00"),
    ]


def test_the_lines_stop_where_the_cap_binds() -> None:
    facts = {"expense": "200000", "hospital_level": "1", "hardship": False}
    answer = ask("xinyu", "resident", "inpatient", **facts)
    assert answer["status"] == "not_stated"
    assert answer["gaps"][0]["what"] == "居民大病补偿的比例"
    paid = {line["bucket"]: line["amount"] for line in answer["lines"]}
    assert paid == {"deductible": "100.00", "pooled_fund": "100000.00", "coinsurance": "11111.11"}


def test_excluded_benefits_cite_the_clause_and_ask_nothing() -> None:
    answer = ask("wuxi", "employee", "delivery")
    assert answer["status"] == "not_stated"
    assert answer["gaps"][0]["cite"]["clause"] == "wuxi/exclusions#childbirth"


@pytest.mark.parametrize(
    ("region", "insurance", "benefit", "what"),
    [
        ("wuxi", "employee", "blood", "无锡职工医保用血报销"),
        ("changzhou", "resident", "inpatient", "常州居民医保待遇"),
    ],
)
def test_what_no_document_covers(region: str, insurance: str, benefit: str, what: str) -> None:
    answer = ask(region, insurance, benefit, expense="1")
    assert answer["status"] == "not_stated"
    assert answer["gaps"][0]["what"] == what


def test_nothing_paid_says_why() -> None:
    facts = {"expense": "500", "referral": "unreferred", "account_balance": "200"}
    answer = ask("wuxi", "employee", "outpatient", **facts)
    assert answer["buckets"] == {"self_paid": "300.00", "personal_account": "200.00"}
    assert "没有经社区医院转诊" in answer["lines"][1]["text"]


def test_a_hospital_taken_for_designated_is_a_warning() -> None:
    facts = {"expense": "20000", "route": "hospital_referral", "deductible": "600"}
    answer = ask("wuxi", "resident", "inpatient", **facts)
    assert answer["status"] == "settled"
    assert answer["warnings"][0] == "非定点医疗机构的费用，居民医保不予支付，由您自己付"


def test_every_text_is_chinese_and_every_citation_exists() -> None:
    for scheme in schemes().values():
        assert scheme.name.startswith(scheme.region_name)
        for benefit in scheme.benefits.values():
            assert benefit.name
            answer = ask(scheme.region, scheme.insurance, benefit.id, expense="1")
            assert all(missing["question"][-2] >= "一" for missing in answer["missing"])


def test_a_citation_without_the_library_is_the_id_alone() -> None:
    case = {"region": "changzhou", "insurance": "employee", "benefit": "special_drug"}
    line = settle(case | {"expense": "100", "drug_group": "new"}).to_json()["lines"][0]
    assert line["cite"]["clause"] == "changzhou/special-drug#rates"
    assert line["cite"]["quote"] is None
