"""A condition that the message itself says isn't met is told first, and no yes with it."""

from __future__ import annotations

import pytest

from bot.answering.conditions import unmet
from corpus.documents import load
from tests.bot.answering.conftest import Ask

_UNMET = "不符合条件"


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("常州灵活就业，中间断缴了两个月，产检的钱还能报吗", "changzhou/maternity#who"),
        (
            "我户口是盐城的，镇江居民医保，住苏州一年了，能按长期住外地的办异地吗",
            "zhenjiang/out-of-area-basics#groups",
        ),
        (
            "镇江居民医保，才去杭州住了三个月，算不算长期居住人员",
            "zhenjiang/out-of-area-basics#long-term-resident",
        ),
        (
            "镇江居民医保，儿子刚去徐州念书，才满三个月，算不算长住在外的那一类",
            "zhenjiang/out-of-area-basics#long-term-resident",
        ),
        (
            "说明书上写了能吃格列卫，我自己去药店买，没让医生审批过，常州医保会不会照样给我补",
            "changzhou/special-drug#who",
        ),
        (
            "厂里给我交的常州社保，三级医院生孩子4200以内全包，我也是这个待遇吧",
            "changzhou/maternity#who",
        ),
        (
            "单位交的常州社保，三级医院顺产花了6000，医保给多少",
            "changzhou/maternity#who",
        ),
        ("常州的，过年去海南住四个月就回来，这种能办异地备案吗", "changzhou/out-of-area#who"),
        ("常州职工，打算去三亚过冬住五个月，能办异地吗", "changzhou/out-of-area#who"),
        ("去桂林旅游十天，常州能给我开通外地刷卡吗", "changzhou/out-of-area#who"),
        (
            "在上海帮儿子看娃，才三个月，镇江医保算不算长期住外地",
            "zhenjiang/out-of-area-basics#long-term-resident",
        ),
        (
            "镇江居民医保，去上海儿子家住两个月，算长期居住吗",
            "zhenjiang/out-of-area-basics#long-term-resident",
        ),
        (
            "无锡职工糖尿病，没有鉴定过，能享受门慢吗",
            "wuxi/employee-outpatient-chronic#eligibility",
        ),
    ],
)
def test_what_the_message_denies_is_told_first(ask: Ask, question: str, clause: str) -> None:
    reply = ask(question)
    assert reply.text.startswith(f"**{_UNMET}")
    assert reply.citations[0].clause == clause


@pytest.mark.parametrize(
    ("message", "insurance"),
    [
        ("灵活就业自己交的社保，从没断过，生孩子能报吗", "employee"),
        ("骨头断了住院能报吗", "employee"),
        ("户口在镇江市区，住杭州半年多了，能按长期居住办吗", "resident"),
        ("职工医保，户口是盐城的，住苏州一年了，能办吗", "employee"),
        ("才住了三天院就出院了，能报吗", "resident"),
        ("打算去女儿家住一年半，能办异地备案吗", "employee"),
        ("备案在成都，清明回常州住半个月，卡能刷吗", "employee"),
        ("去南京住三个月院，能报吗", "employee"),
        ("糖尿病已经鉴定过了，能享受门慢吗", "employee"),
    ],
)
def test_what_is_met_or_asked_of_others_is_not(message: str, insurance: str) -> None:
    clauses = [clause for document in load() for clause in document.clauses]
    assert unmet(message, insurance, clauses) is None


@pytest.mark.parametrize(
    ("question", "opens"),
    [
        ("镇江的，在成都看门诊能刷卡吗", "**不可以"),
        ("镇江的，在苏州看门诊能刷卡吗", "**可以"),
    ],
)
def test_a_table_by_provinces_answers_for_a_city(ask: Ask, question: str, opens: str) -> None:
    assert ask(question).text.startswith(opens)


def test_both_provinces_compared_are_shown(ask: Ask) -> None:
    text = ask("镇江的卡，去南京看门诊跟去合肥看门诊，刷起来一样不一样").text
    assert "江苏省内联网医院" in text
    assert "暂时不能" in text


def test_a_disease_that_patients_ask_about_is_not_on_the_list_for_that(ask: Ask) -> None:
    assert "名单里没有写到“痛风”" in ask("无锡职工痛风能办门慢吗").text


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("常州，我是血小板减少，三天两头输血，那个用血待遇有我的份没", "下面说的"),
        ("常州职工，肝硬化要输血，能享受用血待遇吗", "下面说的"),
        ("新余职工，痛风没有并发症，门诊能报吗", "下面说的"),
        ("无锡我爸普通企业退休，我能替他代配药吗", "离休人员"),
        ("无锡，我不是公务员，公补有我的份吗", "享受公务员医疗补助的人"),
        ("常州，我家不是低保户，医疗救助有我的份没", "困难群众"),
    ],
)
def test_a_clause_for_others_says_no_yes(ask: Ask, question: str, who: str) -> None:
    assert ask(question).text.startswith(f"**只有{who}才可以：**")


@pytest.mark.parametrize(
    "question",
    ["常州职工，再障输血能报吗", "常州职工血友病输血医保给报吗", "无锡离休的，我能替他代配药吗"],
)
def test_whom_it_is_for_is_told_yes(ask: Ask, question: str) -> None:
    assert ask(question).text.startswith("可以")


def test_where_the_papers_are_asked_for_the_cases_alone_are_no_answer(ask: Ask) -> None:
    reply = ask("无锡儿童统筹，孩子在别的医院看了急诊，回来报销要拿哪些材料")
    assert reply.citations[0].clause == "wuxi/children-pooling#materials"
