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
