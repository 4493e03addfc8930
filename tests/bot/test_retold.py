"""A case told anew: for another person or scheme, without a hardship, before the place is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status
from tests.bot.estimates import totals

Talk = Callable[..., list[Reply]]


@pytest.mark.parametrize("told", ["五保没批下来", "低保去年取消了", "其实不是五保，低保也没有"])
def test_a_hardship_that_is_denied_spares_nothing(talk: Talk, told: str) -> None:
    before, after = talk("新余居民，二叔五保，一级医院住院3200，要出多少", told)
    assert totals(before) == ("2880.00", "320.00")
    # 100 + 3,100 × 10%
    assert totals(after) == ("2790.00", "410.00")


def test_another_person_is_in_the_scheme_that_his_work_tells(talk: Talk) -> None:
    *_, worker = talk(
        "我妈新余居民，二级住院花了8000，不是困难户，出多少", "我弟也住院8000，二级，他在厂里上班"
    )
    # 500 + 7,500 × 5%
    assert totals(worker) == ("7125.00", "875.00")


def test_the_class_of_a_disease_is_not_carried_into_another_scheme(talk: Talk) -> None:
    told = "新余居民，血压高，有慢病卡，一级医院拿药一年7000，自己出多少"
    answered, asked = talk(told, "那职工呢")
    assert totals(answered) == ("5000.00", "2000.00")
    assert (asked.status, "Ⅲ期以下" in asked.text) == (Status.CLARIFY, True)


@pytest.mark.parametrize("treated", ["门诊透析", "门诊化疗", "吃抗排异药"])
def test_a_treatment_tells_the_listed_disease(talk: Talk, treated: str) -> None:
    (answered,) = talk(f"新余职工，{treated}这个月6400，卡里一分都没有了，我出多少")
    # class 1: 15%
    assert totals(answered) == ("5440.00", "960.00")


def test_figures_told_before_the_place_belong_to_the_bill_that_follows(talk: Talk) -> None:
    asked, answered = talk(
        "我先讲，门槛一千，过了报85%，帮我算算自己掏多少",
        "镇江职工，去上海住院，15000都是范围里的，是18种特殊的",
    )
    assert asked.status is Status.CLARIFY
    # 15,000 × 10% + 1,000 + 12,500 × 15%
    assert totals(answered) == ("10625.00", "4375.00")


def test_the_price_of_a_bed_is_read_beside_its_days(talk: Talk) -> None:
    *_, answered = talk(
        "新余职工，在职，三级医院住了5天一共七千块，自己多少",
        "里头有床位费，一天80，五天都是。我就普通工人，没级别，再算一遍呢",
    )
    # 5 × 50 + 700 + 6,050 × 10%
    assert totals(answered) == ("5445.00", "1555.00")


@pytest.mark.parametrize(
    "anew", ["麻烦重算，我妈吃低保的", "她有低保证，这个管用吗？管用再算一回", "要是低保户，差多少"]
)
def test_a_sum_asked_for_again_is_that_of_the_case_told_otherwise(talk: Talk, anew: str) -> None:
    *_, answered = talk("新余居民，我妈在二级医院住院花了6000，不是困难户，出多少", anew)
    assert totals(answered) == ("4800.00", "1200.00")


@pytest.mark.parametrize("whose", ["得冠心病的是我老伴", "冠心病的人是她"])
def test_a_disease_that_is_anothers_is_not_the_patients(talk: Talk, whose: str) -> None:
    told = "新余退休职工，冠心病看门诊，卡里用光了又花2600，医保出多少"
    *_, answered = talk(told, f"弄混了，{whose}，我是糖尿病，没有并发症")
    # 1,000 + 1,600 × 35%
    assert totals(answered) == ("1040.00", "1560.00")


def test_how_a_relative_is_not_insured_is_passed_over(talk: Talk) -> None:
    (answered,) = talk(
        "我妹居民医保，新余二级医院顺产花了4000，我妹夫在杭州送外卖没买职工的，医保补多少"
    )
    assert totals(answered) == ("900.00", "3100.00")
