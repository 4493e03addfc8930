"""A patient's case told over several messages: varied, left and come back to, another stay."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import Reply, Status
from tools.settlement import settle

Talk = Callable[..., list[Reply]]

XINYU_RESIDENT = "新余居民，二级医院住院花了12000，自己付多少"
WUXI_RESIDENT = "无锡居民，二级医院住院花了1万，转诊的，不是学生，自己出多少"
WUXI_EMPLOYEE = "无锡职工在职，二级医院第一次住院花了25000，自己出多少"

LEVELS = {"1": "一级", "2": "二级", "3": "三级"}
EXPENSES = st.integers(5_001, 90_000)


def totals(reply: Reply) -> tuple[str, str]:
    """What the fund and the patient pay, which the text has to show, too."""
    assert reply.status is Status.ANSWERED, reply.text
    assert reply.estimate is not None
    fund, patient = reply.estimate["fund_total"], reply.estimate["patient_total"]
    assert Decimal(fund) + Decimal(patient) == Decimal(reply.estimate["total"])
    assert f"**{Decimal(patient):,.2f} 元**" in reply.text
    return fund, patient


def settled(**case: object) -> tuple[str, str]:
    result = settle(case)
    assert result.status == "settled"
    return f"{result.fund_total:.2f}", f"{result.patient_total:.2f}"


def clauses(reply: Reply) -> set[str]:
    return {citation.clause for citation in reply.citations}


@pytest.mark.parametrize(
    ("told", "varied", "expected"),
    [
        # (10,000 - 600) × 37.5%
        (WUXI_RESIDENT, "没转诊呢", ("3525.00", "6475.00")),
        # (10,000 - 1,200) × 65%
        (WUXI_RESIDENT, "换成三级医院呢", ("5720.00", "4280.00")),
        # 600 + 9,400 × 6% + 15,000 × 5%
        (WUXI_EMPLOYEE, "他要是退休了，别的不变，自己出多少", ("23086.00", "1914.00")),
        (WUXI_EMPLOYEE, "我爱人已经退休，同样这笔钱她付多少", ("23086.00", "1914.00")),
        # (12,000 - 600) × 60%
        (XINYU_RESIDENT, "换成三级医院呢", ("6840.00", "5160.00")),
        (
            "新余居民，三级医院住院花了2万，自己出多少",
            "换成二级医院呢",
            # (20,000 - 400) × 80%
            ("15680.00", "4320.00"),
        ),
        (
            "新余职工在职，三级医院第一次住院花了20000，自己出多少",
            "要是退休了，别的不变，自己出多少",
            # (20,000 - 700 × 60%) × 90%
            ("17622.00", "2378.00"),
        ),
        (
            "无锡职工，58岁，门慢花了3000，账户没钱了，能报多少",
            "要是70岁呢",
            # (3,000 - 600) × 80%
            ("1920.00", "1080.00"),
        ),
        (
            "常州职工，医院转到上海住院，范围内28000，起付线1100，本地报86%，能报多少",
            "没备案呢",
            # (28,000 - 1,100) × 43%
            ("11567.00", "16433.00"),
        ),
        (
            "常州职工，没备案去上海住院，范围内28000，起付线1100，本地报86%，能报多少",
            "如果医院给转的呢",
            # (28,000 - 1,100) × 76%
            ("20444.00", "7556.00"),
        ),
    ],
)
def test_a_follow_up_varies_the_case(
    talk: Talk, told: str, varied: str, expected: tuple[str, str]
) -> None:
    first, second = talk(told, varied)
    assert totals(first) != totals(second)
    assert totals(second) == expected


def test_variations_add_up(talk: Talk) -> None:
    replies = talk(
        "新余职工在职，三级医院第一次住院花了20000，自己出多少",
        "他要是退休了，别的不变，自己出多少",
        "换成二级医院呢",
    )
    assert [totals(reply)[1] for reply in replies] == [
        "2630.00",  # 700 + 19,300 × 10%
        "2378.00",  # 420 + 19,580 × 10%
        "1285.00",  # 300 + 19,700 × 5%
    ]


def test_going_elsewhere_is_settled_as_far_as_the_documents_go(talk: Talk) -> None:
    _, elsewhere, told = talk(WUXI_RESIDENT, "如果医院给转的呢", "起付线1000")
    assert elsewhere.status is Status.NOT_FOUND
    assert "1,000.00 元" in elsewhere.text  # 10% of 10,000 first
    assert "wuxi/resident-inpatient#deductible-out-of-city" in clauses(elsewhere)
    # (10,000 - 1,000 - 1,000) × 55%
    assert totals(told) == ("4400.00", "5600.00")


@pytest.mark.parametrize(
    ("told", "left_for", "back", "expected"),
    [
        (
            WUXI_RESIDENT,
            "发票最晚什么时候交",
            "那这张单子放到三级医院，自己出多少",
            ("5720.00", "4280.00"),
        ),
        (
            WUXI_EMPLOYEE,
            "发票最晚什么时候交",
            "那这张单子要是退休的，自己出多少",
            ("23086.00", "1914.00"),
        ),
        (
            XINYU_RESIDENT,
            "慢性病卡怎么办",
            "那这张单子放到三级医院，自己出多少",
            ("6840.00", "5160.00"),
        ),
        (
            XINYU_RESIDENT,
            "白内障能办慢性病卡吗",
            "那这张单子放到三级医院，自己出多少",
            ("6840.00", "5160.00"),
        ),
    ],
)
def test_a_case_is_left_and_come_back_to(
    talk: Talk, told: str, left_for: str, back: str, expected: tuple[str, str]
) -> None:
    _, other, again = talk(told, left_for, back)
    assert other.status is Status.ANSWERED
    assert other.estimate is None
    assert totals(again) == expected


def test_a_bill_told_after_circumstances_has_them(talk: Talk) -> None:
    circumstances, bill = talk(
        "没备案自己去杭州住的院，常州职工医保，报销怎么弄",
        "范围内28000，起付线1100，本地报86%，能拿回来多少",
    )
    assert "changzhou/claims#unregistered" in clauses(circumstances)
    # (28,000 - 1,100) × 43%
    assert totals(bill) == ("11567.00", "16433.00")
    assert "changzhou/claims#unregistered" in clauses(bill)


def test_another_stay_counts_the_one_before(talk: Talk) -> None:
    first, second, third = talk(
        "无锡职工在职，二级医院第一次住院花了12000，能报多少",
        "后来又住了一次，花了8000",
        "再住了一次，花了5000",
    )
    # 750 + 9,250 × 12% + 2,000 × 10%
    assert totals(first) == ("9940.00", "2060.00")
    # 375 + 7,625 × 10%: the year stands at 12,000
    assert totals(second) == ("6862.50", "1137.50")
    assert "wuxi/employee-inpatient#deductible-repeat" in clauses(second)
    # 187.50 + 4,812.50 × 10%: the year stands at 20,000
    assert totals(third) == ("4331.25", "668.75")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "新余居民，二级医院住院，一共13500，里面甲类8000，乙类4000，剩下1500目录外自费，自己出多少",
            # 1,500 + 400 + 400 + 11,200 × 20%
            ("8960.00", "4540.00"),
        ),
        (
            "新余居民，二级医院住院，甲类8000，乙类4000，丙类1000，能报多少",
            # 400 + 150 + 400 + 12,050 × 20%
            ("9640.00", "3360.00"),
        ),
        (
            "新余居民二类门诊慢病，二级医院，今年门诊慢病已经报了4700，这次花了2000，能报多少",
            # (2,000 - 400) × 80% would be 1,280, 300 are left of 5,000
            ("300.00", "1700.00"),
        ),
        # 50 a day above the ceiling of 30, then 700 + 7,800 × 10%
        (
            "新余职工在职，一般人员，三级医院住院花了9000，住了10天，"
            "床位80块一天（床位那800也在里头），自己出多少",
            ("7020.00", "1980.00"),
        ),
        # 600 + 9,400 × 6% + 20,000 × 5%
        ("无锡职工退休二级医院第一次住院花了三万，这三万自己出多少", ("27836.00", "2164.00")),
        # (30,000 - 20,000) × 50%
        ("常州职工大病保险，自己负担了三万，这三万能报多少", ("5000.00", "25000.00")),
        # (20,000 - 1,000) × 85% × 50%
        (
            "常州职工没备案去上海住院，范围内2万，起付线1000，本地报八成五，能拿回来多少",
            ("8075.00", "11925.00"),
        ),
        # 40% first, then 1,000, then 20% of the rest
        (
            "镇江职工去上海住院，不属于那十八种特殊项目，花了20000，本地报80%，起付线1000，自己出多少",
            ("8800.00", "11200.00"),
        ),
        (
            "镇江职工去上海住院，又不是什么特殊项目，花了20000，本地报80%，起付线1000，自己出多少",
            ("8800.00", "11200.00"),
        ),
        # 750 + 9,250 × 12% + 5,000 × 10%
        ("无锡职工，离退休还早，二级医院第一次住院花了15000，能报多少", ("12640.00", "2360.00")),
    ],
)
def test_a_bill_is_settled_as_it_is_told(
    talk: Talk, message: str, expected: tuple[str, str]
) -> None:
    (reply,) = talk(message)
    assert totals(reply) == expected


def test_a_rough_number_is_said_to_be_rough(talk: Talk) -> None:
    (reply,) = talk("新余居民，三级医院住院大概12420，自己出多少")
    # 600 + 11,820 × 40%
    assert totals(reply) == ("7092.00", "5328.00")
    assert "大概" in reply.text


@settings(deadline=None, max_examples=25)
@given(EXPENSES, st.sampled_from(sorted(LEVELS)), st.sampled_from(sorted(LEVELS)))
def test_varying_and_varying_back_settles_the_same(
    talk: Talk, expense: int, level: str, other: str
) -> None:
    first, varied, back = talk(
        f"新余居民，{LEVELS[level]}医院住院花了{expense}元，自己出多少",
        f"换成{LEVELS[other]}医院呢",
        f"换成{LEVELS[level]}医院呢",
    )
    case = {"region": "xinyu", "insurance": "resident", "benefit": "inpatient", "expense": expense}
    assert totals(first) == totals(back) == settled(**case, hospital_level=level)
    assert totals(varied) == settled(**case, hospital_level=other)


@settings(deadline=None, max_examples=25)
@given(EXPENSES, EXPENSES, st.sampled_from([("在职", "working"), ("退休", "retired")]))
def test_any_other_stay_follows_any_first(
    talk: Talk, before: int, expense: int, employment: tuple[str, str]
) -> None:
    _, second = talk(
        f"无锡职工{employment[0]}，二级医院第一次住院花了{before}元，自己出多少",
        f"后来又住了一次，花了{expense}元",
    )
    assert totals(second) == settled(
        region="wuxi",
        insurance="employee",
        benefit="inpatient",
        hospital_level="2",
        employment=employment[1],
        expense=expense,
        year_expense_before=before,
        admission_no=2,
    )


@settings(deadline=None, max_examples=25)
@given(st.tuples(*[st.integers(101, 20_000)] * 3), st.integers(101, 9_000))
def test_any_bill_told_class_by_class_is_settled_whole(
    talk: Talk, parts: tuple[int, int, int], self_paid: int
) -> None:
    a, b, c = parts
    (reply,) = talk(
        f"新余居民，三级医院住院，甲类{a}元，乙类{b}元，丙类{c}元，另外自费{self_paid}元，自己出多少"
    )
    assert totals(reply) == settled(
        region="xinyu",
        insurance="resident",
        benefit="inpatient",
        hospital_level="3",
        expense=a + b + c,
        class_b=b,
        class_c=c,
        self_paid=self_paid,
    )


@pytest.mark.parametrize(
    ("before", "bill", "expected"),
    [
        # (8,000 - 600) × 60%; the self-paid part was the other bill's
        (
            "无锡职工在职二级医院第一次住院花了12000，其中自费1000，报多少",
            "新余居民，三级医院住院花了8000，自己付多少",
            ("4440.00", "3560.00"),
        ),
        # 750 + 9,250 × 12% + 5,000 × 10%; neither the deductible told nor the route
        (
            "常州职工没备案去上海住院，范围内2万，起付线1100，本地报86%，能报多少",
            "无锡职工在职二级医院第一次住院花了15000，自己出多少",
            ("12640.00", "2360.00"),
        ),
    ],
)
def test_a_whole_new_bill_inherits_nothing(
    talk: Talk, before: str, bill: str, expected: tuple[str, str]
) -> None:
    assert totals(talk(before, bill)[-1]) == expected


def test_a_question_between_is_answered_and_leaves_the_case(talk: Talk) -> None:
    _, deadline, again = talk(
        WUXI_RESIDENT, "报销最晚什么时候", "那这张单子放到三级医院，自己出多少"
    )
    assert "6 月 30 日" in deadline.text
    # (10,000 - 1,200) × 65%
    assert totals(again) == ("5720.00", "4280.00")


@pytest.mark.parametrize("unsure", ["不知道算不算特殊项目", "属不属于特殊项目也不清楚"])
def test_what_is_not_known_is_asked(talk: Talk, unsure: str) -> None:
    (reply,) = talk(f"镇江职工去上海看病花了2万，{unsure}，起付线1000，报85%，自己付多少")
    assert reply.status is Status.CLARIFY
    assert "特殊诊疗项目" in reply.text
