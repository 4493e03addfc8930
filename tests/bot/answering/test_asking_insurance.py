"""The insurance is asked for where it decides the answer, and only there."""

from __future__ import annotations

import pytest

from bot.reply import Status
from tests.bot.answering.conftest import Ask


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("无锡没备案去上海住院，先自付几成", "50%"),
        ("无锡的，自己转院到北京，先要自己掏多少", "30%"),
        ("无锡医院给办了转院去南京住院，先自付多少", "10%"),
        ("新余丙类的自己先付多少", "15%"),
    ],
)
def test_a_figure_that_is_the_same_for_both_is_told(ask: Ask, question: str, figure: str) -> None:
    reply = ask(question)
    assert reply.status is Status.ANSWERED
    assert figure in reply.text


def test_a_second_reading_of_one_scheme_is_told_beside_it(ask: Ask) -> None:
    reply = ask("无锡没备案去上海住院，先自付几成")
    assert "居民医保：资料也可以理解为" in reply.text


@pytest.mark.parametrize(
    "question", ["镇江顺产给多少", "镇江住院报多少", "无锡住院床位费一天能报多少"]
)
def test_what_no_scheme_tells_is_not_asked_about(ask: Ask, question: str) -> None:
    assert ask(question).status is Status.NOT_FOUND


@pytest.mark.parametrize(
    "question",
    ["无锡住院先自付多少", "镇江没备案去上海住院，先自付几成", "无锡没备案去上海住院报几成"],
)
def test_where_the_schemes_differ_it_is_asked(ask: Ask, question: str) -> None:
    reply = ask(question)
    assert reply.status is Status.CLARIFY
    assert "居民医保" in reply.text


@pytest.mark.parametrize(
    "question",
    ["新余居民第二次住院起付线多少", "居民的，新余，今年第二次住院，听单位上的人说门槛费要减"],
)
def test_a_further_stay_is_not_told_the_first_ones_deductible(ask: Ask, question: str) -> None:
    cited = {citation.clause for citation in ask(question).citations}
    assert "xinyu/resident-inpatient#repeat-admissions" in cited


@pytest.mark.parametrize(
    ("item", "figure"), [("查环", "15 元"), ("上环", "60 元"), ("结扎", "400 元")]
)
def test_an_item_of_one_scheme_tells_which_scheme_its_figure_is_of(
    ask: Ask, item: str, figure: str
) -> None:
    reply = ask(f"新余，{item}医保给多少")
    assert reply.text.startswith("职工医保")
    assert figure in reply.text


@pytest.mark.parametrize(
    "question", ["新余门槛费多少", "无锡起付线多少", "无锡没转诊去三级门诊报几成"]
)
def test_a_figure_of_both_schemes_is_asked_about_however_short(ask: Ask, question: str) -> None:
    assert ask(question).status is Status.CLARIFY


def test_a_bare_deductible_is_that_of_a_stay(ask: Ask) -> None:
    text = ask("新余居民起付线多少").text
    assert "400 元" in text
    assert "第二次" not in text


@pytest.mark.parametrize(
    "question",
    ["新余，老头帕金森，门诊拿药报几成", "新余红斑狼疮门诊报多少", "新余再障，慢病一类还是二类"],
)
def test_a_disease_that_each_scheme_lists_otherwise_asks_for_the_scheme(
    ask: Ask, question: str
) -> None:
    reply = ask(question)
    assert reply.status is Status.CLARIFY
    assert "居民医保" in reply.text


def test_the_other_schemes_name_of_a_disease_is_told_with_its_condition(ask: Ask) -> None:
    reply = ask("新余冠心病能办慢病吗")
    assert "“冠心病”" in reply.text
    assert "冠状支架植入术后" in reply.text


@pytest.mark.parametrize("who", ["我爸厂里上班的，", "我婆婆农村的，"])
def test_of_the_other_scheme_nothing_is_told_where_the_own_one_is_known(ask: Ask, who: str) -> None:
    assert "上面说的是" not in ask(f"新余，{who}肝硬化慢病一年最多报多少").text


def test_a_rule_of_one_scheme_says_whose_it_is(ask: Ask) -> None:
    assert "参加的是居民医保的话，告诉我" in ask("无锡看病是不是一定要先到社区").text
    assert "参加的是居民医保的话" not in ask("无锡职工医保看病是不是一定要先到社区").text


def test_the_scheme_that_a_bill_is_settled_by_is_told(ask: Ask) -> None:
    text = ask("无锡，社区转诊到二级医院生孩子花了5000，报多少").text
    assert "您自己付" in text
    assert "参加的是居民医保" in text


def test_where_a_place_has_one_scheme_it_is_not_asked(ask: Ask) -> None:
    reply = ask("常州，住院医保报完自己还负担6万，都是合规的，不是困难户，大病保险给多少")
    assert reply.insurance == "employee"
    assert "是哪一种" not in reply.text
