"""A patient's case told over several messages: varied, left and come back to, another stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import Reply, Status
from tests.bot.estimates import clauses, settled, totals

Talk = Callable[..., list[Reply]]

XINYU_RESIDENT = "新余居民，二级医院住院花了12000，自己付多少"
WUXI_RESIDENT = "无锡居民，二级医院住院花了1万，转诊的，不是学生，自己出多少"
WUXI_EMPLOYEE = "无锡职工在职，二级医院第一次住院花了25000，自己出多少"

LEVELS = {"1": "一级", "2": "二级", "3": "三级"}
EXPENSES = st.integers(5_001, 90_000)


@pytest.mark.parametrize(
    ("told", "varied", "expected"),
    [
        # (10,000 - 600) × 37.5%
        (WUXI_RESIDENT, "没转诊呢", ("3525.00", "6475.00")),
        # (10,000 - 1,200) × 65%
        (WUXI_RESIDENT, "换成三级医院呢", ("5720.00", "4280.00")),
        # 600 + 9,400 × 6% + 15,000 × 5%
        (WUXI_EMPLOYEE, "他要是退休了，别的不变，自己出多少", ("23086.00", "1914.00")),
        # (10,000 - 1,200) × 65%: a referral told of a case at home is the community's
        (WUXI_RESIDENT, "那换成三级医院，转诊单开好的", ("5720.00", "4280.00")),
        (
            "我爸无锡职工退休，七十三，门慢配药花了4600，卡里没钱了，报多少",
            "那我妈呢，她六十五，别的都一样",
            # (4,600 - 800) × 70%
            ("2660.00", "1940.00"),
        ),
        (
            "常州职工，医保报好自己还负担六万四，大病保险再给多少",
            "忘了讲，我是没办转诊自己跑到杭州住的院",
            # 30,000 × 25% + 14,000 × 30%
            ("11700.00", "52300.00"),
        ),
        (
            "常州职工，医保报好自己还负担六万四，大病保险再给多少",
            "重新加了加，自己负担的应该是12万整",
            # 30,000 × 50% + 50,000 × 60% + 20,000 × 70%
            ("59000.00", "61000.00"),
        ),
        (
            "常州低保，医疗救助，门诊剩下自己付900，救助给多少",
            "住院的剩3万现金，起付线800呢",
            # 800 + 29,200 × 80%
            ("24160.00", "5840.00"),
        ),
        ("新余职工，产检花了1500，报多少", "上环150呢", ("60.00", "90.00")),
        (
            "常州低保，住院医保报掉后还剩8000现金要付，起付线600，救助给多少",
            "门诊上还另外自己掏了300现金，这块呢",
            # 80%
            ("240.00", "60.00"),
        ),
        (
            "常州职工，医保报好我自己全年担了6万，大病保险给多少",
            "又翻出来两张，加到一起是七万二",
            # 30,000 × 50% + 22,000 × 60%
            ("28200.00", "43800.00"),
        ),
        # 900, and 2,640 of a caesarean; (6,000 - 400) × 80%
        ("新余居民，剖的，总共5200，自己出多少", "她妯娌没挨刀，花了2100", ("900.00", "1200.00")),
        ("新余居民，顺产3000，自己出多少", "要是动了刀呢，花8000", ("2640.00", "5360.00")),
        (
            "新余居民，剖的，总共5200，自己出多少",
            "那住院开刀割阑尾，二级，6000呢",
            ("4480.00", "1520.00"),
        ),
        # (12,000 - 400 - 2,000) × 80%
        (XINYU_RESIDENT, "里面两千是进口药不报的", ("7680.00", "4320.00")),
        (
            "常州职工，医保报好我自己担了4万6，大病给多少",
            "又翻出来一张，八千块的",
            # 30,000 × 50% + 4,000 × 60%
            ("17400.00", "36600.00"),
        ),
        (
            "常州低保，门诊上看的，医保报完还剩2300要自己付，救助给多少",
            "那住院那次自己付了6800，门槛700呢",
            # 700 + 6,100 × 80%
            ("5580.00", "1220.00"),
        ),
        (
            "常州职工低保，大病，乙类里自付的6万，给多少",
            "一共负担8万",
            ("35000.00", "45000.00"),
        ),
        (
            "新余职工在职，二级医院第一次住院，花了2万，自己付多少",
            "我儿子说单子看错了，是两万六",
            ("24225.00", "1775.00"),
        ),
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
        (
            "常州职工，格列卫一盒5400，特药药店刷卡，自己出多少",
            "要是办了转院手续到南京去配呢",
            # 5,400 × 65%
            ("3510.00", "1890.00"),
        ),
        (
            "镇江职工去上海做肝移植，范围内18万，本地报88%，起付线800，自己掏多少",
            "假如是别的手术，钱不变呢",
            # (180,000 × 60% - 800) × 88%
            ("94336.00", "85664.00"),
        ),
        (
            "常州职工，白血病输血3600，本地报80%，自己出多少",
            "问清楚了，不是八成，是八成五",
            # 3,600 × 60% × 85%
            ("1836.00", "1764.00"),
        ),
        (
            "新余职工，糖尿病没有并发症，账户用光了，门诊花了5200，能报多少",
            "医生说查出并发症了，那按有并发症的算",
            # (5,200 - 700) × 75%
            ("3375.00", "1825.00"),
        ),
        (
            "新余职工，高血压三期，账户用光了，门诊花了3000，能报多少",
            "还没到三期呢",
            # (3,000 - 1,000) × 65%
            ("1300.00", "1700.00"),
        ),
        (
            "常州职工大病保险，自己负担了8万，能报多少",
            "我是困难群众呢，这8万里头乙类自付的是三万",
            # 20,000 × 50% + 10,000 × 60%
            ("16000.00", "64000.00"),
        ),
        (
            "常州职工大病保险，自己负担了11万，能报多少",
            "里面有两万其实是自费药",
            # 30,000 × 50% + 40,000 × 60%
            ("39000.00", "71000.00"),
        ),
        (
            "无锡职工，72岁，门慢花了5200，账户里还有300，能报多少",
            "账户其实是空的",
            # (5,200 - 600) × 80%
            ("3680.00", "1520.00"),
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


def test_what_was_told_otherwise_stays_so(talk: Talk) -> None:
    told = "新余职工，糖尿病没有并发症，账户用光了，门诊花了5200，能报多少"
    # (6,000 - 700) × 75%
    assert totals(talk(told, "后来查出并发症了呢", "单子一共是6000")[-1]) == ("3975.00", "2025.00")
    told = "镇江职工去上海做肝移植，范围内18万，本地报88%，起付线800，自己掏多少"
    # (150,000 × 60% - 800) × 88%
    assert totals(talk(told, "不是移植呢", "费用是15万")[-1]) == ("78496.00", "71504.00")


def test_a_part_or_a_share_is_corrected_by_itself(talk: Talk) -> None:
    told = "常州职工大病保险，低保，自己负担了9万，乙类自付的4万，能报多少"
    # 20,000 × 50% + 30,000 × 60%
    assert totals(talk(told, "错了，乙类的是5万")[-1]) == ("28000.00", "62000.00")
    told = "镇江居民去上海做小肠镜，6000，社区报六成，自己出多少"
    # 6,000 × 32.5%
    assert totals(talk(told, "社区说是六成五")[-1]) == ("1950.00", "4050.00")


def test_what_another_was_left_to_pay_has_a_part_in_class_b_of_its_own(talk: Talk) -> None:
    told = "常州职工低保户，医保报完自己掏了5万，其中乙类自付4万，大病给多少"
    _, asked = talk(told, "我爸也是低保，他自己担了8万，大病给多少")
    assert "乙类" in asked.text
    assert asked.status is Status.CLARIFY


def test_a_correction_that_names_other_papers_is_no_question_for_them(talk: Talk) -> None:
    told = "无锡退休职工，签了门诊统筹，卡里没钱了，去社区看病自己出百分之几"
    _, corrected = talk(told, "不对不对，他手续还没办，要到明年才退，现在还算在职")
    assert "您付 30%" in corrected.text


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
        (
            "常州职工，南京住院，医院转的，能报的3万，门槛800报86%，自己出多少",
            "转院的单子要不要我自己跑社保盖章",
            "要是不转院自己跑去的呢？别的都不变",
            # 29,200 × 43%
            ("12556.00", "17444.00"),
        ),
        (
            "常州职工，格列卫一万六，在特药店刷的，自己付多少",
            "湖塘那边哪家药店有",
            "没叫医院办转院，直接去上海买，还是那个药那个价",
            # 75% × 50%
            ("6000.00", "10000.00"),
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


@settings(max_examples=settings.default.max_examples // 4)
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


@settings(max_examples=settings.default.max_examples // 4)
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


def test_another_stay_may_cost_the_same(talk: Talk) -> None:
    _, second = talk(
        "无锡职工在职，二级医院第一次住院花了12000，能报多少", "那要是再住一回，还是这么多钱呢"
    )
    # 375 + 11,625 × 10%: the year stands at 12,000
    assert totals(second) == ("10462.50", "1537.50")


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


def test_outpatient_care_is_not_settled_as_the_stay_before(talk: Talk) -> None:
    reply = talk(WUXI_EMPLOYEE, "门诊呢")[-1]
    assert reply.status is Status.CLARIFY
    assert reply.estimate is None
