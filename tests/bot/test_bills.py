"""A bill told in one message: each amount, and the circumstances that decide what is paid."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.reply import Reply, Status
from tests.bot.estimates import clauses, settled, totals

Talk = Callable[..., list[Reply]]


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (
            "无锡职工在职，出差在外地突发急病住院，二级医院，第一次，花了18000，能报多少",
            "wuxi/unregistered#emergency",
        ),
        (
            "常州职工，旅游时突发急病在西安住院，范围内12000，本地报88%，起付线600，能报多少",
            "changzhou/claims#emergency",
        ),
        (
            "新余职工在职，异地备案长期住深圳，三级医院住院花了2万，自己出多少",
            "xinyu/out-of-area#standards",
        ),
    ],
)
def test_what_counts_as_care_at_home_says_by_which_rule(
    talk: Talk, message: str, rule: str
) -> None:
    (reply,) = talk(message)
    assert totals(reply)
    assert rule in clauses(reply)


@pytest.mark.parametrize(
    "message",
    [
        "镇江居民，肺炎在南京住的院，医保范围内26000，社区报七成，不是特殊项目，自己出多少",
        "镇江居民，去南京住院，医保范围内26000，社区报七成，不是特殊项目，自己出多少",
    ],
)
def test_one_stay_elsewhere_is_no_residence(talk: Talk, message: str) -> None:
    (reply,) = talk(message)
    # 26,000 × 80% × 35%
    assert totals(reply) == ("7280.00", "18720.00")


@pytest.mark.parametrize(
    "message",
    [
        "镇江职工，在南京鼓楼医院住院，不是特殊项目，3万，本地门槛700、过了报88%，我出多少",
        "镇江职工，外省住的院，非特殊，范围内3万，家里报八成八，门槛七百，我出多少",
    ],
)
def test_a_table_of_care_elsewhere_says_whom_it_takes_and_asks_no_route(
    talk: Talk, message: str
) -> None:
    (reply,) = talk(message)
    # (30,000 × 60% - 700) × 88%
    assert totals(reply) == ("15224.00", "14776.00")
    assert "不是长期住在外地" in reply.text


@pytest.mark.parametrize(
    ("message", "replies", "first"),
    [
        ("镇江职工，去上海看普通病两万，要自己先掏多少", (), "8,000.00"),
        (
            "镇江职工，杭州换膝盖四万，头一份自付是多少块",
            ("不是，人工膝盖，报几成不清楚",),
            "16,000.00",
        ),
        ("无锡职工在职，医院转到上海，三级医院住院4万，先自付多少", (), "4,000.00"),
    ],
)
def test_what_is_paid_first_is_answered_though_the_rest_is_open(
    talk: Talk, message: str, replies: tuple[str, ...], first: str
) -> None:
    reply = talk(message, *replies)[-1]
    assert reply.status is Status.ANSWERED
    assert f"先由您自己付的是 **{first} 元**" in reply.text
    assert "没有写" in reply.text


def test_what_is_paid_first_is_told_for_each_case_that_is_open(talk: Talk) -> None:
    _, reply = talk("镇江职工，去上海看病两万，先自付多少钱", "不清楚")
    assert reply.status is Status.ANSWERED
    assert "2,000.00 元" in reply.text
    assert "8,000.00 元" in reply.text


def test_who_works_elsewhere_is_asked_how(talk: Talk) -> None:
    (asked,) = talk("镇江职工，我在上海打工，上海住院4万，本地报九成门槛一千，不是特殊，自己付多少")
    assert "长期异地" in asked.text


def test_who_lives_elsewhere_is_asked_how(talk: Talk) -> None:
    told = "镇江职工，住南京女儿家，在南京住的院，2万，本地报85%，起付线1000，不是特殊项目"
    asked, answered = talk(f"{told}，自己出多少", "去看病的，不长住")
    assert asked.status is Status.CLARIFY
    # (20,000 × 60% - 1,000) × 85%
    assert totals(answered) == ("9350.00", "10650.00")


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
        # 20,000 + 30,000 × 50% + 50,000 × 40% + 50,000 × 30%
        ("常州职工大病保险，自己负担了15万，能报多少", ("80000.00", "70000.00")),
        # 40% first, then 1,000, then 20% of the rest
        (
            "镇江职工去上海住院，不属于那十八种特殊项目，花了20000，本地报80%，起付线1000，自己出多少",
            ("8800.00", "11200.00"),
        ),
        (
            "镇江职工去上海住院，又不是什么特殊项目，花了20000，本地报80%，起付线1000，自己出多少",
            ("8800.00", "11200.00"),
        ),
        # a quota
        ("新余居民，开刀生的崽，一共6500，自己出多少", ("2640.00", "3860.00")),
        # 900 in full, 80% of 7,600
        (
            "常州职工，低保，市里住的院，医保结完还剩8500要付现金，里面有900是起付线，困难救助给多少",
            ("6980.00", "1520.00"),
        ),
        # 500 + 300 + 400 + 8,300 × 20%
        (
            "新余居民，二级医院住院，账单一共9500，里面500是目录外的，3000是乙类，剩下6000甲类，自己出多少",
            ("6640.00", "2860.00"),
        ),
        # 700 - 100, of it 60%, then 10%
        (
            "新余职工退休，今年第二次住院了，三级医院，这回15000，自己付多少",
            ("13176.00", "1824.00"),
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


@settings(max_examples=settings.default.max_examples // 4)
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


@pytest.mark.parametrize("unsure", ["不知道算不算特殊项目", "属不属于特殊项目也不清楚"])
def test_what_is_not_known_is_asked(talk: Talk, unsure: str) -> None:
    (reply,) = talk(f"镇江职工去上海看病花了2万，{unsure}，起付线1000，报85%，自己付多少")
    assert reply.status is Status.CLARIFY
    assert "特殊诊疗项目" in reply.text


@settings(max_examples=settings.default.max_examples // 4)
@given(st.integers(20_001, 200_000))
@example(150_000)  # two parts of the same size
def test_both_parts_of_a_share_add_up(talk: Talk, burden: int) -> None:
    (reply,) = talk(f"常州职工大病保险，自己负担了{burden}元，能报多少")
    pairs = re.findall(r"大病保险付 (\d+)%，您付 (\d+)%", reply.text)
    assert pairs
    assert all(int(fund) + int(patient) == 100 for fund, patient in pairs)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # 400 + 7,600 × 20%, as at home
        (("在南昌住的", "单子开好了的"), ("6080.00", "1920.00")),
        (("医院给我开了转院单，去的上海",), ("6080.00", "1920.00")),
        (("住的是转到上海的医院，单子是医院开的，开好了才去",), ("6080.00", "1920.00")),
        (("医院不肯开转院单子，自己跑去南昌的",), None),
        (("在南昌住的", "医生没给开转院单"), None),
        (("要是去的是南昌，没转诊呢",), None),
    ],
)
def test_how_one_went_elsewhere_is_heard_in_everyday_words(
    talk: Talk, told: tuple[str, ...], expected: tuple[str, str] | None
) -> None:
    *_, reply = talk("新余居民，二级，住院花了8000", *told)
    if expected:
        assert totals(reply) == expected
    else:
        assert reply.status is Status.NOT_FOUND
        assert "xinyu/out-of-area#unregistered" in clauses(reply)


def test_what_is_left_out_of_a_total_was_part_of_it(talk: Talk) -> None:
    _, within = talk("新余职工，三级，住院总共8000，退休", "自费有500")
    _, beside = talk("新余职工，三级，住院报销范围内8000，退休", "自费有500")
    # 500 + 420 + 7,080 × 10%; 500 + 420 + 7,580 × 10%
    assert totals(within) == ("6372.00", "1628.00")
    assert totals(beside) == ("6822.00", "1678.00")


@pytest.mark.parametrize(
    "told", ["医院给我转到上海中山，医保范围内66000", "门诊大病转到上海看，范围内66000"]
)
def test_care_that_one_was_referred_to_is_settled_without_asking_for_what(
    talk: Talk, told: str
) -> None:
    *_, reply = talk(f"常州退休的，{told}", "医院开了单子", "起付线1000", "85%")
    # 1,000 + 65,000 × 25%
    assert totals(reply) == ("48750.00", "17250.00")


@pytest.mark.parametrize("question", ["医保是不是一分都不给了", "是不是全自费"])
def test_whether_nothing_is_paid_asks_for_the_share(talk: Talk, question: str) -> None:
    (reply,) = talk(f"常州职工，没备案，自己到杭州住的院，{question}")
    assert "50%" in reply.text
    assert "changzhou/claims#unregistered" in clauses(reply)


@pytest.mark.parametrize(
    ("told", "whole"), [("花了8000，自费500", "8,000.00"), ("能报的8000，另外自费500", "8,500.00")]
)
def test_what_the_whole_bill_is_taken_to_be_is_said(talk: Talk, told: str, whole: str) -> None:
    (reply,) = talk(f"新余居民，三级医院住院，{told}，自己出多少")
    assert f"总共 {whole} 元，自费的 500.00 元算在里面" in reply.text


def test_a_phone_in_passing_asks_for_no_number(talk: Talk) -> None:
    told = "镇江职工，去南京开胆囊，不是特殊项目，合规的26000。本地医保我电话问过，门槛800，给85%。"
    # (26,000 × 60% - 800) × 85%
    assert totals(talk(f"{told}我自己总共出多少？")[-1]) == ("12580.00", "13420.00")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # (26,000 - (700 - 100)) × 90%: the last of two stays is asked about
        (
            "新余职工在职，今年住第二次院了，第一次在二级花了一万，这次三级花了两万六，自己掏多少",
            ("22860.00", "3140.00"),
        ),
        # 1,000 × 20%
        ("无锡居民，三级医院门诊看病，社区没开转诊，一年看下来1800，报多少", ("200.00", "1600.00")),
        # (25,000 - 1,200) × 65%
        (
            "我奶奶居民医保，无锡三级医院住的，社区转诊的，政策范围里两万五，给多少",
            ("15470.00", "9530.00"),
        ),
        # (1,200 - 600) × 70%: the threshold is paid by what was bought before
        (
            "我大伯无锡退休，六十八，门慢，卡里还有六百，今年前头已经配了三千，这趟又配一千二，报多少",
            ("420.00", "780.00"),
        ),
    ],
)
def test_a_bill_as_people_tell_it(talk: Talk, told: str, expected: tuple[str, str]) -> None:
    assert totals(talk(told)[-1]) == expected
