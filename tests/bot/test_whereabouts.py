"""Where a stay in hospital was, beside where its patient and the family live."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reply import Reply, Status
from tests.bot.estimates import totals

Talk = Callable[..., list[Reply]]


@pytest.mark.parametrize(
    "told",
    [
        "我外甥住院，新余，二级，4300|居民，他爸妈都在外地打工",
        "新余的，我姐住院，二级，4300|居民，姐夫在深圳，她一个人在家带孩子",
        "新余水北镇的，我娘住院二级花了4300|新农合，弟弟在义乌做生意，钱是他出的",
        "我妈住院二级4300，新余居民，我弟在南昌上大学",
        "奶奶住院了，姑姑从南昌赶回来照顾，新余二级医院花了4300，新农合，报多少",
        "我是新余的，老公在厦门，我在家带孩子，孩子住院花了4300，二级|居民",
        "我在杭州上班，爸妈在新余，爸爸住院花了4300，二级，居民，要出多少",
        "我在上海工作，替我妈问一下，二级医院住院4300，新余居民，报多少",
        "新余居民，公司总部在深圳，二级医院住院花了4300",
        "新余居民，去年在福建打工，今年回来了，二级医院住院花了4300",
        "外地打工的，新余住院二级医院花了4300|居民",
        "我妈住院二级花了4300，新余|居民|儿子在深圳打工，是他回来办的出院",
        "新余居民，女儿在南昌上班，她陪我住的院，二级医院花了4300",
        "新余居民，我妈一个人在家，我在广州，她住二级医院花了4300",
        "新余居民，小孩在杭州读书，我住院二级花了4300",
        "新余居民，家里人都在温州，我自己在二级医院住院花了4300",
        "新余居民，儿子从北京打电话来，我住院二级花了4300能报多少",
        "新余居民，我姑姑在景德镇卖瓷器，她说她住院报七成。我住院二级，花了4300",
        "我在北京，想给我爸算算，他新余居民，二级住院花了4300",
        "人在上海，帮老家新余的爸爸问，居民，二级住院4300",
        "做儿子的在福州，照顾不到，老爸新余居民，二级住院花了4300",
        "新余居民，二级住院4300，女儿女婿都在苏州，就老伴陪着",
        "我是抚州过来带孙子的，孩子在新余二级医院住的院，居民医保，花了4300",
    ],
)
def test_where_the_family_lives_is_not_where_the_stay_was(talk: Talk, told: str) -> None:
    # 400 + 3,900 × 20%
    assert totals(talk(*told.split("|"))[-1]) == ("3120.00", "1180.00")


@pytest.mark.parametrize(
    "told",
    [
        "新余二级医院住院4300|居民，我在外面打工，过年回来交的",
        "我从南昌回来，在新余住的二级医院，居民，花了4300",
        "我是吉安嫁过来的，新余居民医保，二级医院住院花了4300",
        "老婆住院4300，新余二级医院|她是宜春嫁过来的，交的新余居民",
        "新余居民，以前在上海上班，二级医院住院花了4300",
        "我妈新余居民，医生建议去上海，没去，二级住院花了4300",
        "我妈新余居民，没去南昌，就在二级医院住的，住院花了4300",
        "新余居民，在上海住院花了4300，二级|写错了，是新余市人民医院住的，不是上海",
        "新余居民，我工地在赣州，回家住的院，二级4300",
        "新余居民，二级住院4300，本来想接他来南昌看的，没来得及",
        "新余居民，刚从上海回来就病了，二级医院住院花了4300",
        "新余居民，上个月去杭州看孙子，没几天就回来了，回来以后住院，二级花了4300",
        "新余居民，我在温州做鞋，回来开的刀，二级医院花了4300",
        "我住在宜春边上，新余居民医保，二级医院住院花了4300",
        "新余居民，我跟老伴从吉安搬来的，住院花了4300二级医院",
    ],
)
def test_a_stay_at_home_stays_one_wherever_else_the_patient_was(talk: Talk, told: str) -> None:
    assert totals(talk(*told.split("|"))[-1]) == ("3120.00", "1180.00")


@pytest.mark.parametrize("answer", ["5", "在新余住的", "本地"])
def test_who_works_elsewhere_may_have_been_treated_at_home(talk: Talk, answer: str) -> None:
    asked, answered = talk("新余居民，我在上海打工，住院二级医院花了4300", answer)
    assert (asked.status, "在参保地" in asked.text) == (Status.CLARIFY, True)
    assert totals(answered) == ("3120.00", "1180.00")


@pytest.mark.parametrize(
    "told",
    [
        "新余居民，去南昌住院三级花了2万",
        "新余居民，在上海住院回来，三级花了2万",
        "新余居民，我在上海打工，在那边二级医院住院花了12000",
        "新余居民，我妈去广州跟我哥过，住院花了3万，三级",
        "新余居民，先在新余住了院，又转南昌住院花了5万，三级",
    ],
)
def test_a_stay_elsewhere_is_asked_for_its_way(talk: Talk, told: str) -> None:
    (asked,) = talk(told)
    assert (asked.status, "自主转院" in asked.text) == (Status.CLARIFY, True)
    assert "在参保地就医" not in asked.text


def test_a_city_of_care_is_no_more_home_when_another_is_told(talk: Talk) -> None:
    *_, asked = talk("去无锡住院花了2万，三级", "新余的，居民")
    assert (asked.status, "自主转院" in asked.text) == (Status.CLARIFY, True)


def test_care_told_before_the_city_may_have_been_at_home(talk: Talk) -> None:
    told = "我哥从义乌回来过年，突然肚子痛，在新余市医院住院开刀，二级，花了4300"
    *_, answered = talk(told, "他是新余居民")
    assert totals(answered) == ("3120.00", "1180.00")


def test_who_only_tells_of_a_stay_is_asked_for_the_question(talk: Talk) -> None:
    *_, noted = talk("我想问下我外公住院的事", "他新余的，农村的")
    assert (noted.status, "您想问什么" in noted.text) == (Status.CLARIFY, True)


@pytest.mark.parametrize("place", ["{}", "{}的", "我是{}的", "我{}交的医保"])
@pytest.mark.parametrize(
    ("told", "city"),
    [
        ("外公解放前参加革命的老工人，{}职工医保，二级医院住院九千，都在范围，自己付多少", "无锡"),
        ("老妈退休了，{}职工医保，二级医院住院总共八千块，能报多少", "无锡"),
        ("我爸{}退休职工，低保户，医保报完自己担了75000，乙类自付68000，大病保险给多少", "常州"),
        ("达希纳22800一个月，{}职工，医院办了转院到上海，在上海开的药，自己出多少", "常州"),
    ],
)
def test_the_place_told_when_asked_settles_the_same(
    talk: Talk, told: str, city: str, place: str
) -> None:
    (at_once,) = talk(told.format(city))
    asked, later = talk(told.format(""), place.format(city))
    assert asked.status is Status.CLARIFY
    assert totals(later) == totals(at_once)


def test_a_place_of_one_scheme_only_is_not_searched_for_the_other(talk: Talk) -> None:
    (reply,) = talk("常州二级医院住院花了2万，能报多少")
    assert reply.status is Status.NOT_FOUND
    assert "起付线" in reply.text
