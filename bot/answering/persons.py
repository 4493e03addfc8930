"""The bills of several persons, settled one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering import estimates
from bot.answering.draft import Draft, headed
from bot.reply import Status
from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from corpus.documents import Clause


def of_each(persons: Sequence[tuple[str, Inquiry]], clauses: Mapping[str, Clause]) -> Draft | None:
    """Settle the bills of several persons one by one; None where one has no settlement.

    What is still to be asked of the last is asked below the others; of another, by itself.
    """
    told: dict[str, Draft] = {}
    last = persons[-1][0]
    for person, inquiry in persons:
        known = inquiry.intent is Intent.ESTIMATE and inquiry.region and inquiry.insurance
        draft = estimates.answer(inquiry, clauses) if known else None
        if draft is None or (draft.status is not Status.CLARIFY and draft.estimate is None):
            return None
        if draft.status is Status.CLARIFY and person != last:
            asked = f"几个人的账要分开算才准。请先把{person}的情况单独说一遍：{draft.text}"
            return Draft(Status.CLARIFY, asked)
        told[person] = draft
    return replace(
        told[last],
        text=headed(told).replace("您自己付", "自己付"),
        estimate=None,
        figures=frozenset().union(*map(_figures, told.values())),
    )


def _figures(draft: Draft) -> frozenset[str]:
    """The figures of a draft that its settlement vouches for."""
    if not (settled := draft.estimate):
        return draft.figures
    amounts = [settled[name] for name in ("total", "fund_total", "patient_total") if settled[name]]
    lines = settled["lines"]
    amounts += [line[name] for line in lines for name in ("base", "amount") if line[name]]
    said = [part["text"] for part in (*lines, *settled["assumptions"], *settled["alternatives"])]
    said += [gap["text"] for gap in settled["gaps"]]
    return draft.figures | {*said, *(f"{amount} 元" for amount in amounts), *settled["warnings"]}
