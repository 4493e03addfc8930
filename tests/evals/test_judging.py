"""A broken system must score badly, a right one perfectly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.reply import Citation, Reply, Status
from evals.judge import judge
from evals.metrics import summary
from evals.runner import Answerer, run
from evals.sets import QuestionSet, Turn, find, library, read
from tests.evals import people


@pytest.fixture(scope="module")
def sets() -> Mapping[Path, QuestionSet]:
    return read(find(["tuning"]))


def _score(sets: Mapping[Path, QuestionSet], answer: Answerer) -> dict[str, Any]:
    return summary(list(run(sets, answer)))


def test_the_oracle_is_right_everywhere(sets: Mapping[Path, QuestionSet]) -> None:
    records = list(run(sets, people.oracle(sets)))
    assert [record.id for record in records if not record.passed] == []
    metrics = summary(records)
    assert metrics["overall"] == metrics["estimates_exact"] == metrics["right_clause"] == 1
    assert metrics["refused_right"] == metrics["asked_when_needed"] == 1
    assert metrics["wrong_region"] == metrics["ungrounded"] == metrics["refused_wrong"] == 0


def test_a_liar_scores_badly(sets: Mapping[Path, QuestionSet]) -> None:
    metrics = _score(sets, people.liar(sets))
    assert metrics["estimates_exact"] == 0
    assert metrics["ungrounded"] > 200
    assert metrics["by_category"]["figure"] < 0.2
    assert metrics["by_category"]["estimate"] < 0.2


def test_a_mute_scores_badly(sets: Mapping[Path, QuestionSet]) -> None:
    metrics = _score(sets, people.mute)
    assert metrics["overall"] == 0
    assert metrics["right_clause"] == metrics["refused_right"] == 0


def test_a_stranger_scores_badly(sets: Mapping[Path, QuestionSet]) -> None:
    metrics = _score(sets, people.stranger(sets))
    assert metrics["wrong_region"] > 300
    assert metrics["right_clause"] == 0
    assert metrics["overall"] < 0.1


def test_a_refuser_is_right_only_where_refusing_is(sets: Mapping[Path, QuestionSet]) -> None:
    metrics = _score(sets, people.refuser)
    assert metrics["refused_wrong"] == 1
    assert metrics["by_category"]["figure"] == metrics["by_category"]["estimate"] < 0.2
    assert metrics["overall"] < 0.2


def test_asking_forever_does_not_pay(sets: Mapping[Path, QuestionSet]) -> None:
    metrics = _score(sets, people.asker)
    assert metrics["overall"] < 0.1
    assert metrics["asked_needlessly"] > 200


def _reply(text: str, *clauses: str, **more: Any) -> Reply:
    citations = tuple(Citation.of(n, library()[c]) for n, c in enumerate(clauses, 1))
    return Reply(status=Status.ANSWERED, text=text, citations=citations, **more)


_ASKED = Turn(say="无锡退休职工二级医院住院起付线多少")


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("起付线是 600 元[1]。", 0),
        ("起付线是 601 元[1]。", 1),
        ("第二次是 300 元[1]。", 0),  # 50% of 600, both in the clause
        ("医保付 88%，您付 12%[1]。", 2),
        ("1. 先付 600 元\n2. 再住一次付 50%", 0),
        ("可以打 12393 问。", 0),
        ("可以打 0510-81880202 问。", 0),
        ("可以打 0511-85340390 问。", 1),
        ("起付线是六百零一元[1]。", 1),
        ("三级医院也一样[1]。", 0),
    ],
)
def test_a_figure_needs_a_source(text: str, loose: int) -> None:
    reply = _reply(text, "wuxi/employee-inpatient#deductible", region="wuxi")
    assert judge(_ASKED, reply, _ASKED.say).ungrounded == loose


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("第二次是 240 元（500 元，减 100 元，按 60% 计算）[1][2][3]。", 0),
        ("第二次是 240 元[1][2][3]。", 1),
        ("第二次是 250 元（500 元，减 100 元，按 60% 计算）[1][2][3]。", 1),
    ],
)
def test_a_figure_of_two_steps_shows_its_working(text: str, loose: int) -> None:
    sections = ("deductible", "repeat-admissions", "retired-deductible")
    reply = _reply(text, *(f"xinyu/employee-inpatient#{section}" for section in sections))
    assert judge(_ASKED, reply, _ASKED.say).ungrounded == loose


def test_a_quote_that_the_library_does_not_have_proves_nothing() -> None:
    real = Citation.of(1, library()["wuxi/employee-inpatient#deductible"])
    forged = real.model_copy(update={"quote": "起付线 99 元"})
    reply = Reply(status=Status.ANSWERED, text="起付线是 99 元[1]。", citations=(forged,))
    assert judge(_ASKED, reply, _ASKED.say).ungrounded == 1


def test_the_other_side_of_a_share_is_stated_too() -> None:
    reply = _reply("医保付 94%[1]。", "wuxi/employee-inpatient#coinsurance")
    assert judge(_ASKED, reply, _ASKED.say).ungrounded == 0


def test_the_patients_own_figures_need_no_source() -> None:
    turn = Turn(say="花了两万五")
    assert judge(turn, _reply("您花了 25,000 元。"), turn.say).ungrounded == 0


@pytest.mark.parametrize(
    ("text", "opens"), [("可以。", True), ("不可以。", False), ("能。", False)]
)
def test_yes_or_no_comes_first(text: str, opens: bool) -> None:
    turn = Turn(say="能报吗", opens=("可以",))
    failures = judge(turn, _reply(text + "其他可以再问。"), turn.say).failures
    assert (not failures) == opens
