"""Replies to the assistant's own question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status
from bot.understanding.choices import DONT_KNOW, Pending, choose

Talk = Callable[..., list[Reply]]

EMPLOYMENT = Pending(fact="employment", choices=("working", "retired"), labels=("在职", "退休"))
FLAG = Pending(fact="special_procedure", choices=(True, False), labels=("是", "不是"))


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("1", "working"),
        ("2", "retired"),
        ("第二个", "retired"),
        ("选1", "working"),
        ("退休", "retired"),
        ("已经退休好几年了", "retired"),
        ("没退休呢", "working"),
        ("不知道", DONT_KNOW),
        ("我也不清楚", DONT_KNOW),
        ("退了，去年退的", "retired"),
        ("拿养老金的", "retired"),
        ("还要干两年才退", "working"),
        ("在厂里干着呢", "working"),
    ],
)
def test_a_choice_is_understood_however_it_is_made(reply: str, value: str) -> None:
    assert choose(reply, EMPLOYMENT) == value


@pytest.mark.parametrize("reply", ["报销要带什么材料", "3", "谢谢", "新的报多少", "内退的"])
def test_what_is_no_reply_is_left_to_be_read_as_a_message(reply: str) -> None:
    assert choose(reply, EMPLOYMENT) is None


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("是", True),
        ("是的", True),
        ("不是", False),
        ("2", False),
        ("不是的，就是普通的肺炎，住了九天", False),
        ("是的，医生说在那十八种名单里面", True),
        ("没有备案，自己过去看病的，怎么办", None),
        ("他其实是常年住在外地的", None),
        ("应该不是吧", False),
    ],
)
def test_yes_and_no(reply: str, value: object) -> None:
    assert choose(reply, FLAG) is value


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("转了", "referred"),
        ("是的", "referred"),
        ("医生让去的", "referred"),
        ("没有", "unreferred"),
        ("社区不肯开", "unreferred"),
        ("自己跑去的", "unreferred"),
    ],
)
def test_whether_the_community_sent_one_is_answered_by_yes_and_no(reply: str, value: str) -> None:
    labels = {"referred": "经转诊（或按规定首诊、急症）", "unreferred": "未转诊"}
    asked = Pending(fact="referral", choices=tuple(labels), labels=tuple(labels.values()))
    assert choose(reply, asked) == value


def test_an_emergency_is_told_though_it_was_not_offered(talk: Talk) -> None:
    told = "无锡退休职工，在杭州二级医院住院，三万块医保里的，今年头一次，能报回来多少"
    sudden = "旅游时突然脑溢血，什么都没来得及办，医院说够急危重的标准"
    *_, last = talk(told, sudden)
    assert "27,836.00" in last.text


@pytest.mark.parametrize(
    ("reply", "said"),
    [("胆结石", "20,000.00"), ("就普通开刀", "20,000.00"), ("换了个肾", "5,000.00")],
)
def test_an_operation_is_told_instead_of_yes_or_no(talk: Talk, reply: str, said: str) -> None:
    *_, last = talk("镇江职工转外地做手术花了5万，先付多少", reply)
    assert said in last.text


def test_an_operation_that_may_be_the_listed_one_is_asked_again(talk: Talk) -> None:
    *_, last = talk("镇江职工转外地做手术花了5万，先付多少", "放支架")
    assert last.status is Status.CLARIFY


def test_what_one_pays_for_the_insurance_is_no_bill(talk: Talk) -> None:
    *_, last = talk("新余，二级医院住院花了一万，能报多少", "没工作，每年在社区交380")
    assert "7,680.00" in last.text


def test_amounts_and_counts_need_no_unit() -> None:
    assert choose("15000", Pending(fact="expense")) == "15000"
    assert choose("两万五", Pending(fact="expense")) == "25000"
    assert choose("71", Pending(fact="age")) == 71
    assert choose("七十一岁", Pending(fact="age")) == 71
    assert choose("快七十了", Pending(fact="age")) == 69
    assert choose("不到70", Pending(fact="age")) == 69
    assert choose("刚满七十", Pending(fact="age")) == 70
    assert choose("85%", Pending(fact="local_rate")) == "0.85"
    assert choose("六成五", Pending(fact="local_rate")) == "0.65"
    assert choose("不是七成，是六成五", Pending(fact="local_rate")) == "0.65"
    assert choose("100%", Pending(fact="local_rate")) == "1"


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("不是居民那种", "employee"),
        ("特殊人员统筹的，不是居民", "employee"),
        ("没有交居民医保", "employee"),
        ("我不是职工医保", "resident"),
        ("不是居民，是职工", "employee"),
        ("居民", "resident"),
        ("没上过班，交的那个农村的", "resident"),
        ("村里交的", "resident"),
        ("每年交380那个", "resident"),
        ("单位给交的", "employee"),
    ],
)
def test_of_two_schemes_the_one_that_is_not_denied_is_meant(reply: str, value: str) -> None:
    schemes = Pending(
        fact="insurance", choices=("employee", "resident"), labels=("职工医保", "居民医保")
    )
    assert choose(reply, schemes) == value


@pytest.mark.parametrize("reply", ["2", "选2", "第二个", "2。"])
def test_the_number_of_a_choice_is_no_amount(talk: Talk, reply: str) -> None:
    *_, last = talk("新余三级住院报几成", reply)
    assert last.status is Status.ANSWERED
    assert "60%" in last.text
    assert "按您说的情况" not in last.text


def test_a_bill_stays_as_it_was_told_when_choices_are_made_by_number(talk: Talk) -> None:
    *_, last = talk("住院花了一万二，二级医院，能报多少", "3", "2")
    assert "9,280.00" in last.text


def test_a_number_after_an_answer_is_no_bill(talk: Talk) -> None:
    *_, last = talk("镇江职工去上海看病先自付几成", "2")
    assert "2.00 元" not in last.text
