"""The second answerer: the embedded answer, in a model's words where these stand every check."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from http import HTTPStatus
from queue import Empty, SimpleQueue
from typing import TypeAlias

from langchain_core.language_models import BaseChatModel

from bot.answering.answerer import Progress, Watch, unwatched
from bot.answering.draft import Draft
from bot.answering.embedded import EmbeddedAnswerer
from bot.answering.llm.agent import Agent, NoEndError
from bot.answering.llm.budget import Breaker, Deadline, LateError
from bot.answering.llm.guard import Complaint, Guard, Objection
from bot.answering.llm.task import Task, task_of
from bot.answering.llm.text import clean, declined, whole_sentences, without_citations
from bot.answering.llm.trace import Outcome, Trace, record
from bot.memory import Turn
from bot.publishing import faults
from bot.understanding.inquiry import Inquiry
from corpus.documents import Clause

_TOO_SHORT = 1.0
"""Seconds in which no model answers: it isn't asked."""
_MODELS_SHARE = 0.9
"""Of the time; what is left is for all that is done without the model."""
_LOOKING, _SETTLING = "正在查找政策", "正在计算"

_UNSETTLED = Complaint(Objection.UNSETTLED, "没有调用工具")

_Event: TypeAlias = Progress | str | None
_FAILURES = (Outcome.LATE, Outcome.UNAVAILABLE, Outcome.RATE_LIMITED)
"""After a few of them in a row the model rests."""


class LLMAnswerer:
    """Answers as the embedded answerer does, in a model's words.

    Args:
        embedded: decides, computes, and answers where the model doesn't in time or rightly.
        model: any chat model.
        places: names of all places covered.
        seconds: time for an answer where the caller names none.
        small: the model is slow to read and to write: it is given and asked for little.
        parallel: calls of the model at once; more questions get the embedded answer.
        breaker: keeps a dead model from being waited for.
        report: takes the trace of each answer asked of the model.
    """

    def __init__(
        self,
        embedded: EmbeddedAnswerer,
        model: BaseChatModel,
        places: Sequence[str],
        *,
        seconds: float = 20.0,
        small: bool = False,
        parallel: int = 8,
        breaker: Breaker | None = None,
        report: Callable[[Trace], None] = record,
    ) -> None:
        self._embedded = embedded
        self._model = model
        self._places = places
        self._seconds = seconds
        self._small = small
        self._slots = threading.BoundedSemaphore(parallel)
        self._breaker = breaker or Breaker()
        # A model too slow for a message may be in time for the page.
        self._hasty = Breaker()
        self._report = report

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        return self._embedded.clauses

    @cached_property
    def _characters(self) -> frozenset[str]:
        texts = (f"{c.heading}{c.text}{''.join(c.asks)}" for c in self.clauses.values())
        return frozenset().union(*texts)

    def answer(
        self,
        inquiry: Inquiry,
        history: Sequence[Turn] = (),
        within: float | None = None,
        watch: Watch = unwatched,
    ) -> Draft:
        """Answer, ask for one decisive fact, or say that the documents don't say.

        Args:
            inquiry: what is asked and all that is known.
            history: the last turns, oldest first.
            within: seconds in which the answer is due; None: those of the constructor.
            watch: told what is going on. A `Progress` text has passed every check that its part
                of the answer can be put to; the draft may still be another one.
        """
        seconds = self._seconds if within is None else within
        deadline = Deadline(seconds * _MODELS_SHARE)
        draft = self._embedded.answer(inquiry, history)
        task = task_of(inquiry, draft, self.clauses, small=self._small)
        if task is None or deadline.left() < _TOO_SHORT:
            return draft
        if not task.leads:
            task = task.offering(passage.clause for passage in self._embedded.passages(inquiry))
        watch(Progress("doing", _SETTLING if task.settles else _LOOKING))
        breaker = self._breaker if within is None else self._hasty
        trace, text = self._ask(task, deadline, breaker, watch)
        trace.seconds = deadline.spent()
        self._report(trace)
        return draft if text is None else task.answer(text)

    def _ask(
        self, task: Task, deadline: Deadline, breaker: Breaker, watch: Watch
    ) -> tuple[Trace, str | None]:
        """How it ended, with the model's words where they passed."""
        if not self._slots.acquire(blocking=False):
            return Trace(Outcome.BUSY), None
        if not breaker.allows():
            self._slots.release()
            return Trace(Outcome.RESTING), None
        events: SimpleQueue[_Event] = SimpleQueue()
        trace = Trace()
        work = partial(self._work, task, deadline, trace, events.put)
        threading.Thread(target=work, daemon=True, name="model").start()
        try:
            text = _followed(events, deadline, watch)
        except LateError:
            # What it has cost so far; the thread may still be counting.
            trace, text = replace(trace, outcome=Outcome.LATE), None
        if trace.outcome in _FAILURES:
            breaker.failed()
        else:
            breaker.succeeded()
        return trace, text

    def _work(
        self, task: Task, deadline: Deadline, trace: Trace, put: Callable[[_Event], None]
    ) -> None:
        """Ask the model; what comes after the deadline, nobody reads."""
        text = None
        try:
            text = self._drafted(task, deadline, trace, put)
        except LateError:
            trace.outcome = Outcome.LATE
        except NoEndError:
            trace.outcome = Outcome.REJECTED
        except Exception as error:  # whatever a model's client raises, the patient is answered
            limited = getattr(error, "status_code", None) == HTTPStatus.TOO_MANY_REQUESTS
            trace.outcome = Outcome.RATE_LIMITED if limited else Outcome.UNAVAILABLE
            trace.error = type(error).__name__
        finally:
            self._slots.release()
            put(text)

    def _drafted(
        self, task: Task, deadline: Deadline, trace: Trace, put: Callable[[_Event], None]
    ) -> str | None:
        """The words that passed; None where none did."""
        guard = Guard(task, self._places, self._characters)
        shown = _Shown(task, guard, put)
        agent = Agent(self._model, task, deadline, trace, shown.written)
        for outcome in (Outcome.FIRST, Outcome.RETRY):
            text = agent.draft()
            if declined(text):
                trace.outcome = Outcome.DECLINED
                return None
            wrong = self._wrong(text, task, agent.settled, guard)
            if not wrong:
                trace.outcome = outcome
                return text
            trace.objections += tuple(sorted({complaint.kind for complaint in wrong}))
            shown.take_back()
            if wrong == [_UNSETTLED]:
                agent.demand_call()
            else:
                agent.object(guard.objection(wrong))
        trace.outcome = Outcome.REJECTED
        return None

    def _wrong(self, text: str, task: Task, settled: bool, guard: Guard) -> list[Complaint]:
        if task.calls and not settled:
            return [_UNSETTLED]
        if wrong := guard.complaints(text):
            return wrong
        # What the one door will check once more.
        left = faults(task.answer(text), task.inquiry, self.clauses)
        return [Complaint(Objection.FIGURE, f"“{fault.text}”没有出处") for fault in left]


def _followed(events: SimpleQueue[_Event], deadline: Deadline, watch: Watch) -> str | None:
    """Pass on what is going on until it has ended; return the model's words where they passed.

    Raises:
        LateError: the time is over.
    """
    while True:
        try:
            event = events.get(timeout=deadline.left())
        except Empty:
            raise LateError from None
        if not isinstance(event, Progress):
            return event
        watch(event)


class _Shown:
    """What of a draft that is being written may be shown already."""

    def __init__(self, task: Task, guard: Guard, put: Callable[[_Event], None]) -> None:
        self._task = task
        self._guard = guard
        self._put = put
        self._last = ""

    def written(self, text: str) -> None:
        """Show the whole sentences of it, where they stand every check."""
        text = whole_sentences(clean(text))
        if not text or text == self._last:
            return
        if not self._guard.complaints(text, begun=True):
            self._last = text
            self._put(Progress("text", without_citations(self._task.opened(text))))

    def take_back(self) -> None:
        """The draft is not going to be the answer."""
        if self._last:
            self._last = ""
            self._put(Progress("text", ""))
