"""Answers taken from clauses: procedures, materials, lists, yes or no, where to ask."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.blocks import Block, blocks
from bot.answering.draft import Draft, mark
from bot.answering.membership import verdict
from bot.reply import Status
from bot.retrieval import Passage
from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from corpus.text import terms
from corpus.documents import Clause

_SHORT = 150
"""A clause of up to this many characters is shown whole."""
_EXTRA = 90
"""Characters of further matching sentences after the leading one."""
_ITEMS = 12
_WHOLE = {Intent.PROCEDURE, Intent.MATERIALS, Intent.LIST}
_CLOSE = 0.8
"""A second clause is shown where its score comes this near to the first one's."""
_SILENT = ("没有写明", "没写明", "未写明", "没有说明", "没有列出", "没有写", "没有给出", "没写")


def answer(inquiry: Inquiry, passages: Sequence[Passage]) -> Draft:
    """Compose an answer from the best clause, and a pointer to a second close one."""
    first = passages[0]
    lines = _lines(inquiry, first)
    text = "\n".join(lines)
    for other in passages[1:2]:
        if other.score >= _CLOSE * first.score and other.clause.id != first.clause.id:
            text += f"\n\n另外：{_best(inquiry, other)[0].text}{mark(other.clause.id)}"
    status = Status.NOT_FOUND if _silent(first.clause, lines[0]) else Status.ANSWERED
    return Draft(status, text, follow_ups=_follow_ups(inquiry, passages))


def _silent(clause: Clause, lead: str) -> bool:
    """Tell whether what was asked for is what the document leaves open."""
    return clause.id.endswith("#not-stated") or any(word in lead for word in _SILENT)


def _lines(inquiry: Inquiry, passage: Passage) -> list[str]:
    clause = passage.clause
    parts = blocks(clause.text)
    point = mark(clause.id)
    short = len(clause.text) <= _SHORT and not any(b.kind == "row" for b in parts)
    if short:
        shown = list(parts)
    elif inquiry.intent in _WHOLE and any(b.kind != "sentence" for b in parts):
        shown = _whole(parts)
    else:
        shown = _best(inquiry, passage)
    lines = _laid_out(shown, point)
    if inquiry.intent is Intent.MEMBERSHIP and (word := verdict(inquiry.message, passage)):
        lines[0] = f"**{word}**{lines[0]}"
    return lines


def _whole(parts: Sequence[Block]) -> list[Block]:
    shown: list[Block] = []
    items = 0
    for block in parts:
        items += block.kind in ("item", "row")
        if items <= _ITEMS:
            shown.append(block)
    if items > _ITEMS:
        shown.append(Block("sentence", "名单较长，其余的请点开来源看全文。"))
    return shown


def _best(inquiry: Inquiry, passage: Passage) -> list[Block]:
    """The leading sentence, and those blocks that speak most of what was asked."""
    parts = blocks(passage.clause.text)
    words = terms(inquiry.text)
    ranked = sorted(
        range(1, len(parts)),
        key=lambda i: (-sum(len(w) for w in words if w in parts[i].text), i),
    )
    chosen, room = {0}, _EXTRA
    if passage.kind == "row":
        for index, block in enumerate(parts):
            if block.kind == "row" and block.cells and block.text[:6] in passage.excerpt:
                chosen = {index}
    for index in ranked:
        length = len(parts[index].text)
        if length <= room and any(w in parts[index].text for w in words):
            chosen.add(index)
            room -= length
    return [parts[index] for index in sorted(chosen)]


def _laid_out(shown: Sequence[Block], point: str) -> list[str]:
    lines: list[str] = []
    step = 0
    for block in shown:
        if block.kind == "sentence":
            if lines and not lines[-1].startswith(("- ", "1", "2", "3", "4", "5", "6", "7", "8", "9")):
                lines[-1] += block.text
            else:
                lines.append(block.text)
        elif block.kind == "step":
            step += 1
            lines.append(f"{step}. {block.text}")
        else:
            lines.append(f"- {block.text}")
    return [line + point if _carries(line) else line for line in lines]


def _carries(line: str) -> bool:
    return bool(line)


def _follow_ups(inquiry: Inquiry, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Offer what the neighbouring clauses answer, in a patient's words."""
    asked = {passages[0].clause.id}
    offered: list[str] = []
    for passage in passages[1:4]:
        if passage.clause.id not in asked and passage.clause.asks:
            asked.add(passage.clause.id)
            offered.append(passage.clause.asks[0])
    return tuple(ask if ask.endswith("？") else f"{ask}？" for ask in offered)
