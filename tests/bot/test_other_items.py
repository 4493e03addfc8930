"""Another disease, procedure or drug instead of the one before; bills of several persons."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status
from tests.bot.estimates import clauses, totals

Talk = Callable[..., list[Reply]]

KIDNEY = "镇江居民，去上海换肾，10万，社区报60%，报多少"


@pytest.mark.parametrize(
    "told",
    [
        "那假如不是换肾，是胆结石手术，花3万呢",
        "换成胆结石手术呢，3万",
        "要是做的是膝盖置换呢，3万",
        "要是感冒呢，也是3万",
        "不是换肾，是骨髓移植，3万",
        "我妈也去南京，做胆囊，3万",
    ],
)
def test_what_a_procedure_implied_goes_with_it(talk: Talk, told: str) -> None:
    first, asked, settled = talk(KIDNEY, told, "不是")
    # 100,000 × 30%
    assert totals(first) == ("30000.00", "70000.00")
    assert asked.status is Status.CLARIFY
    assert "特殊诊疗项目" in asked.text
    # 30,000 × 80% × 30%
    assert totals(settled) == ("7200.00", "22800.00")


@pytest.mark.parametrize("told", ["要是去南京呢", "要是社区报的是60%呢", "那这个手术呢，还是10万"])
def test_what_names_no_other_procedure_keeps_it(talk: Talk, told: str) -> None:
    assert totals(talk(KIDNEY, told)[-1]) == ("30000.00", "70000.00")


@pytest.mark.parametrize(
    ("told", "other", "expected"),
    [
        # 3,000 × 70%
        (
            "镇江居民，去南京做胃镜3000，不是特殊项目，社区报60%，报多少",
            "改成小肠镜呢",
            ("900.00", "2100.00"),
        ),
        # (3,000 - 700) × 75%, then (3,000 - 1,000) × 65%
        (
            "新余职工门诊高血压没到三期，花了3000，自己掏多少",
            "不是高血压，是红斑狼疮",
            ("1725.00", "1275.00"),
        ),
        (
            "新余职工门诊红斑狼疮，花了3000，自己掏多少",
            "换成糖尿病没并发症的呢",
            ("1300.00", "1700.00"),
        ),
        # 65%
        ("常州职工格列卫一年5万，报多少", "换成别的新特药呢", ("32500.00", "17500.00")),
    ],
)
def test_another_item_of_a_list_is_settled_as_its_own(
    talk: Talk, told: str, other: str, expected: tuple[str, str]
) -> None:
    assert totals(talk(told, other)[-1]) == expected


@pytest.mark.parametrize(
    "told",
    [
        "新余居民，高血压门诊，二级医院花了3000，自己掏多少",
        "无锡职工，68岁，高血压门慢，卡里没钱，药费3000，自己掏多少",
    ],
)
def test_a_disease_on_no_list_has_no_benefit_of_the_list(talk: Talk, told: str) -> None:
    *_, reply = talk(told, "换成感冒呢")
    assert reply.status is Status.CLARIFY
    assert "哪一项待遇" in reply.text


def test_of_outpatient_care_no_benefit_of_stays_is_offered(talk: Talk) -> None:
    (reply,) = talk("无锡职工退休，门诊看了3000，报多少")
    assert "门诊统筹" in reply.text
    assert "住院" not in reply.text


def test_bills_of_two_persons_are_settled_one_by_one(talk: Talk) -> None:
    (reply,) = talk(
        "我爸无锡职工退休二级医院第一次住院花了1万，我妈新余居民二级医院住院花了5000，各掏多少"
    )
    assert reply.status is Status.ANSWERED
    # 600 + 9,400 × 6%; 400 + 4,600 × 20%
    assert "**我爸**" in reply.text
    assert "自己付 **1,164.00 元**" in reply.text
    assert "自己付 **1,320.00 元**" in reply.text


def test_what_is_said_of_both_is_of_each(talk: Talk) -> None:
    told = "新余居民，我和我老公都在二级医院住院，我花了8000，他花了6000，各自报多少"
    (reply,) = talk(told)
    # (8,000 - 400) × 80%; (6,000 - 400) × 80%
    assert "**6,080.00 元**" in reply.text
    assert "**4,480.00 元**" in reply.text


def test_what_one_of_two_persons_leaves_open_is_asked(talk: Talk) -> None:
    asked, settled = talk(
        "镇江居民，我爸去南京换肾10万，我妈去南京做胆囊手术3万，社区都报60%，各报多少", "不是"
    )
    assert asked.status is Status.CLARIFY
    assert "**70,000.00 元**" in asked.text
    assert totals(settled) == ("7200.00", "22800.00")


def test_what_somebody_else_says_of_a_bill_is_no_bill(talk: Talk) -> None:
    (reply,) = talk("新余居民，我妈二级医院住院花了1万，我爸说里面2000自费，各种都算上自己出多少")
    assert "我爸" not in reply.text


def test_the_scheme_of_another_person_is_said_to_be_assumed(talk: Talk) -> None:
    first, second = talk("新余居民，我爸二级住院8000，自己出多少", "我妈三级12000呢")
    assert "也是居民医保" not in first.text
    assert "也是居民医保" in second.text


@pytest.mark.parametrize(
    "told",
    [
        "合规的还压着他自己6万块，大病保险这道再给多少",
        "报完合规的落到个人头上还有6万，大病保险能给多少",
        "全年结完还要自己扛六万，大病给报多少",
        "合规部分自己贴了6万，大病保险还能报多少",
    ],
)
def test_what_is_left_to_the_patient_in_many_words(talk: Talk, told: str) -> None:
    # 30,000 × 50% + 10,000 × 60%
    assert totals(talk(f"我爸常州职工，{told}")[-1]) == ("21000.00", "39000.00")


@pytest.mark.parametrize("told", ["住二级医院那四百块起步钱免不免", "二级医院住院6000，自己掏多少"])
def test_what_the_documents_leave_open_for_a_group_is_said(talk: Talk, told: str) -> None:
    (reply,) = talk(f"我家评的是支出型贫困，新余居民，{told}")
    assert "没有写他们住院是否也免起付线" in reply.text
    assert "xinyu/resident-inpatient#hardship-deductible" in clauses(reply)


def test_what_was_spent_or_paid_before_is_added_to_the_case(talk: Talk) -> None:
    chronic = "我妈无锡职工退休，七十二了，糖尿病门慢，卡里还剩500，配药花了2600，自己掏多少"
    # (2,600 - 500) × 80%: the threshold is paid already
    assert totals(talk(chronic, "忘了说，今年之前门慢已经花过900了")[-1]) == ("1680.00", "920.00")
    special = "新余居民，糖尿病慢病卡，三级医院配药3000，自己出多少"
    # 500 are left of 5,000
    assert totals(talk(special, "今年已经报了4500了")[-1]) == ("500.00", "2500.00")


def test_two_persons_of_one_message_are_settled_side_by_side(talk: Talk) -> None:
    (reply,) = talk("我和我爸都新余职工，我在职，他退休，各住三级医院一次，各花两万，各报多少")
    # 20,000 - 700 and 20,000 - 420, × 90%
    assert "在职：您付 **2,630.00 元**" in reply.text
    assert "退休：您付 **2,378.00 元**" in reply.text


def test_what_is_known_of_one_relative_says_nothing_of_another(talk: Talk) -> None:
    first = "新余职工，我爸退休，三级医院第二次住院花了2万，自己出多少"
    *_, asked = talk(first, "我叔叔也是新余职工，二级，8000")
    assert asked.status is Status.CLARIFY
    *_, settled_ = talk(first, "那我舅舅呢，职工，没退休，二级，8000")
    # 500 + 7,500 × 5%
    assert totals(settled_) == ("7125.00", "875.00")
