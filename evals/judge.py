"""Is a reply right? Compares it with what its turn asks for; every failure is named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from bot.reply import Reply, Status
from evals.facts import Fact, asked
from evals.figures import values
from evals.grounding import ground
from evals.sets import Totals, Turn

REFUSALS = frozenset({Status.NOT_FOUND, Status.OUT_OF_SCOPE})


class Outcome(BaseModel):
    """How one turn went; what the metrics are counted from."""

    model_config = ConfigDict(frozen=True)

    failures: tuple[str, ...]
    """Empty: the turn is right."""
    status: str
    expected: tuple[str, ...]
    """Statuses that were allowed."""
    wrong_region: bool = False
    ungrounded: int = 0
    """Figures that stand in no source."""
    derived: int = 0
    """Figures that are one step from two that the cited clauses state."""
    right_clause: bool | None = None
    """None: the turn names no clause."""
    precision: float | None = None
    """Share of the citations that the turn names."""
    estimate_exact: bool | None = None
    asked: int = 0
    """Questions back before the reply that was judged."""
    ask_wanted: bool = False
    ask_allowed: bool = False
    latencies_ms: tuple[int, ...] = ()
    characters: int = 0
    """Of the judged reply."""


def judge(
    turn: Turn, reply: Reply, said: str, *, asked_back: int = 0, text_only: bool = False
) -> Outcome:
    """Judge the last reply of a turn.

    Args:
        turn: what is expected.
        reply: the reply, after the questions in ``if_asked`` were answered.
        said: all that the patient has said in this conversation.
        asked_back: how many allowed questions came before it.
        text_only: for baselines, which know neither our clauses nor schemes: only status, text and
            the place of the first match can fail them; what they show of other places is counted.
    """
    wrong_region = any(_strays(turn, reply))
    grounding = ground(reply, said, _right(turn), quotes=text_only)
    if text_only:
        reply = reply.model_copy(update={"citations": reply.citations[:1]})
        turn = turn.model_copy(update={"clauses": (), "insurance": None})
    if reply.status == Status.CLARIFY and len(turn.status) > 1:
        turn = _allowed_question(turn)
    failures = [
        *_wrong_frame(turn, reply),
        *_wrong_text(turn, reply),
        *_wrong_sources(turn, reply),
        *(f"figure without a source: {f.shown}" for f in grounding.loose),
    ]
    exact = None
    if turn.estimate == "none":
        if _settled(reply):
            failures.append("gives an amount that can't be computed")
    elif turn.estimate is not None:
        wrong = list(_wrong_totals(turn, reply))
        failures += wrong
        exact = not wrong
    cited = [citation.clause for citation in reply.citations]
    named = set(turn.named)
    return Outcome(
        failures=tuple(failures),
        status=reply.status,
        expected=turn.status,
        wrong_region=wrong_region,
        ungrounded=len(grounding.loose),
        derived=grounding.derived,
        right_clause=_cites(turn, cited) if turn.clauses else None,
        precision=sum(c in named for c in cited) / len(cited) if cited and named else None,
        estimate_exact=exact,
        asked=asked_back + (reply.status == Status.CLARIFY),
        characters=len(reply.text),
        ask_wanted=bool(turn.asks),
        ask_allowed=bool(turn.if_asked) or Status.CLARIFY in turn.status,
    )


def _right(turn: Turn) -> str:
    """All figures that the question states as right."""
    totals = turn.estimate.model_dump().values() if isinstance(turn.estimate, Totals) else ()
    return "\n".join([*turn.figures, *(p for group in turn.says for p in group), *totals])


def _allowed_question(turn: Turn) -> Turn:
    """What is left to judge of a question back where an answer was as welcome."""
    nothing = {"figures": (), "says": (), "opens": (), "clauses": (), "estimate": None}
    return turn.model_copy(update={**nothing, "region": None, "insurance": None})


def broken(turn: Turn, error: str) -> Outcome:
    """A turn that got no reply at all."""
    return Outcome(
        failures=(f"error: {error}",),
        status="error",
        expected=turn.status,
        right_clause=False if turn.clauses else None,
        estimate_exact=False if turn.estimate not in (None, "none") else None,
    )


def _wrong_frame(turn: Turn, reply: Reply) -> Iterator[str]:
    if reply.status not in turn.status:
        yield f"status {reply.status}, expected {' or '.join(turn.status)}"
    if turn.region not in (None, "none") and reply.region != turn.region:
        yield f"region {reply.region}, expected {turn.region}"
    if turn.insurance is not None and reply.insurance != turn.insurance:
        yield f"insurance {reply.insurance}, expected {turn.insurance}"
    if turn.asks and not set(turn.asks) & set(asks_for(reply)):
        yield f"does not ask about {' or '.join(turn.asks)}"


def _wrong_text(turn: Turn, reply: Reply) -> Iterator[str]:
    if not reply.text.strip():
        yield "says nothing"
    shown = values(reply.text)
    for figure in turn.figures:
        if not values(figure) <= shown:
            yield f"lacks {figure}"
    for figure in turn.not_figures:
        if values(figure) <= shown:
            yield f"must not show {figure}"
    yield from _wrong_phrases(turn, folded(reply.text))


def _wrong_phrases(turn: Turn, text: str) -> Iterator[str]:
    for group in turn.says:
        if not any(folded(phrase) in text for phrase in group):
            yield f"does not say {' / '.join(group)}"
    if turn.opens and not any(_opens_with(phrase, text) for phrase in turn.opens):
        yield f"does not open with {' / '.join(turn.opens)}"
    for phrase in turn.never:
        if folded(phrase) in text:
            yield f"must not say {phrase}"


def _opens_with(phrase: str, text: str) -> bool:
    first = re.split(r"[。!?\n]", text, maxsplit=1)[0]
    return re.search(rf"(?<![不没未非])(?<!没有){re.escape(folded(phrase))}", first) is not None


def _wrong_sources(turn: Turn, reply: Reply) -> Iterator[str]:
    cited = [citation.clause for citation in reply.citations]
    if turn.clauses and not _cites(turn, cited):
        groups = " and ".join(" or ".join(group) for group in turn.clauses)
        yield f"cites {', '.join(cited) or 'nothing'}, expected {groups}"
    for clause in _strays(turn, reply):
        yield f"another place's policy: {clause}"


def _wrong_totals(turn: Turn, reply: Reply) -> Iterator[str]:
    assert isinstance(turn.estimate, Totals)
    estimate = reply.estimate or {}
    for key, expected in turn.estimate.model_dump().items():
        if estimate.get(key) != expected:
            yield f"{key} {estimate.get(key)}, expected {expected}"
    if not values(turn.estimate.patient_total) <= values(reply.text):
        yield f"the text lacks {turn.estimate.patient_total}"


def _cites(turn: Turn, cited: list[str]) -> bool:
    return all(set(group) & set(cited) for group in turn.clauses)


def _strays(turn: Turn, reply: Reply) -> Iterator[str]:
    """Clauses, or the reply's own region, of a place that the patient isn't insured in."""
    if turn.region is None:
        return
    own = {turn.region} | {name.partition("/")[0] for name in turn.named}
    for citation in reply.citations:
        if citation.clause.partition("/")[0] not in own:
            yield citation.clause
    if reply.region is not None and turn.region != "none" and reply.region not in own:
        yield reply.region


def _settled(reply: Reply) -> bool:
    return reply.estimate is not None and reply.estimate.get("status") == "settled"


def asks_for(reply: Reply) -> tuple[Fact, ...]:
    """The facts that a reply asks for; none when it isn't a question back."""
    if reply.status != Status.CLARIFY:
        return ()
    return asked("\n".join((reply.text, *reply.follow_ups)))


def folded(text: str) -> str:
    """Text without what doesn't change its meaning: spaces, markup, width, citation marks."""
    text = re.sub(r"\[\d+\]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s*#|>`]", "", text).casefold()
