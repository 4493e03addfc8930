"""Questions that lean on the one before, or on its answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply

Talk = Callable[..., list[Reply]]


def test_a_short_question_leans_on_the_one_before(talk: Talk) -> None:
    _, reply = talk("无锡职工医保住院起付线多少", "那退休的呢")
    assert "600 元" in reply.text
    assert "750" not in reply.text


def test_a_stay_in_a_hospital_of_a_level_stays_the_subject(talk: Talk) -> None:
    first, other, father = talk("新余居民住三级报几成", "二级呢", "我老爸他是单位上的，也去二级")
    assert "医保付 60%" in first.text
    assert "医保付 80%" in other.text
    assert "医保付 95%" in father.text
    for reply in (first, other, father):
        assert any("inpatient" in citation.clause for citation in reply.citations)


def test_a_short_question_leans_on_those_before_the_last(talk: Talk) -> None:
    *_, reply = talk(
        "我无锡机关里上班的，公务员那个门诊补助一年多少",
        "退了以后呢",
        "要像他们一样去签个社区不",
    )
    assert "不用约定" in reply.text


def test_a_bare_question_for_a_fee_is_about_the_procedure_before(talk: Talk) -> None:
    *_, reply = talk("无锡大市一卡通怎么办", "手机上行吗", "要钱不")
    assert "没有写明“办手续收的费”" in reply.text


def test_the_last_question_is_asked_of_another_disease(talk: Talk) -> None:
    on_it, not_on_it, again = talk("无锡职工肺癌能办门慢吗", "那肺气肿呢", "那糖尿病呢")
    assert on_it.text.startswith("**可以，在名单里。**")
    assert not_on_it.text.startswith("**名单里没有写到“肺气肿”。**")
    assert again.text.startswith("**可以")
    assert "糖尿病" in again.text
    for reply in (on_it, not_on_it, again):
        clauses = {citation.clause for citation in reply.citations}
        assert "wuxi/employee-outpatient-chronic#diseases" in clauses


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("常州职工，特药能在三院办吗", "七院呢", "名单里没有写到“七院”"),
        ("常州职工，特药能在三院办吗", "那肿瘤医院呢", "**可以。**肿瘤医院"),
        ("常州职工的特药在哪几家药店买", "溧阳有吗", "**有。**溧阳国大人民药房中心店"),
        ("镇江丹徒区人民医院能刷跨省住院吗", "市四院呢", "镇江市第四人民医院"),
    ],
)
def test_the_last_list_is_asked_for_another_name(
    talk: Talk, first: str, then: str, told: str
) -> None:
    before, reply = talk(first, then)
    assert told in reply.text.splitlines()[0]
    assert {c.clause for c in reply.citations} == {c.clause for c in before.citations}


@pytest.mark.parametrize(
    ("first", "then", "clause"),
    [
        (
            "新余的，明天就出院了，能带几天的药",
            "没打完的针能带回去让村医打吗",
            "xinyu/discharge#take-home-drugs",
        ),
        (
            "常州长期异地办好了，多久以后能取消",
            "这期间回常州看病，卡还能刷吗",
            "changzhou/out-of-area#card-locked",
        ),
        (
            "无锡医院转外，备案以后几天里要住进去",
            "中间回无锡配药，卡还能用吗",
            "wuxi/hospital-referral#home-card",
        ),
        (
            "常州的，社保卡断成两截了，去哪里换",
            "我下礼拜就要住院，新的来不及怎么办",
            "changzhou/lost-card#temporary-card",
        ),
        (
            "新余的，孩子刚生下来，最晚几个月里要参保",
            "我跟他爸都有医保，他今年这份钱还要不要交",
            "xinyu/newborn#contribution",
        ),
    ],
)
def test_the_next_question_is_looked_for_in_the_document_told_of(
    talk: Talk, first: str, then: str, clause: str
) -> None:
    _, reply = talk(first, then)
    assert reply.citations[0].clause == clause


@pytest.mark.parametrize(
    ("first", "then", "clause"),
    [
        (
            "无锡职工自主转院先自付多少",
            "备案后几天内要住进去",
            "wuxi/self-referral#validity",
        ),
        (
            "无锡医院转外备案后多久内要住院",
            "自主转院呢",
            "wuxi/self-referral#validity",
        ),
        (
            "无锡医保，长期住在西安女儿家，怎么备案",
            "住不惯想撤了，最快多久可以",
            "wuxi/out-of-area-long-term-cross-province",
        ),
        (
            "无锡医保，长期住在徐州女儿家，怎么备案",
            "住不惯想撤了，最快多久可以",
            "wuxi/out-of-area-long-term-in-province",
        ),
    ],
)
def test_of_several_ways_elsewhere_the_one_spoken_of_is_told(
    talk: Talk, first: str, then: str, clause: str
) -> None:
    _, reply = talk(first, then)
    assert reply.citations[0].clause.startswith(clause)


@pytest.mark.parametrize("unclear", ["就是上次那个地方", "没听懂", "wx", "我在乡下交的"])
def test_a_reply_that_says_nothing_leaves_the_question_as_it_was(talk: Talk, unclear: str) -> None:
    at_once, again, told = talk("转院怎么办", unclear, "常州")
    assert again.text == at_once.text
    assert told.citations[0].clause == "changzhou/referral#apply"


def test_a_subject_is_asked_about_before_the_city_is_known(talk: Talk) -> None:
    asked, told = talk("家庭共济怎么办", "无锡")
    assert "在哪里参加" in asked.text
    assert "没有写明“家庭共济”" in told.text


def test_giving_a_registration_up_is_no_question_of_a_right_to_it(talk: Talk) -> None:
    *_, reply = talk("常州退休的，异地备案怎么办", "我住不惯，才两个月，想撤掉行不行")
    assert reply.citations[0].clause == "changzhou/out-of-area#valid"


def test_a_further_question_keeps_to_the_province_of_care(talk: Talk) -> None:
    *_, reply = talk(
        "医保交在无锡，人在安徽合肥，异地备案手机上能弄吗",
        "万一弄好三个月我又想搬回去住，撤得掉吗",
    )
    assert reply.citations[0].clause == "wuxi/out-of-area-long-term-cross-province#cancel"


def test_whose_rules_hold_is_a_question_of_its_own(talk: Talk) -> None:
    *_, reply = talk(
        "常州退休职工，住在合肥，备案办了，在合肥看门诊能刷卡吗",
        "那住院呢，门槛和成数看合肥的还是看我们常州的",
    )
    assert reply.citations[0].clause == "changzhou/networked-settlement#catalogue"


def test_what_is_left_open_of_a_further_stay_is_said(talk: Talk) -> None:
    (reply,) = talk("新余农村医保，今年二级医院第二次住，门槛是不是便宜一百")
    assert reply.citations[0].clause == "xinyu/resident-inpatient#repeat-admissions"


def test_a_disease_on_no_list_is_none_of_it(talk: Talk) -> None:
    (reply,) = talk("镇江肺癌算特殊项目吗")
    assert reply.text.startswith("**名单里没有写到“肺癌”。**")


def test_care_elsewhere_as_such_is_not_told_by_what_one_benefit_pays(talk: Talk) -> None:
    (reply,) = talk("我妹在常州上班，职工医保，医院帮她办了手续转到上海去看，那边会少报几个点")
    assert reply.citations[0].clause == "changzhou/referral#rate"


@pytest.mark.parametrize(
    ("city", "question"),
    [
        ("常州", "职工门诊报百分之几"),
        ("新余", "社保卡丢了上哪补"),
        ("常州", "异地那块要打电话，儿子抄给我86620190，邻居说打12333，到底哪个是对的"),
    ],
)
def test_a_city_told_when_asked_gets_the_same_answer(talk: Talk, city: str, question: str) -> None:
    (at_once,) = talk(f"{city}，{question}")
    _, asked = talk(question, city)
    assert asked.text == at_once.text


def test_a_place_that_one_went_to_is_not_where_one_is_insured(talk: Talk) -> None:
    (reply,) = talk("居民医保，去上海换肾，那上海这笔能报多少")
    assert "在哪里参加" in reply.text


@pytest.mark.parametrize(
    ("question", "place", "scheme"),
    [
        ("退休了异地安置怎么弄", "镇江", "职工"),
        ("异地备案怎么办", "常州的", "职工医保"),
        ("我妈要去外地看病，去哪里办手续", "新余", "居民的"),
    ],
)
def test_a_scheme_told_after_the_answer_leaves_the_question(
    talk: Talk, question: str, place: str, scheme: str
) -> None:
    _, before, after = talk(question, place, scheme)
    assert after.citations[0].clause == before.citations[0].clause


@pytest.mark.parametrize("disease", ["高血压", "冠心病", "肝硬化", "帕金森"])
def test_the_scheme_said_to_be_told_is_the_one_told(talk: Talk, disease: str) -> None:
    reply = talk(f"{disease}能办慢病吗", "新余")[-1]
    told, _, scheme = reply.text.partition("上面说的是")
    assert scheme[:2] in ("职工", "居民")
    assert scheme[:2] in told


def test_rules_of_a_district_are_told_where_it_is_named(talk: Talk) -> None:
    everywhere = talk("无锡居民没转诊垫的钱去哪报")[-1]
    assert everywhere.citations[0].clause == "wuxi/unregistered#pay-all-then-claim"
    there = talk("我是锡山的居民，去锡山人民医院要转诊吗")[-1]
    assert there.citations[0].clause.startswith("wuxi/resident-xishan#")


def test_rules_of_the_other_scheme_are_not_told_as_ones_own(talk: Talk) -> None:
    reply = talk("无锡职工去上海看病要不要转诊")[-1]
    assert "居民医保参保人转外地" not in reply.text
