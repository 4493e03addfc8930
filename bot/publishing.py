"""From a draft to the reply that a patient sees: citations numbered, every figure checked."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from bot import texts
from bot.answering.draft import Draft, number_marks
from bot.reply import Citation, Reply, Status
from bot.understanding.inquiry import Inquiry
from bot.verification import Evidence, Violation, verify
from corpus.documents import Clause

_log = logging.getLogger(__name__)


def faults(draft: Draft, inquiry: Inquiry, clauses: Mapping[str, Clause]) -> list[Violation]:
    """Return every figure and citation of a draft that no source vouches for."""
    text, cited = _cited(draft, clauses)
    return verify(text, _evidence(draft, inquiry, cited))


def publish(draft: Draft, inquiry: Inquiry, clauses: Mapping[str, Clause]) -> Reply:
    """Make the reply; a draft with a fault is withheld in favour of the clauses themselves."""
    text, cited = _cited(draft, clauses)
    violations = verify(text, _evidence(draft, inquiry, cited))
    if violations and draft.status in (Status.ANSWERED, Status.NOT_FOUND):
        # A defect of ours: the kinds of fault are logged, never the words.
        _log.error("reply withheld: %s", ", ".join(sorted({v.kind for v in violations})))
        text = _clauses_themselves(cited) or texts.WITHHELD
    return Reply(
        status=draft.status,
        text=text + _sources(cited),
        region=inquiry.region or _visited(inquiry, cited),
        insurance=inquiry.insurance,
        citations=tuple(Citation.of(n, clause) for n, clause in enumerate(cited, 1)),
        estimate=dict(draft.estimate) if draft.estimate else None,
        follow_ups=draft.follow_ups,
        answerer=draft.answerer,
    )


def _visited(inquiry: Inquiry, cited: Sequence[Clause]) -> str | None:
    """Return the place of care whose clauses answer somebody who is insured elsewhere."""
    return inquiry.visits if any(c.region == inquiry.visits for c in cited) else None


def _cited(draft: Draft, clauses: Mapping[str, Clause]) -> tuple[str, list[Clause]]:
    text, ids = number_marks(draft.text, clauses)
    return text, [clauses[clause] for clause in ids]


def _evidence(draft: Draft, inquiry: Inquiry, cited: Sequence[Clause]) -> Evidence:
    return Evidence(
        clauses=cited,
        settlement=draft.estimate,
        patient=(inquiry.message, inquiry.text),
        extra=tuple(draft.figures),
    )


def _clauses_themselves(cited: Sequence[Clause]) -> str:
    """What is shown where an answer can't be vouched for: the policy's own words."""
    return "\n\n".join(f"{clause.text} [{n}]" for n, clause in enumerate(cited[:2], 1))


def _sources(cited: Sequence[Clause]) -> str:
    if not cited:
        return ""
    named = "；".join(
        f"[{n}] {clause.heading}（{_date(clause.as_of)}）" for n, clause in enumerate(cited, 1)
    )
    return f"\n\n来源：{named}"


def _date(as_of: str) -> str:
    return "资料未注明日期" if as_of == "unknown" else as_of
