"""What the basic insurance leaves to the patient, as people tell it, and what pays of that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status
from tests.bot.estimates import clauses, totals

Talk = Callable[..., list[Reply]]

_POOR = "常州职工医保，低保户，住院"


@pytest.mark.parametrize(
    "told",
    [
        "医保结完了还付了现金8400，里面门槛费900，救助能给多少",
        "报销完我们又掏了8400，其中起付线900，医疗救助给多少",
        "总共花了五万，自己付了8400，其中门槛900，救助多少",
        "自己付了8400，里头起付线900，救助能给多少",
        "结好账还剩8400要付，门槛费900，救助给报多少",
    ],
)
def test_what_was_paid_after_the_insurance_is_what_assistance_pays_of(
    talk: Talk, told: str
) -> None:
    (reply,) = talk(_POOR + told)
    # 900 + 7,500 × 80%
    assert totals(reply) == ("6900.00", "1500.00")


@pytest.mark.parametrize(
    "answer", ["8400，里头门槛费900", "门槛900，一共付了8400", "8400，起付线900"]
)
def test_an_amount_asked_for_is_told_with_its_parts(talk: Talk, answer: str) -> None:
    asked, reply = talk("常州低保户，职工医保，住院花了5万，医疗救助能给多少", answer)
    assert "现金" in asked.text
    assert totals(reply) == ("6900.00", "1500.00")


def test_a_whole_bill_is_not_taken_for_what_is_left(talk: Talk) -> None:
    (reply,) = talk(_POOR + "总共花了5万，门槛900，救助能给多少，我自己付多少")
    assert reply.status is Status.CLARIFY
    assert "现金" in reply.text


@pytest.mark.parametrize(
    "otherwise",
    ["那要是不是低保，就普通职工，也是负担92000呢？", "要是不是低保户呢", "如果不是低保呢"],
)
def test_if_it_were_not_so_denies_it(talk: Talk, otherwise: str) -> None:
    told = "常州职工医保，低保，报完个人负担92000，其中乙类自付57000，大病保险给多少"
    poor, plain = talk(told, otherwise)
    # 57,000: 20,000 × 50% + 30,000 × 60% + 7,000 × 70%
    assert totals(poor) == ("32900.00", "59100.00")
    # (92,000 - 20,000): 30,000 × 50% + 42,000 × 60%
    assert totals(plain) == ("40200.00", "51800.00")


@pytest.mark.parametrize("denied", ["（没有公务员补助）", "，没有公务员医疗补助", "，不享受公补的"])
def test_a_benefit_that_one_has_not_is_not_settled(talk: Talk, denied: str) -> None:
    told = f"退休老师{denied}，无锡职工医保，签过门诊统筹，卡空了，在签约社区看门诊3200，能报多少"
    (reply,) = talk(told)
    assert totals(reply) == ("2720.00", "480.00")
    assert all("civil-servant" not in clause for clause in clauses(reply))


@pytest.mark.parametrize(
    "earlier",
    [
        "忘了讲，前头两趟医保范围里的费用加起来已经9000了",
        "前两次范围里一共花了9000",
        "前面两回用了9000",
    ],
)
def test_what_stays_before_came_to_is_no_new_bill(talk: Talk, earlier: str) -> None:
    told = "无锡厂里退休的职工医保，二级医院第三趟住院，一万五全在医保里，我自己付多少"
    first, second = talk(told, earlier)
    assert totals(first) == ("14009.00", "991.00")
    # 150 + 850 × 6% + 14,000 × 5%
    assert totals(second) == ("14099.00", "901.00")


def test_a_relative_who_only_tells_is_no_patient(talk: Talk) -> None:
    first, second = talk(
        "我爸无锡退休职工，二级医院住院三万六，都在范围里，自己付多少",
        "哦我妈刚讲，今年春上已经住过一趟了，这是第二趟",
    )
    assert totals(first) == ("33536.00", "2464.00")
    # 300 + 9,700 × 6% + 26,000 × 5%
    assert totals(second) == ("33818.00", "2182.00")
