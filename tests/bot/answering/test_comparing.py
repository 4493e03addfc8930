"""Two cases beside each other, and what a message that has figures in it really asks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.reply import Reply, Status
from tests.bot.estimates import clauses, totals

Ask = Callable[[str], Reply]
Talk = Callable[..., list[Reply]]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("去上海开刀，无锡的医院给转，跟自己办自主转院，先自付的差多少", ("10%", "30%")),
        ("镇江，我职工医保我老公居民医保，去南京看普通病，各自先自付几成", ("40%", "20%", "50%")),
        (
            "新余居民，住镇上一级的和市里三级的，门槛和报的差多少",
            ("100 元", "600 元", "90%", "60%"),
        ),
        ("新余职工，高血压三期的跟没到三期的，门诊报的差多少", ("75%", "65%", "700", "1,000")),
        ("新余职工，糖尿病有并发症的跟没并发症的，门诊报起来差好多不", ("75%", "65%")),
        (
            "无锡退休职工冠心病70岁，门诊统筹跟慢性病那个，选哪个报得多",
            ("6,000", "4,000", "600"),
        ),
        ("常州职工大病，低保的和不是低保的，起付线是不是不一样", ("20,000", "50%")),
        ("新余居民二级医院，低保的住院起付线和一般人一样吗", ("不设起付线", "400 元")),
        ("新余职工，转院去外地和备案长住，报销比例一样吗", ("都一样", "98%", "95%", "90%")),
        ("我在无锡厂里做事，我表弟在新余上班，都是职工，二级医院门槛谁的高", ("750 元", "500 元")),
        ("新余，我爸厂里退休，我妈种田交居民，都住三级医院，他俩报的差多少", ("90%", "60%")),
        ("我爹68，我娘73，都是无锡职工退休，门慢两个人报的一样吗", ("70%", "80%", "不一样")),
        ("我还在单位上班，老公去年退了，无锡职工住院各付几成", ("12%", "6%")),
        ("无锡职工在职，二级医院第一次和第二次住院，门槛差多少", ("750 元", "375 元")),
        ("无锡居民，学生跟大人住三级医院，门槛一样吗", ("600 元", "1,200 元", "不一样")),
        ("无锡职工去上海，叫医生转还是自己去，先掏的差多少", ("10%", "30%", "50%")),
        ("常州的，有人讲办长住备案，有人讲开转院，哪个报得少", ("10 个百分点", "按常州的政策")),
        ("镇江居民，割胆囊，留家里做还是去南京做划算", ("在本市看病", "没有写明", "20%")),
        ("新余居民，转到南昌住三级，跟在新余住报的一样吗", ("都一样", "按新余的", "60%")),
        ("新余，我交居民，老公单位有职工，要剖了，走谁的划算", ("2,640 元", "95%")),
        ("常州大病保险，我这种普通退休的跟隔壁吃低保的，各给几成", ("60%", "70%", "80%")),
        ("新余厂里医保，高血压到了三期和没到三期，门诊拿药报起来差哪些", ("75%", "65%")),
        ("常州职工，公公吃低保婆婆不吃，大病保险是不是两个人都有", ("50%", "20,000")),
    ],
)
def test_cases_stand_beside_each_other(ask: Ask, question: str, told: tuple[str, ...]) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert [figure for figure in told if figure not in reply.text] == []


def test_only_what_cases_differ_in_is_told(ask: Ask) -> None:
    reply = ask("没办手续在外地住院，急病的和自己跑去的，常州职工报起来差多少")
    assert clauses(reply) == {"changzhou/claims#emergency", "changzhou/claims#unregistered"}
    assert "没有写明" not in reply.text


def test_with_the_same_share_what_comes_before_it_differs(ask: Ask) -> None:
    text = ask("新余居民，低保的和一般人住二级医院，报的差多少").text
    assert "不设起付线" in text
    assert "400 元" in text
    assert "80%" in text


def test_the_share_alone_is_the_same(ask: Ask) -> None:
    text = ask("新余居民，低保的和一般人住二级医院，报销比例一样吗").text
    assert "都一样" in text
    assert "不一样" not in text


def test_what_is_the_same_is_told_once(ask: Ask) -> None:
    reply = ask("镇江居民，特殊项目跟一般的病去外地看，报法差在哪")
    assert reply.text.count("50%") == 1
    assert "都一样" in reply.text


def test_two_persons_of_two_places_and_schemes_stand_side_by_side(ask: Ask) -> None:
    told = ask("我爸常州职工退休，我妈新余居民，两个人都住三级医院，各报多少").text
    assert "**常州职工医保**" in told
    assert "60%" in told.partition("**新余居民医保**")[2]


def test_a_place_without_the_scheme_of_one_side_says_so(ask: Ask) -> None:
    told = ask("我爸无锡职工退休，我妈常州居民，两个人都住二级医院，各报多少").text
    assert "94%" in told.partition("**常州居民医保**")[0]
    assert "没有写" in told.partition("**常州居民医保**")[2]


@pytest.mark.parametrize(
    "question",
    [
        "妈妈无锡医保，办那种长期的跟办自主转院，办了以后回无锡还能拿卡看病吗，两样一样不",
        "去外地看病，自主转院跟长期备案，哪个办了家里的卡就刷不了，无锡的",
    ],
)
def test_ways_are_compared_in_what_is_asked_of_them(ask: Ask, question: str) -> None:
    told = ask(question).text
    assert "冻结" in told
    assert "自主转院" in told
    assert "12%" not in told


def test_what_is_left_open_for_one_side_makes_no_difference(ask: Ask) -> None:
    reply = ask("无锡职工，在三级医院和二级医院住院报销一样吗")
    assert "不一样" not in reply.text
    assert "没有写三级医院" in reply.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("贫困户跟一般人比，慢病一次能多拿几个月的药？新余居民", "三个月"),
        ("新余的，爸爸职工妈妈居民，都是帕金森，慢病归的类别一样吗", "I 类"),
        ("没经社区转诊直接去了无锡三级医院，居民医保住院报多少", "32.5%"),
    ],
)
def test_no_figures_are_compared_where_none_are_asked(ask: Ask, question: str, told: str) -> None:
    assert told in ask(question).text


def test_what_makes_no_difference_to_a_policy_is_not_called_the_same(ask: Ask) -> None:
    reply = ask("常州职工住院，三级医院和二级医院报销比例一样吗")
    assert reply.status is Status.NOT_FOUND


def test_a_disease_has_its_class_in_each_scheme(ask: Ask) -> None:
    reply = ask("新余，我职工医保我爱人居民医保，都是精神病，看门诊各算几类")
    assert "第一类" in reply.text
    assert "II 类" in reply.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("新余居民，我妈出院，药最多能带几天", "3-7 天"),
        ("新余居民门诊特殊慢性病，一次最多开几个月的药", "三个月"),
        ("无锡职工，在云南住院自己先垫的钱，最晚拖到什么时候作废", "6 月 30 日"),
        ("新余职工，人在南京，备过案了，门槛费按南京还是按新余", "参保地新余"),
    ],
)
def test_days_dates_and_whose_rule_are_no_sums(ask: Ask, question: str, told: str) -> None:
    assert told in ask(question).text


@pytest.mark.parametrize("disease", ["高血压", "糖尿病", "冠心病"])
def test_the_illness_of_a_stay_is_no_other_benefit(ask: Ask, disease: str) -> None:
    reply = ask(f"无锡职工退休，{disease}，二级医院住院起付线多少")
    assert "600 元" in reply.text
    assert clauses(reply) == {"wuxi/employee-inpatient#deductible"}


def test_which_class_is_no_first_class(ask: Ask) -> None:
    reply = ask("精神病在新余居民门诊特殊慢性病里算哪一类，一年最多报多少")
    assert "5,000 元" in reply.text


def test_care_that_no_policy_is_for_is_answered_in_words(ask: Ask) -> None:
    reply = ask("没备案，在南京门诊看感冒花了四百，常州职工，能报多少")
    assert reply.text.startswith("不报")


def test_a_pay_first_tells_what_follows_it(ask: Ask) -> None:
    reply = ask("镇江居民医保转到外地看一般的病，先自付多少")
    assert "20%" in reply.text
    assert "50%" in reply.text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # 375 + 1,625 × 12% + 13,000 × 10%
        (
            ["无锡职工在职，第二次住院，二级医院，这次医保范围内15000，上一次范围内是8000，付多少"],
            ("13130.00", "1870.00"),
        ),
        # 25,000 outside class B; 20,000 × 50% + 25,000 × 60%
        (
            [
                "常州职工大病，报完自己合规负担还有7万，算算",
                "我们是困难群众，七万里头乙类自付四万五",
            ],
            ("25000.00", "45000.00"),
        ),
        # (90,000 - 20,000): 30,000 × 50% + 40,000 × 60%
        (
            ["常州职工，以前住院自己掏过3万，今年合规负担9万，大病能报多少"],
            ("39000.00", "51000.00"),
        ),
        # (5,000 - 800) × 40%
        (
            ["新余居民三级医院住院花了5000，报多少", "那要是没定点的医院呢"],
            ("1680.00", "3320.00"),
        ),
        # 80% × 60% × 50%
        (
            ["镇江居民去上海看胃病，花了2万，社区的比例60%，自己付多少", "这个病名单里没有"],
            ("4800.00", "15200.00"),
        ),
    ],
)
def test_bills_as_they_are_told(talk: Talk, said: list[str], expected: tuple[str, str]) -> None:
    assert totals(talk(*said)[-1]) == expected


def test_what_one_paid_last_time_is_no_part_of_this_bill(talk: Talk) -> None:
    *_, told = talk("无锡职工在职，上次住院自己付了2000，这次二级医院范围内12000，第二次，报多少")
    *_, plain = talk("无锡职工在职，这次二级医院范围内12000，第二次住院，报多少")
    assert totals(told) == totals(plain)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("无锡居民三级医院报几成，没转诊呢", ("65%", "32.5%")),
        ("新余居民二级门槛多少，低保的呢", ("不设起付线", "400 元")),
        ("新余职工一年封顶多少，居民呢", ("**职工医保**", "**居民医保**", "100,000")),
        ("镇江职工去南京先自付几成，特殊项目呢", ("10%", "40%")),
        ("无锡居民医保住三级，社区开不开转诊单，报的差多少", ("65%", "32.5%")),
        ("常州大病保险，普通职工几成，低保户几成", ("50%", "60%", "80%")),
        ("新余我老头退休的，这次住二级，起付线是不是比在职的少", ("300 元", "500 元")),
        ("新余，我有单位，婆婆是农村医保，住二级各报几成", ("95%", "80%")),
        ("镇江职工，长期住上海跟临时去上海看病，先自付的一样吗", ("不用先自付", "40%")),
    ],
)
def test_the_other_side_is_heard_however_it_is_named(
    ask: Ask, question: str, told: tuple[str, ...]
) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert [figure for figure in told if figure not in reply.text] == []


def test_a_side_without_anything_of_its_own_is_still_named(ask: Ask) -> None:
    text = ask("新余居民一类慢性病一年多少，二类呢").text
    assert "只有下面" in text.partition("Ⅱ类")[0]
    assert "5,000" in text


def test_the_same_case_asked_on_is_no_other_side(ask: Ask) -> None:
    assert "**不是困难群众**" not in ask("我是低保户，新余住二级医院起付线多少，报几成呢").text


@pytest.mark.parametrize(
    "question",
    [
        "镇江职工，到北京住院，药能不能报是看镇江的目录还是北京的目录",
        "镇江，在南京住院跟在杭州住院，看的是不是同一本目录",
        "新余的，去长沙住院，哪些药给报听谁的",
        "常州的卡在安徽住院，哪些药能报照哪头的，报几成又照哪头的",
        "无锡职工，跨省划卡，封顶线用哪边的标准",
    ],
)
def test_whose_rules_hold_is_told_by_the_clause_on_that(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert "就医地" in reply.text
    assert re.search("参保地|政策", reply.text)


def test_a_figure_asked_beside_is_not_lost(ask: Ask) -> None:
    assert "40%" in ask("镇江职工看胃病去上海先自付几成，药按哪边的目录").text


def test_a_bare_scheme_leaves_the_sides_of_a_comparison(talk: Talk) -> None:
    *_, reply = talk("新余低保的和一般居民住二级医院，起付线差多少", "居民医保")
    assert "不设起付线" in reply.text
    assert "400 元" in reply.text


def test_a_share_that_is_the_same_is_no_difference_by_its_name(ask: Ask) -> None:
    text = ask("无锡在职和退休，四万以上报的一样吗").text
    assert text.startswith("**在职、退休都一样**")
    assert "92%" in text


def test_what_is_not_asked_for_makes_no_difference(ask: Ask) -> None:
    text = ask("新余居民I类病和II类病起付线一样吗").text
    assert "都一样" in text
    assert "5,000" not in text


def test_a_disease_has_the_shares_of_its_class_in_each_scheme(ask: Ask) -> None:
    text = ask("新余恶性肿瘤职工门诊几成，居民几成").text
    assert "85%" in text
    assert "75%" not in text
    assert "**居民医保Ⅰ类" in text


def test_of_what_schemes_are_compared_for_the_list_tells_in_both(ask: Ask) -> None:
    text = ask("镇江职工和居民，做心脏移植去外地，谁先付得少").text
    assert "10%" in text
    assert "40%" not in text


def test_an_emergency_is_another_way(ask: Ask) -> None:
    reply = ask("常州退休的，没备案去南京住院给报几成，急诊呢")
    assert clauses(reply) == {"changzhou/claims#unregistered", "changzhou/claims#emergency"}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("无锡居民交满五年的，住院能多报几个点", "250,000"),
        ("无锡居民五年以上连续交的和刚交的，住院报的差几个点", "250,000"),
        ("无锡居民连续交了六年，二级医院住院报多少", "75%"),
        ("新余居民三级报几成", "住院的报销比例"),
        ("新余在职，今年头一回住，三级的，门槛多少", "700 元"),
        ("新余，头一次住的三级，这次住的一级，起付线多少，职工", "200 元"),
        ("门诊统筹跟门慢，一年额度各多少，无锡退休75", "4,000 元"),
        ("常州门诊救助最多五百还是多少", "500 元"),
        ("新余职工，10万额度都用完了，后面报几成", "大病保险付 90%"),
        ("新余居民的，十万已经报完了，后头大病一年顶格给到多少", "300,000"),
        ("无锡转外地先自付10%，是从总的里头扣还是报完再扣", "先由您自己付 10%"),
    ],
)
def test_what_was_told_decides_which_figure_is_meant(ask: Ask, question: str, told: str) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert told in reply.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("我爹退休了，我还在干活，都是新余职工，住三级的门槛各扣多少", ("420 元", "700 元")),
        ("无锡职工，备了案和没备案，先自付差多少", ("10%", "30%", "50%")),
    ],
)
def test_what_is_told_of_the_other_side_in_other_words(
    ask: Ask, question: str, told: tuple[str, ...]
) -> None:
    text = ask(question).text
    assert [figure for figure in told if figure not in text] == []
