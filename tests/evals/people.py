"""Answerers that are wrong in one way each, and one that knows every answer.

They stand in for a product: an eval that a liar passes measures nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.reply import Citation, Reply, Status
from evals.runner import Answerer
from evals.sets import QuestionSet, Totals, Turn, library
from tools.settlement import FACTS


def oracle(sets: Mapping[Path, QuestionSet]) -> Answerer:
    """Says what each turn asks for, and nothing else."""
    return _by_turn(sets, right)


def liar(sets: Mapping[Path, QuestionSet]) -> Answerer:
    """Right place, right clause, right words; every figure invented."""

    def lie(turn: Turn) -> Reply:
        reply = right(turn)
        text = re.sub(r"\d+(?:\.\d+)?", lambda m: str(float(m[0]) + 1237.5), reply.text)
        totals = reply.estimate and dict.fromkeys(reply.estimate, "7777.77")
        return reply.model_copy(update={"text": text, "estimate": totals})

    return _by_turn(sets, lie)


def stranger(sets: Mapping[Path, QuestionSet]) -> Answerer:
    """Right figures, but cites the policy of another city."""
    elsewhere = {"wuxi": "xinyu/poverty#who", "zhenjiang": "wuxi/exclusions#list"}

    def stray(turn: Turn) -> Reply:
        clause = elsewhere.get(turn.region or "", "zhenjiang/registration#steps")
        return right(turn).model_copy(update={"citations": _citations([clause])})

    return _by_turn(sets, stray)


def mute(session: str, message: str) -> Reply:
    """Answers everything with nothing."""
    return Reply(status=Status.ANSWERED, text="")


def refuser(session: str, message: str) -> Reply:
    """Knows nothing, ever."""
    return Reply(status=Status.NOT_FOUND, text="我手上的资料里没有写明。")


def asker(session: str, message: str) -> Reply:
    """Asks back forever."""
    return Reply(status=Status.CLARIFY, text="请问您是哪个城市的？", follow_ups=("无锡", "新余"))


def right(turn: Turn) -> Reply:
    """A reply that meets every expectation of a turn."""
    totals = turn.estimate if isinstance(turn.estimate, Totals) else None
    text = "。".join(
        [
            *turn.opens[:1],
            *(group[0] for group in turn.says),
            *turn.figures,
            *(totals.model_dump().values() if totals else ()),
            "就是这样",
        ]
    )
    return Reply(
        status=turn.status[0],
        text=text if turn.status[0] != Status.CLARIFY else _question(turn),
        region=None if turn.region == "none" else turn.region,
        insurance=turn.insurance,
        citations=_citations([group[0] for group in turn.clauses]),
        estimate=totals.model_dump() if totals else None,
    )


def _question(turn: Turn) -> str:
    questions = {
        "region": "您在哪个城市参保",
        "insurance": "是职工医保还是居民医保",
        "employment": "在职还是退休",
        "hospital_level": "是哪一级医院",
        "age": "今年多少周岁",
        "referral": "有没有转诊",
        "drug_group": "用的是哪种药",
        "item": "是哪一项费用",
        "disease_class": "是哪一类病",
        "personal_burden": "自己负担了多少",
    }
    asked = turn.asks[0] if turn.asks else "region"
    return questions.get(asked) or (FACTS[asked].question if asked in FACTS else "请问")


def _citations(clauses: list[str]) -> tuple[Citation, ...]:
    return tuple(Citation.of(n, library()[clause]) for n, clause in enumerate(clauses, 1))


def _by_turn(sets: Mapping[Path, QuestionSet], reply: Callable[[Turn], Reply]) -> Answerer:
    """Messages repeat between conversations (新余, 三级): a session's turns come in their order."""
    first: dict[str, list[tuple[Turn, ...]]] = {}
    for questions in sets.values():
        for conversation in questions.conversations:
            first.setdefault(conversation.turns[0].say, []).append(conversation.turns)
    left: dict[str, list[Turn]] = {}

    def answer(session: str, message: str) -> Reply:
        if session not in left:
            left[session] = list(first[message].pop(0))
        return reply(left[session].pop(0))

    return answer
