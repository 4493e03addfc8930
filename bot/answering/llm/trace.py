"""What a call of the model cost and how it ended, for operators; nothing of what was said."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Histogram

_log = logging.getLogger(__name__)

REGISTRY = CollectorRegistry()
_BUCKETS = (0.5, 1, 2, 3.5, 5, 8, 12, 16, 20, 30)
_answers = Counter("llm_answers", "Answers asked of the model", ["outcome"], registry=REGISTRY)
_calls = Counter("llm_calls", "Calls of the model", registry=REGISTRY)
_tools = Counter("llm_tool_calls", "Settlements that the model asked for", registry=REGISTRY)
_tokens = Counter("llm_tokens", "Tokens, as the server counts them", ["kind"], registry=REGISTRY)
_faults = Counter("llm_faults", "Drafts sent back, by kind of fault", ["kind"], registry=REGISTRY)
_seconds = Histogram(
    "llm_seconds", "From question to outcome", ["outcome"], buckets=_BUCKETS, registry=REGISTRY
)


class Outcome(StrEnum):
    """How it ended: the model's words were shown, or why the embedded answer was."""

    FIRST = "first"
    """The first draft passed."""
    RETRY = "retry"
    """The second draft passed."""
    REJECTED = "rejected"
    """Neither draft passed."""
    DECLINED = "declined"
    """The model found no answer in the clauses."""
    LATE = "late"
    UNAVAILABLE = "unavailable"
    """Down, or an error of any kind."""
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    """As many calls as allowed were running."""
    RESTING = "resting"
    """It failed several times in a row and isn't asked for a while."""

    @property
    def shown(self) -> bool:
        """Whether the patient got the model's words."""
        return self in (Outcome.FIRST, Outcome.RETRY)


@dataclass(slots=True)
class Trace:
    """One answer asked of the model."""

    outcome: Outcome = Outcome.UNAVAILABLE
    calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    objections: tuple[str, ...] = ()
    """Kinds of fault of the drafts that didn't pass."""
    error: str = ""
    """Type of the exception that ended it."""


def record(trace: Trace) -> None:
    """Count it and log one line."""
    _answers.labels(trace.outcome).inc()
    _seconds.labels(trace.outcome).observe(trace.seconds)
    _calls.inc(trace.calls)
    _tools.inc(trace.tool_calls)
    _tokens.labels("input").inc(trace.input_tokens)
    _tokens.labels("output").inc(trace.output_tokens)
    for kind in trace.objections:
        _faults.labels(kind).inc()
    _log.info(
        "model: %s, %s answer given in %.1f s, %d calls, %d tool calls, %d+%d tokens, faults: %s%s",
        trace.outcome,
        "its" if trace.outcome.shown else "embedded",
        trace.seconds,
        trace.calls,
        trace.tool_calls,
        trace.input_tokens,
        trace.output_tokens,
        ", ".join(trace.objections) or "none",
        f", {trace.error}" if trace.error else "",
    )
