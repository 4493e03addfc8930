"""Comparisons told in few words: of grades, persons, places of care, and home beside elsewhere."""

from __future__ import annotations

import pytest

from bot.reply import Status
from tests.bot.answering.conftest import Ask


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "新余职工，我定的是三期高血压，我弟说他没到三期，门诊待遇一样吗",
            ("不一样", "75%", "65%"),
        ),
        ("新余职工，两个糖尿病人，一个有并发症一个没有，门诊报销差几成", ("75%", "65%")),
        ("新余职工，癌症和冠心病，门诊各报几成", ("85%", "75%")),
        ("都是镇江职工，转外地，特殊的跟普通的到底差几个点", ("10%", "40%")),
        ("镇江居民医保，到外面治，名单里的大手术和一般毛病，算账有啥两样", ("20%", "50%")),
        ("镇江居民出去看，普通的和特殊的报销比例各多少", ("20%", "50%")),
        ("镇江转外，职工跟居民，换肾的先掏几成，哪个轻", ("10%", "不用先自付")),
        ("无锡职工转上海和备案长住上海，住院报的比例一样吗", ("不一样", "10%", "长期")),
        ("常州，转院和异地备案报销有啥区别", ("10 个百分点", "按常州的政策")),
        ("常州职工，在杭州住了院，跟在家里住比要少拿多少", ("10 个百分点", "50%")),
        ("无锡职工，去外地住院比家里住，少给报几成", ("10%", "30%", "50%")),
        ("镇江职工在本地看和去上海看，差多少", ("没有写明", "10%", "40%")),
        ("我在无锡上班，我妈在新余老家交居民医保，住院哪个报得多", ("88%", "60%")),
        ("无锡没转诊去三院和转了去三院，居民住院差几成", ("65%", "32.5%")),
    ],
)
def test_each_side_is_told(ask: Ask, question: str, told: tuple[str, ...]) -> None:
    text = ask(question).text
    assert [figure for figure in told if figure not in text] == []


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("无锡学生和成年居民门诊报销一样不", ("都一样", "50%", "40%", "20%")),
        ("新余居民住院，小孩跟老人报的一样吗", ("都一样", "90%", "80%", "60%")),
        ("无锡职工门慢，在职和退休报的一样吗", ("都一样", "70%", "80%")),
        ("新余居民去南昌和去长沙住院哪个报得多", ("都一样", "90%")),
    ],
)
def test_what_makes_no_difference_is_the_same_for_all(
    ask: Ask, question: str, told: tuple[str, ...]
) -> None:
    text = ask(question).text
    assert [figure for figure in told if figure not in text] == []


@pytest.mark.parametrize(
    "question",
    [
        "无锡的，备案去上海和备案去杭州，门诊刷卡一样吗",
        "女儿在上海，儿子在杭州，都叫我去长住，我无锡退休的，看门诊在哪边能刷卡、哪边要先垫",
    ],
)
def test_each_place_of_care_is_told_where_the_documents_tell_them_apart(
    ask: Ask, question: str
) -> None:
    reply = ask(question)
    there, _, other = reply.text.partition("**去杭州看**")
    assert "能刷" in there
    assert "先付现金" in other


def test_one_clause_on_both_places_of_care_is_told_once(ask: Ask) -> None:
    reply = ask("常州职工，去南京看门诊和去杭州看门诊有啥区别")
    assert reply.status is Status.ANSWERED
    assert reply.text.count("跨省联网结算") == 1
