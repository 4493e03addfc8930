"""Which clause a question gets, and whether it opens with the yes or no that the clause says."""

from __future__ import annotations

import pytest

from bot.reply import Status
from tests.bot.answering.conftest import Ask

_NO = "**不可以。"
_YES = "**可以。"


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("常州外省门诊能刷卡吗", _NO),
        ("常州跨省门诊能不能刷卡", _NO),
        ("常州省内门诊能刷卡吗", _YES),
        ("常州外省住院能直接刷卡吗", _YES),
        ("镇江 浙江看门诊能刷卡吗", _NO),
        ("镇江跨省住院能刷卡吗", _YES),
    ],
)
def test_a_table_by_distance_says_yes_or_no_for_the_distance_told(
    ask: Ask, question: str, opening: str
) -> None:
    assert ask(question).text.startswith(opening)


@pytest.mark.parametrize("question", ["镇江外省门诊能刷卡吗", "镇江去外地看门诊能刷卡吗"])
def test_rows_that_differ_say_neither_yes_nor_no(ask: Ask, question: str) -> None:
    assert not ask(question).text.startswith((_YES, _NO))


@pytest.mark.parametrize(
    "question",
    ["新余外地门诊能刷卡吗", "镇江省外看病按镇江的药品目录吗", "无锡自主转院后门诊能报吗"],
)
def test_what_is_left_open_or_limited_gets_no_yes(ask: Ask, question: str) -> None:
    assert not ask(question).text.startswith(_YES)


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("无锡跟人打架受伤，医保报吗", "**不报。"),
        ("无锡美容手术医保能报吗", "**不报。"),
        ("新余职工做试管婴儿报吗", "**不报。"),
        ("无锡没有打架，自己摔的，报吗", "下面这些"),
    ],
)
def test_an_item_of_what_is_not_paid_is_refused(ask: Ask, question: str, opening: str) -> None:
    assert ask(question).text.startswith(opening)


@pytest.mark.parametrize(
    "question",
    [
        "你好，请问无锡居民门诊门槛多少",
        "我是无锡的，居民门诊门槛多少",
        "无锡居民门诊门槛多少？谢谢",
    ],
)
def test_greetings_and_thanks_change_nothing(ask: Ask, question: str) -> None:
    plain = ask("无锡居民门诊门槛多少")
    assert ask(question).text == plain.text


def test_the_share_of_another_benefit_is_no_share_of_a_stay(ask: Ask) -> None:
    reply = ask("新余居民的大病补偿付几成")
    assert [c.clause for c in reply.citations] == ["xinyu/resident-inpatient#critical-illness"]
    assert "60%" not in reply.text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("常州地中海贫血输血，给不给报", "地中海贫血"),
        ("镇江胆结石去上海开刀，算特殊项目吗", "胆结石"),
        ("镇江 腰椎间盘突出去南京做手术算不算特殊", "腰椎间盘突出"),
        ("常州，溧阳人民医院给办特药不？", "溧阳人民医院"),
    ],
)
def test_what_no_list_of_the_benefit_names_is_said_first(
    ask: Ask, question: str, name: str
) -> None:
    assert ask(question).text.startswith(f"**名单里没有写到“{name}”。**")


def test_whether_a_disease_is_of_a_listed_kind_is_for_a_doctor(ask: Ask) -> None:
    assert "血液系统恶性肿瘤" in (text := ask("常州白血病输血报不报").text)
    assert "请问一下医生" in text


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("我是低保户，新余住院医生要用一种自费的针，谁来批", "xinyu/poverty#self-paid-approval"),
        ("新余住院医生要用一种自费的针，要签字吗", "xinyu/catalogue#consent"),
        ("无锡做门诊化疗，先填什么表", "wuxi/employee-chemoradiotherapy#steps"),
        ("常州钱包被偷了，卡怎么先锁住", "changzhou/lost-card#temporary-loss"),
        ("常州办了备案卡锁了，回来看病怎么办", "changzhou/out-of-area#card-locked"),
        ("单位派我去西安驻两年，常州医保，办异地要交哪些材料", "changzhou/out-of-area#materials"),
        (
            "镇江居民，妈住合肥两年了，想办备案，带什么去",
            "zhenjiang/registration#long-term",
        ),
        ("无锡办了跨省备案，想在手机上撤掉", "wuxi/out-of-area-long-term-cross-province#cancel"),
        (
            "办了南京的异地备案，现在搬回无锡住了，卡还冻着，怎么恢复",
            "wuxi/out-of-area-long-term-in-province#cancel",
        ),
        (
            "无锡的，社保卡重新补了一张，宜兴医院刷不了，一卡通我早办过的，怎么办",
            "wuxi/out-of-area-card#new-card",
        ),
        ("一卡通在江阴刷不了怎么办，无锡的", "wuxi/out-of-area-card#trouble"),
        ("去昆山厂里做事，镇江居民，备案要啥", "zhenjiang/registration#migrant-workers"),
        ("没来得及备案就住院了，无锡职工，回来怎么报", "wuxi/unregistered#pay-all-then-claim"),
        (
            "爸妈住南京我姐家，无锡医保，去柜台替他们登记要拿哪些证件",
            "wuxi/out-of-area-long-term-in-province#apply-counter",
        ),
        ("单位派我常驻成都，镇江医保，要填的那张表叫什么", "zhenjiang/registration#long-term"),
        (
            "我在镇江一家公司做人事，要给大家讲讲，职工里头哪几种人能办异地联网结算",
            "zhenjiang/out-of-area-basics#groups",
        ),
        (
            "肝硬化慢病证到手了，新余居民，看病跑哪几个窗口",
            "xinyu/resident-outpatient-special#how-to-claim",
        ),
    ],
)
def test_the_clause_for_what_was_told_comes_first(ask: Ask, question: str, clause: str) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert reply.citations[0].clause == clause


def test_of_which_kind_one_is_the_kinds_definitions_tell(ask: Ask) -> None:
    reply = ask("厂在镇江，社保厂里交，家住扬州，我算哪类异地人员")
    assert "住在市区以外" in reply.text
    assert "zhenjiang/out-of-area-basics#posted-worker" in {c.clause for c in reply.citations}


def test_a_district_has_one_or_the_list_is_shown(ask: Ask) -> None:
    assert ask("常州溧阳有卖特药的药店吗").text.startswith("**有。**溧阳国大")
    assert "湖塘人民路店" in ask("常州新北有卖特药的药店吗").text


@pytest.mark.parametrize(
    ("told", "opening"),
    [
        ("没放过支架，只吃药", "不算"),
        ("支架还没装", "不算"),
        ("前年放了支架", "可以"),
        ("支架放了没几天", "可以"),
    ],
)
def test_a_disease_listed_only_after_a_treatment_is_not_listed_without_it(
    ask: Ask, told: str, opening: str
) -> None:
    reply = ask(f"新余居民医保，我叔冠心病，{told}，可以办慢病卡吗")
    assert reply.text.startswith(f"**{opening}")
