"""Whole conversations over the real library, policies and store."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.reply import Reply, Status

Talk = Callable[..., list[Reply]]


def test_an_estimate_in_one_message(talk: Talk) -> None:
    (reply,) = talk("无锡职工，在职，二级医院第一次住院花了15000，能报多少")
    assert reply.status is Status.ANSWERED
    assert reply.estimate is not None
    assert (reply.estimate["fund_total"], reply.estimate["patient_total"]) == (
        "12640.00",
        "2360.00",
    )
    assert reply.text.splitlines()[0].count("元") == 2
    assert "wuxi/employee-inpatient#deductible" in {c.clause for c in reply.citations}


def test_what_decides_is_asked_one_by_one(talk: Talk) -> None:
    replies = talk("我住院花了两万五，能报多少", "无锡", "职工", "退休", "二级")
    assert [r.status for r in replies[:4]] == [Status.CLARIFY] * 4
    assert replies[-1].status is Status.ANSWERED
    assert replies[-1].estimate is not None
    # 600 + 9,400 × 6% + 15,000 × 5%
    assert replies[-1].estimate["patient_total"] == "1914.00"


@pytest.mark.parametrize("digits", ["123456789", "①②③④⑤⑥⑦⑧⑨", "一二三四五六七八九"])
@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ("住院花了25000，能报多少", ("无锡", "职工医保", "退休", "二级医院")),
        ("新余居民，备案了去长沙住院，二级医院花了2万", ("医院转外就医",)),
        ("去医保局登记转院要揣哪些东西", ("新余",)),
    ],
)
def test_a_choice_by_its_number_is_the_same_as_by_its_name(
    talk: Talk, question: str, choices: tuple[str, ...], digits: str
) -> None:
    told = [question]
    for choice in choices:
        offered = re.findall(r"[①-⑨] (\S+)", talk(*told)[-1].text)
        told.append(digits[offered.index(choice)])
    named, numbered = talk(question, *choices)[-1], talk(*told)[-1]
    assert named.status is Status.ANSWERED
    assert numbered.text == named.text


def test_a_number_that_is_no_choice_is_no_bill_either(talk: Talk) -> None:
    *_, again, last = talk("无锡职工二级医院住院花了两万五，能报多少", "9", "退休")
    assert again.status is Status.CLARIFY
    assert last.estimate is not None
    assert last.estimate["patient_total"] == "1914.00"


@pytest.mark.parametrize(
    "beside",
    [
        "没有转院",
        "不是转院的",
        "没去外地",
        "外面请护工不算",
        "医生建议转院没去",
        "上海的专家来会诊过",
        "退休前在外面跑车的",
        "我们是水北镇的",
        "我们是外地来打工的",
        "我人在广东，我爸是新余的",
        "我在上海打工，我爸在新余看的",
    ],
)
def test_what_is_beside_the_stay_puts_it_nowhere_else(talk: Talk, beside: str) -> None:
    (reply,) = talk(f"新余居民，我爸三级医院住院花了2万，{beside}，报多少")
    assert reply.estimate is not None
    # (20,000 - 600) × 60%
    assert reply.estimate["fund_total"] == "11640.00"


@pytest.mark.parametrize(
    "message",
    [
        "我儿子在上海工作，我在新余住院，居民，三级医院花了2万，报多少",
        "我女儿在南京上学，我新余居民，三级医院住院花了2万，报多少",
    ],
)
def test_where_ones_children_live_is_not_where_one_is_treated(talk: Talk, message: str) -> None:
    (reply,) = talk(message)
    assert reply.estimate is not None
    assert reply.estimate["fund_total"] == "11640.00"


def test_a_place_told_when_asked_is_the_same_as_told_at_once(talk: Talk) -> None:
    """The name of the city is no word of the question."""
    *_, asked = talk("办好转院，去登记要揣哪些东西", "新余")
    (told,) = talk("我是新余医保。办好转院，去登记要揣哪些东西")
    assert asked.text == told.text


def test_a_correction_and_what_ifs_settle_again(talk: Talk) -> None:
    totals = [
        reply.estimate["patient_total"]
        for reply in talk(
            "无锡职工在职，二级医院住院花了25000，第一次",
            "不对，我是退休",
            "如果是第二次住院呢",
        )
        if reply.estimate
    ]
    assert totals == ["3360.00", "1914.00", "1632.00"]


def test_another_amount_corrects_the_one_that_was_settled(talk: Talk) -> None:
    replies = talk("常州职工，大病保险，我自己负担了3万，能报多少", "看错了单子，是13万不是3万")
    assert [r.estimate and r.estimate["fund_total"] for r in replies] == ["5000.00", "66000.00"]


def test_a_bill_told_after_a_question_belongs_to_it(talk: Talk) -> None:
    _, reply = talk(
        "常州职工，没备案就在上海住院了，还能报吗", "一共2万都能报的，本地报九成，起付线1000"
    )
    assert reply.estimate is not None
    # (20,000 - 1,000) × 90% × 50%
    assert reply.estimate["fund_total"] == "8550.00"


def test_a_comparison_keeps_its_sides_over_a_question_back(talk: Talk) -> None:
    asked, reply = talk("职工和居民住三级医院，医保各给几成", "新余")
    assert asked.status is Status.CLARIFY
    assert "90%" in reply.text
    assert "60%" in reply.text


def test_what_has_nothing_to_do_with_insurance_is_not_asked_a_place(talk: Talk) -> None:
    (reply,) = talk("帮我给店铺想个好听的名字")
    assert reply.status is Status.OUT_OF_SCOPE


def test_a_figure_that_the_documents_lack_can_be_told_as_a_bare_number(talk: Talk) -> None:
    first, second = talk("无锡退休职工三级医院住院15000，能报多少", "800")
    assert first.status is Status.NOT_FOUND
    assert second.estimate is not None
    # 800 + 9,200 × 6% + 5,000 × 5%
    assert second.estimate["patient_total"] == "1602.00"


def test_who_does_not_know_sees_the_cases_beside_each_other(talk: Talk) -> None:
    reply = talk("无锡职工二级医院第一次住院花了25000报多少", "不知道")[-1]
    assert reply.status is Status.ANSWERED
    assert "3,360.00" in reply.text
    assert "1,914.00" in reply.text


def test_the_cases_beside_each_other_stand_in_the_estimate(talk: Talk) -> None:
    reply = talk("无锡职工，二级医院第一次住院花了1万，自己付多少", "不晓得")[-1]
    assert reply.status is Status.ANSWERED
    assert reply.estimate is not None
    cases = reply.estimate["alternatives"]
    assert [case["patient_total"] for case in cases] == ["1860.00", "1164.00"]
    assert all(f"{float(case['patient_total']):,.2f}" in reply.text for case in cases)


def test_where_no_case_can_be_settled_the_reply_still_tells_what_is_known(talk: Talk) -> None:
    reply = talk("镇江居民，去上海住院花了2万，自己付多少", "不知道")[-1]
    assert reply.status is Status.NOT_FOUND
    assert "20%" in reply.text
    assert reply.citations


def test_the_very_figure_for_this_patient(talk: Talk) -> None:
    (reply,) = talk("无锡退休职工，二级医院第二次住院，起付线多少")
    assert "300 元" in reply.text
    assert "750" not in reply.text


def test_figures_that_the_documents_lack_are_said_to_be_lacking(talk: Talk) -> None:
    (reply,) = talk("无锡职工三级医院住院起付线是多少")
    assert reply.status is Status.NOT_FOUND
    assert "750" not in reply.text


@pytest.mark.parametrize(
    ("question", "opens"),
    [
        ("镇江市丹徒区人民医院能刷上海门诊吗", "**可以"),
        ("镇江市口腔医院跨省住院能刷卡吗", "**不可以"),
    ],
)
def test_yes_or_no_comes_first(talk: Talk, question: str, opens: str) -> None:
    (reply,) = talk(question)
    assert reply.text.startswith(opens)
    assert reply.region == "zhenjiang"


@pytest.mark.parametrize(
    ("question", "name", "clause"),
    [
        ("常州四院能开特药吗", "常州四院", "changzhou/special-drug#hospitals"),
        ("武进中医院能办特药吗", "武进中医院", "changzhou/special-drug#hospitals"),
        (
            "常州职工医保，想就近在武进中医院找医生办特药，这家行不行",
            "武进中医院",
            "changzhou/special-drug#hospitals",
        ),
        (
            "镇江医保，上海长征医院门诊能直接刷卡吗",
            "上海长征医院",
            "zhenjiang/shanghai-outpatient-hospitals#list",
        ),
        ("角膜移植算不算镇江的特殊诊疗项目", "角膜移植", "zhenjiang/special-procedures#list"),
        ("痛风能不能办无锡职工门慢", "痛风", "wuxi/employee-outpatient-chronic#diseases"),
        ("地中海贫血够得着常州的用血待遇吗", "地中海贫血", "changzhou/blood#benefit"),
    ],
)
def test_a_name_on_no_list_is_said_to_be_on_none(
    talk: Talk, question: str, name: str, clause: str
) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.ANSWERED
    assert reply.text.startswith(f"**名单里没有写到“{name}”。**")
    assert clause in {citation.clause for citation in reply.citations}


@pytest.mark.parametrize(
    "question",
    [
        "镇江医保，上海瑞金医院门诊能直接刷卡吗",
        "常州市一院能开特药吗",
        "无锡职工肺癌能办门慢吗",
        "新余居民再障能办慢性病卡吗",
    ],
)
def test_a_name_on_a_list_is_said_to_be_on_it(talk: Talk, question: str) -> None:
    (reply,) = talk(question)
    assert reply.text.startswith("**可以")
    assert "在名单里" in reply.text


def test_a_hospital_may_be_only_where_it_happens(talk: Talk) -> None:
    (reply,) = talk("常州中医院说看不了叫我去上海，转院手续找谁办")
    assert {c.clause for c in reply.citations} & {"changzhou/referral#apply"}
    (reply,) = talk("常州的，给我爸办了异地，想回来到武进医院配点药，卡还刷得起来吗")
    assert "名单" not in reply.text


def test_a_yes_on_a_condition_says_the_condition(talk: Talk) -> None:
    (reply,) = talk("镇江居民、没有镇江户口、能不能办异地长期居住")
    assert reply.text.startswith("**可以，但要有镇江市市区户籍。**")


def test_the_class_of_a_disease_is_that_of_the_own_scheme(talk: Talk) -> None:
    employee, resident = (
        talk("新余职工医保，帕金森算第几类慢性病"),
        talk("新余居民医保，帕金森算第几类慢性病"),
    )
    assert employee[0].citations[0].clause.startswith("xinyu/employee-")
    assert resident[0].citations[0].clause.startswith("xinyu/resident-")


def test_a_place_that_is_not_covered_gets_no_figure(talk: Talk) -> None:
    (reply,) = talk("我是苏州的职工，住院报多少")
    assert reply.status is Status.NOT_FOUND
    assert reply.region is None
    assert "12393" in reply.text


def test_a_county_with_a_pool_of_its_own_gets_no_figure_of_the_city(talk: Talk) -> None:
    (reply,) = talk("江阴职工医保住院报多少")
    assert reply.status is Status.NOT_FOUND
    assert "江阴" in reply.text


def test_where_one_pays_in_decides_not_where_one_is_treated(talk: Talk) -> None:
    first, second = talk("我在南京住院能报多少", "镇江职工")
    assert first.status is Status.CLARIFY
    assert (second.region, second.insurance) == ("zhenjiang", "employee")


def test_sessions_know_nothing_of_each_other(conversation: Conversation) -> None:
    conversation.reply("one", "我是无锡职工，退休了")
    assert conversation.reply("two", "住院起付线多少").region is None


def test_erasing_forgets_the_facts(conversation: Conversation) -> None:
    conversation.reply("forgetful", "我是无锡职工，退休了，住院起付线多少")
    conversation.reply("forgetful", "清除")
    assert conversation.reply("forgetful", "住院起付线多少").status is Status.CLARIFY


def test_an_id_number_is_neither_echoed_nor_kept(
    conversation: Conversation, data_dir: Path
) -> None:
    number = "11010519491231002X"
    reply = conversation.reply("private", f"身份证{number}，无锡退休职工，住院报多少")
    assert number not in reply.text
    kept = b"".join(path.read_bytes() for path in data_dir.glob("*.sqlite*"))
    assert number.encode() not in kept


def test_citations_are_numbered_in_the_order_of_the_text(talk: Talk) -> None:
    (reply,) = talk("无锡退休职工，二级医院第二次住院花了15000，能报多少")
    assert [c.n for c in reply.citations] == list(range(1, len(reply.citations) + 1))
    assert all(f"[{c.n}]" in reply.text for c in reply.citations)


def test_a_draft_with_an_invented_figure_is_withheld(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    answerer = conversation._answerer
    genuine = answerer.answer

    def lie(*arguments: object, **more: object) -> object:
        draft = genuine(*arguments, **more)  # type: ignore[arg-type]
        return draft.with_text(draft.text.replace("750", "7500"), "embedded")

    monkeypatch.setattr(answerer, "answer", lie)
    reply = conversation.reply("lied-to", "无锡在职职工，二级医院住院起付线多少")
    assert "7500" not in reply.text
    assert "750 元" in reply.text


def test_a_hospital_answers_visitors_insured_elsewhere(talk: Talk) -> None:
    can, cannot = (
        talk("我是合肥的医保，在镇江市第一人民医院住院能直接刷卡吗")[0],
        talk("我是合肥的医保，在镇江市口腔医院住院能直接刷卡吗")[0],
    )
    assert can.text.startswith("**可以。**镇江市第一人民医院：")
    assert cannot.text.startswith("**不可以。**镇江市口腔医院：")
    for reply in (can, cannot):
        assert [c.clause for c in reply.citations] == ["zhenjiang/local-hospitals#table"]
        assert reply.region == "zhenjiang"  # whose clause it is


def test_a_city_answers_visitors_insured_elsewhere(talk: Talk) -> None:
    (reply,) = talk("阜阳医保来无锡住院能刷吗")
    assert reply.status is Status.ANSWERED
    assert [c.clause for c in reply.citations] == ["wuxi/out-of-area-2019#incoming"]


@pytest.mark.parametrize("question", ["苏州医保住院报多少", "我是苏州医保，在无锡住院报几成"])
def test_what_another_place_pays_is_answered_by_no_clause(talk: Talk, question: str) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.NOT_FOUND
    assert "苏州" in reply.text
    assert "%" not in reply.text
    assert not reply.citations


@pytest.mark.parametrize(
    ("question", "office", "phone"),
    [
        ("丹阳职工医保住院起付线多少", "丹阳市医疗保险管理中心", "0511-88033955"),
        ("扬中职工医保住院报多少", "扬中市医疗保险管理中心", "0511-88325648"),
        ("句容居民住院报几成", "句容市医疗保险基金管理中心", "0511-87301100"),
    ],
)
def test_a_county_with_a_pool_of_its_own_names_its_office(
    talk: Talk, question: str, office: str, phone: str
) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.NOT_FOUND
    assert office in reply.text
    assert phone in reply.text
    assert [c.clause for c in reply.citations] == ["zhenjiang/offices#table"]


def test_a_misspelt_city_is_the_city(talk: Talk) -> None:
    (reply,) = talk("镇将职工医保去上海住院先自付多少")
    assert reply.region == "zhenjiang"
    assert "10%" in reply.text
    assert "40%" in reply.text


def test_where_one_lives_is_not_where_one_is_insured(talk: Talk) -> None:
    asked, answered = talk("人在深圳，住院能报多少", "新余居民")
    assert asked.status is Status.CLARIFY
    assert "哪里参加" in asked.text
    assert (answered.region, answered.insurance) == ("xinyu", "resident")


@pytest.mark.parametrize("message", ["帮我查一下我邻居报了多少钱", "我卡里还有多少钱"])
def test_personal_records_are_nobodys_to_look_up_here(talk: Talk, message: str) -> None:
    (reply,) = talk(message)
    assert reply.status is Status.OUT_OF_SCOPE
    assert "12393" in reply.text
    assert not reply.citations


def test_how_to_look_up_ones_own_balance_is_a_question(talk: Talk) -> None:
    (reply,) = talk("医保余额怎么查")
    assert reply.status is not Status.OUT_OF_SCOPE


def test_the_one_scheme_with_a_figure_is_not_asked_for(talk: Talk) -> None:
    (reply,) = talk("新余地厅级床位费一天报多少")
    assert reply.status is Status.ANSWERED
    assert reply.insurance == "employee"
    assert "70 元" in reply.text
    assert "30 元" in reply.text
    assert [c.clause for c in reply.citations] == [
        "xinyu/employee-inpatient#bed-fee",
        "xinyu/hospital-rules#bed-fee",
    ]


@pytest.mark.parametrize("question", ["无锡居民看门诊一年封顶多少", "看门诊一年封顶多少，无锡居民"])
def test_a_yearly_limit_is_shown_with_its_other_reading(talk: Talk, question: str) -> None:
    (reply,) = talk(question)
    assert reply.status is Status.ANSWERED
    assert "1,000 元" in reply.text
    assert "也可以理解为" in reply.text
    assert reply.citations[0].clause == "wuxi/resident-outpatient#cap"


def test_cities_without_figures_stand_beside_each_other_by_their_clauses(talk: Talk) -> None:
    (reply,) = talk("常州和镇江的职工，住院起付线各是多少")
    assert reply.status is Status.ANSWERED
    changzhou, zhenjiang = reply.text.index("**常州**"), reply.text.index("**镇江**")
    assert changzhou < reply.text.index("[1]") < zhenjiang < reply.text.index("[2]")
    assert [c.clause for c in reply.citations] == [
        "changzhou/not-stated#inpatient",
        "zhenjiang/not-stated#base-rates",
    ]


def test_a_threshold_that_is_only_asked_about_is_answered(talk: Talk) -> None:
    (reply,) = talk("无锡职工在职二级医院第二次住院，门槛费还是七百吗")
    assert reply.status is Status.ANSWERED
    # 750 × 50%
    assert "375 元" in reply.text
    assert "700" not in reply.text


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("新余二级医院住院，单位交的医保跟农村的起付线差多少", ("500", "400")),
        ("无锡居民住三级医院，社区转诊了跟没转，报的比例差多少", ("65%", "32.5%")),
        ("新余居民住二级医院，低保户跟不是低保户起付线差多少", ("不设起付线", "400")),
    ],
)
def test_a_comparison_may_name_its_other_side_in_passing(
    talk: Talk, question: str, sides: tuple[str, str]
) -> None:
    (reply,) = talk(question)
    assert all(side in reply.text for side in sides)
    assert "****" not in reply.text


def test_the_scheme_told_when_asked_is_no_word_of_the_question(talk: Talk) -> None:
    asked, told = talk("自己骑三轮翻了压到脚，住进来护士讲要填个表，哪个表，去哪里批", "新余居民")
    assert asked.status is Status.CLARIFY
    assert "监督窗口" in told.text
