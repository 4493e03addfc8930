"""Replies as HTML for the page. Whatever a patient or a document wrote is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from markdown_it import MarkdownIt

from bot.channels.estimate_html import draw, reference_button
from bot.reply import Citation, Reply, Status

# "zero" knows no links, images or raw HTML: only what replies and clauses are written with.
_MARKDOWN = MarkdownIt("zero", {"breaks": True}).enable(
    ["blockquote", "emphasis", "escape", "heading", "list", "newline", "table"]
)
_LIST_ITEM = re.compile(r"\s*(?:[-*]|\d+[.)])\s")
_STEP = re.compile(r"\d+\. ")
_REFERENCE = re.compile(r"\[(\d{1,2})\]")

# Drawn: not every computer has a font with 👍.
_THUMB = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 10.5v9H3.5v-9zM7 10.5l4-7c1.7 0'
    ' 2.6 1.2 2.3 2.8l-.7 3.2h5.9a2 2 0 0 1 2 2.5l-1.5 6a2 2 0 0 1-2 1.5H7"/></svg>'
)

_BADGES = {
    Status.CLARIFY: "想先问您一句",
    Status.NOT_FOUND: "资料里没有写",
    Status.OUT_OF_SCOPE: "这个要问别处",
    Status.EMERGENCY: "先救人",
}


def turn(key: str, message: str, reply: Reply) -> str:
    """One message and its reply; ``key`` is its id in the page."""
    anchors = anchors_of(key, reply.citations)
    badge = _BADGES.get(reply.status)
    return _turn(
        key,
        message,
        reply.status,
        f'<p class="badge">{badge}</p>' if badge else "",
        *_body(reply, anchors),
        sources(reply.citations, anchors),
        _chips(reply.follow_ups),
        "" if reply.status is Status.EMERGENCY else _verdict(),
    )


def _body(reply: Reply, anchors: Mapping[int, str]) -> Iterator[str]:
    """The text; an estimate is drawn right behind its first line, which answers."""
    text = reply.text.partition("\n\n来源：")[0] if reply.citations else reply.text
    if not reply.estimate or not reply.estimate["lines"]:
        yield _text(text, anchors)
        return
    first, *rest = text.splitlines()
    yield _text(first, anchors)
    yield draw(reply.estimate, {c.clause: c.n for c in reply.citations}, anchors)
    # Its numbered steps are the rows of the drawn table.
    yield _text("\n".join(line for line in rest if not _STEP.match(line)), anchors)


def _text(text: str, anchors: Mapping[int, str]) -> str:
    return f'<div class="text">{markdown(text, anchors)}</div>' if text.strip() else ""


def pending(key: str, message: str, doing: str = "正在查资料", written: str = "") -> str:
    """A message that is being answered; ``written``: the checked beginning of its answer."""
    status = f'<p class="doing"><span class="dots"></span>{escape(doing)}</p>'
    return _turn(key, message, "waiting", _text(written, {}), status)


def notice(key: str, message: str, text: str) -> str:
    """A message that can't be answered now, and why."""
    return _turn(key, message, "failed", escape(text))


def _turn(key: str, message: str, kind: str, *parts: str) -> str:
    asked = escape(message.strip()).replace("\n", "<br>")
    return (
        f'<article class="turn" id="{key}">'
        f'<p class="asked"><span class="unseen">您问：</span>{asked}</p>'
        f'<div class="answer {kind}">{"".join(parts)}</div></article>'
    )


def anchors_of(key: str, citations: Iterable[Citation]) -> dict[int, str]:
    """Element id of each citation, by its number."""
    return {citation.n: f"{key}-source-{citation.n}" for citation in citations}


def markdown(text: str, anchors: Mapping[int, str] | None = None) -> str:
    """Render the Markdown of a reply or a clause.

    Args:
        text: HTML in it is shown, not obeyed.
        anchors: element id by citation number; ``[n]`` becomes a button that opens it.
    """
    known = anchors or {}

    def reference(match: re.Match[str]) -> str:
        number = int(match[1])
        return reference_button(number, known[number]) if number in known else match[0]

    rendered = str(_MARKDOWN.render(_separated(text)))
    scrolling = rendered.replace("<table>", '<div class="wide" tabindex="0"><table>')
    return _REFERENCE.sub(reference, scrolling.replace("</table>", "</table></div>"))


def _separated(text: str) -> str:
    """Put an empty line where a list or a table ends, as Markdown asks and people forget."""
    lines: list[str] = []
    before = ""
    for line in text.splitlines():
        kind = _kind(line)
        if before != kind and "" not in (before, kind) and line[:1] not in (" ", "\t"):
            lines.append("")
        lines.append(line)
        before = kind
    return "\n".join(lines)


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    if line.lstrip().startswith("|"):
        return "table"
    return "list" if _LIST_ITEM.match(line) else "text"


def sources(citations: Iterable[Citation], anchors: Mapping[int, str]) -> str:
    """The clauses that a reply rests on, each to be opened."""
    entries = "".join(_source(citation, anchors[citation.n]) for citation in citations)
    if not entries:
        return ""
    return f'<section class="sources" aria-label="出处"><h3>出处</h3>{entries}</section>'


def _source(citation: Citation, anchor: str) -> str:
    return (
        f'<details id="{anchor}"><summary><span class="number">{citation.n}</span>'
        f'<span class="heading">{escape(citation.title)} · {escape(citation.section)}</span>'
        f'<span class="date">{_date(citation.as_of)}</span></summary>'
        f"<blockquote>{markdown(citation.quote)}</blockquote>"
        f'<p class="file">资料：{escape(citation.source)}</p></details>'
    )


def _date(as_of: str) -> str:
    """2019-09 as 2019年9月."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", as_of)
    if not match:
        return "日期未注明"
    return f"{match[1]}年" + (f"{int(match[2])}月" if match[2] else "")


def _chips(messages: Iterable[str]) -> str:
    chips = "".join(
        f'<button type="button" class="chip" data-say="{escape(m)}">{escape(m)}</button>'
        for m in messages
    )
    return f'<div class="chips" role="group" aria-label="可以接着问">{chips}</div>' if chips else ""


def _verdict() -> str:
    buttons = "".join(
        f'<button type="button" class="{verdict}" data-verdict="{verdict}" aria-pressed="false">'
        f"{_THUMB}{label}</button>"
        for verdict, label in (("up", "有用"), ("down", "没用"))
    )
    return f'<div class="verdict" role="group" aria-label="这个回答">{buttons}</div>'
