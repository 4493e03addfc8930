"""A bill's parts, its corrections, and what follows from the care that is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.reply import Reply, Status
from tests.bot.estimates import clauses, settled, totals

Talk = Callable[..., list[Reply]]
_XINYU = {"region": "xinyu", "benefit": "inpatient", "hospital_level": "3"}


def test_what_no_class_holds_is_outside_the_catalogue(talk: Talk) -> None:
    message = "新余居民三级医院住院总共25000，甲类15000，乙类6000，丙类2000，剩下全自费，报多少"
    (reply,) = talk(message)
    classes = {"expense": "23000", "class_b": "6000", "class_c": "2000", "self_paid": "2000"}
    assert totals(reply) == settled(insurance="resident", **_XINYU, **classes)


def test_a_bed_above_its_ceiling_is_counted(talk: Talk) -> None:
    message = "新余职工，在职，住三级医院10天，床位80一天，总共2万，一般人员，自己付多少"
    (reply,) = talk(message)
    bed = {"bed_days": 10, "bed_price": "80", "personnel": "general", "employment": "working"}
    assert totals(reply) == settled(insurance="employee", expense="20000", **_XINYU, **bed)


def test_how_long_a_stay_was_asks_for_no_bed(talk: Talk) -> None:
    (reply,) = talk("新余职工在职，在三级医院住了12天，花了2万，报多少")
    assert totals(reply)


@pytest.mark.parametrize(
    ("correction", "expense", "self_paid"),
    [
        ("我看错行了，自费是两千，总数没错", "24000", "2000"),
        ("总数看错了，是两万八", "25000", "3000"),
    ],
)
def test_a_whole_bill_stays_one_when_a_part_is_corrected(
    talk: Talk, correction: str, expense: str, self_paid: str
) -> None:
    bill = "新余职工在职三级医院住院，总账单两万六，其中三千是目录外自费的"
    *_, reply = talk(bill, correction)
    case = {**_XINYU, "insurance": "employee", "employment": "working"}
    assert totals(reply) == settled(expense=expense, self_paid=self_paid, **case)


def test_what_comes_beside_a_bill_does_not_change_it(talk: Talk) -> None:
    told = "新余职工在职三级医院住院，能报的两万三，另外自费三千"
    *_, reply = talk(told, "自费不对，是两千")
    case = {**_XINYU, "insurance": "employee", "employment": "working"}
    assert totals(reply) == settled(expense="23000", self_paid="2000", **case)


def test_the_bill_of_the_stay_is_that_of_the_birth(talk: Talk) -> None:
    birth = "自由职业，常州自己交的职工医保没断过，上周在三级医院生的娃，帮我算算能给多少"
    *_, first, again = talk(birth, "住院能报的费用9600", "清单重新看了下是8900")
    case = {"region": "changzhou", "insurance": "employee", "benefit": "maternity"}
    case |= {"item": "delivery", "hospital_level": "3"}
    assert totals(first) == settled(expense="9600", **case)
    assert totals(again) == settled(expense="8900", **case)


@pytest.mark.parametrize("told", ["问了老婆，单子没开，是直接去的", "听孩子妈说单子没开，直接去的"])
def test_who_only_tells_is_not_the_patient(talk: Talk, told: str) -> None:
    bill = "我家孩子上小学，无锡居民医保，住院用了6800，能报多少"
    *_, reply = talk(bill, "区里的二级医院，社区开了转诊单的", told)
    case = {"region": "wuxi", "insurance": "resident", "benefit": "inpatient", "student": True}
    case |= {"hospital_level": "2", "referral": "unreferred"}
    assert totals(reply) == settled(expense="6800", **case)


def test_a_clinic_keeps_the_level_it_was_told_to_have(talk: Talk) -> None:
    bill = "我妈糖尿病，新余居民医保，有慢病卡，在一级的卫生院门诊拿药，三千块能报几多"
    *_, reply = talk(bill, "要是在市里三级医院拿呢，还是三千", "那还是卫生院吧，八千块呢")
    case = {"region": "xinyu", "insurance": "resident", "benefit": "outpatient_special"}
    assert totals(reply) == settled(expense="8000", hospital_level="1", disease_class="2", **case)


@pytest.mark.parametrize(
    "replies",
    [("新余", "职工", "3", "2"), ("新余", "职工医保", "三级", "退休"), ("3", "1", "3", "2")],
)
def test_a_number_that_chooses_is_no_amount(talk: Talk, replies: Sequence[str]) -> None:
    """And the level's own number is the number of the choice."""
    *_, reply = talk("我住院花了3万，能报多少", *replies)
    case = {**_XINYU, "insurance": "employee", "employment": "retired"}
    assert totals(reply) == settled(expense="30000", **case)


def test_the_way_elsewhere_told_otherwise_keeps_the_stay(talk: Talk) -> None:
    first = "无锡职工在职，医院转外去上海，5万，那边起付线1500，我出多少"
    *_, reply = talk(first, "要是没备案自己去的呢")
    case = {"region": "wuxi", "insurance": "employee", "benefit": "inpatient"}
    case |= {"employment": "working", "deductible": "1500", "route": "unregistered"}
    assert totals(reply) == settled(expense="50000", **case)


def test_who_is_spared_a_part_is_told_by_which_clause(talk: Talk) -> None:
    (reply,) = talk(
        "老爸镇江厂里退休，备了案长期住青岛，在那住院一万五，起付线600，报90%，他付多少"
    )
    assert "zhenjiang/out-of-area-employee#long-term" in clauses(reply)


@pytest.mark.parametrize(
    ("who", "referral"),
    [("住锡山区，居民医保约定在我们镇上的社区", "referred"), ("无锡居民医保", "unreferred")],
)
def test_a_hospital_that_takes_patients_without_referral(
    talk: Talk, who: str, referral: str
) -> None:
    message = f"我四十来岁，{who}。没转诊直接到锡山人民医院住院，二级，能报的6000，我要付多少"
    (reply,) = talk(message)
    case = {"region": "wuxi", "insurance": "resident", "benefit": "inpatient", "student": False}
    case |= {"hospital_level": "2", "referral": referral}
    assert totals(reply) == settled(expense="6000", **case)
    assert "wuxi/resident-xishan#no-referral" in clauses(reply)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("无锡居民医保生孩子，二级医院顺产花了4500，社区转诊的，能报多少", "产妇不是学生"),
        (
            "无锡职工在职，门诊统筹，在社区看病花了1200，卡里没钱了，能报多少",
            "约定的社区医院",
        ),
    ],
)
def test_what_follows_from_the_care_is_said_and_not_asked(
    talk: Talk, message: str, said: str
) -> None:
    (reply,) = talk(message)
    assert totals(reply)
    assert said in reply.text


def test_how_a_child_was_born_leaves_the_scheme_open(talk: Talk) -> None:
    asked, told = talk("开刀生的崽，在新余医保给几多钱？", "居民医保")
    assert asked.status is Status.CLARIFY
    assert "居民医保" in asked.follow_ups
    assert "2,640 元" in told.text


def test_another_reading_of_a_deductible_is_told_with_its_figure(talk: Talk) -> None:
    (reply,) = talk("新余退休职工，今年第二次住三级医院起付线多少")
    assert "360 元" in reply.text
    assert "320 元" in reply.text


def test_a_part_told_before_the_bill_is_taken_out_of_its_sum(talk: Talk) -> None:
    *_, reply = talk("新余居民三级医院住院，里面有自费3000，我要付多少", "总共26000")
    assert totals(reply) == settled(
        insurance="resident", expense="23000", self_paid="3000", **_XINYU
    )


def test_the_first_stay_may_be_told_last(talk: Talk) -> None:
    message = "无锡在职职工，第二次住二级医院，花了12000，第一次花了8000，这次报多少"
    (reply,) = talk(message)
    case = {"region": "wuxi", "insurance": "employee", "benefit": "inpatient"}
    case |= {"employment": "working", "hospital_level": "2", "admission_no": 2}
    assert totals(reply) == settled(expense="12000", year_expense_before="8000", **case)


@pytest.mark.parametrize(("place", "route"), [("1", "local"), ("2", "unregistered")])
def test_unreferred_care_that_may_be_elsewhere_is_asked_for_its_place(
    talk: Talk, place: str, route: str
) -> None:
    bill = "常州职工大病保险，今年自己负担9万，没办转诊，补多少"
    asked, told = talk(bill, place)
    assert asked.status is Status.CLARIFY
    case = {"region": "changzhou", "insurance": "employee", "benefit": "critical_illness"}
    assert totals(told) == settled(personal_burden="90000", route=route, **case)


def test_the_clause_of_the_other_kind_of_care_is_not_cited(talk: Talk) -> None:
    message = "镇江居民去南京住院，9600都在医保里，社区报六成，不是特殊的，我掏多少"
    (reply,) = talk(message)
    assert "zhenjiang/out-of-area-resident#other" in clauses(reply)
    assert "zhenjiang/out-of-area-resident#special" not in clauses(reply)
