"""Puts question sets to an answerer and records how each conversation went."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from bot.reply import Reply
from evals.judge import Outcome, asks_for, broken, judge
from evals.sets import Conversation, QuestionSet, Turn

Answerer = Callable[[str, str], Reply]
"""Session and message in, reply out; may be called from several threads."""

_ROUNDS = 3
"""Questions back that a patient puts up with in one turn."""


class Record(BaseModel):
    """How one conversation went; one line of a result file."""

    model_config = ConfigDict(frozen=True)

    id: str
    set: str
    category: str
    held: bool
    outcomes: tuple[Outcome, ...]
    says: tuple[str, ...] = ()
    """The messages; of a held conversation neither these nor the replies are recorded."""
    replies: tuple[Reply | None, ...] = ()
    """Each turn's judged reply."""

    @property
    def passed(self) -> bool:
        """Every turn met every expectation."""
        return not any(outcome.failures for outcome in self.outcomes)

    @property
    def failures(self) -> tuple[str, ...]:
        """Of all turns."""
        return tuple(failure for outcome in self.outcomes for failure in outcome.failures)


def run(
    sets: Mapping[Path, QuestionSet],
    answer: Answerer,
    *,
    jobs: int = 1,
    done: Collection[str] = (),
    text_only: bool = False,
) -> Iterator[Record]:
    """Put every conversation but those ``done`` to the answerer; records come in their order.

    ``text_only``: see `evals.judge.judge`.
    """
    todo = [
        (conversation, path.stem, questions.held)
        for path, questions in sets.items()
        for conversation in questions.conversations
        if conversation.id not in done
    ]
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda item: _converse(*item, answer=answer, text_only=text_only), todo)


def _converse(
    conversation: Conversation, name: str, held: bool, *, answer: Answerer, text_only: bool
) -> Record:
    session = f"eval-{uuid4().hex}"
    said: list[str] = []
    outcomes: list[Outcome] = []
    replies: list[Reply | None] = []
    for turn in conversation.turns:
        outcome, reply = _put(turn, session, said, answer, text_only)
        outcomes.append(outcome)
        replies.append(reply)
    return Record(
        id=conversation.id,
        set=name,
        category=conversation.category,
        held=held,
        outcomes=tuple(_without_text(o) for o in outcomes) if held else tuple(outcomes),
        says=() if held else tuple(turn.say for turn in conversation.turns),
        replies=() if held else tuple(replies),
    )


def say(turn: Turn, session: str, answer: Answerer) -> Reply:
    """Say one turn and answer the questions back that it allows; the reply after that."""
    left = dict(turn.if_asked)
    message = turn.say
    for _ in range(_ROUNDS + 1):
        reply = answer(session, message)
        facts = [fact for fact in asks_for(reply) if fact in left]
        if not facts:
            break
        message = "，".join(left.pop(fact) for fact in facts)
    return reply


def _put(
    turn: Turn, session: str, said: list[str], answer: Answerer, text_only: bool
) -> tuple[Outcome, Reply | None]:
    """Say one turn, answer the questions back that it allows, and judge what comes in the end."""
    times: list[int] = []

    def timed(session: str, message: str) -> Reply:
        said.append(message)
        began = time.perf_counter()
        reply = answer(session, message)
        times.append(round((time.perf_counter() - began) * 1000))
        return reply

    try:
        reply = say(turn, session, timed)
    except Exception as error:
        return broken(turn, f"{type(error).__name__}: {error}"), None
    outcome = judge(turn, reply, "\n".join(said), asked_back=len(times) - 1, text_only=text_only)
    return _timed(outcome, times), reply


def _timed(outcome: Outcome, times: list[int]) -> Outcome:
    return outcome.model_copy(update={"latencies_ms": tuple(times)})


def _without_text(outcome: Outcome) -> Outcome:
    kinds = tuple(sorted({failure.split()[0] for failure in outcome.failures}))
    return outcome.model_copy(update={"failures": kinds})
