"""A reply as messages for a phone: plain text, sources below it, cut at sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.channels.wechat import phrases
from bot.reply import Citation, Reply, Status

MAX_BYTES = 2000
"""UTF-8 bytes of one message; the platform cuts off at about 2048."""

RESERVED_BYTES = 300
"""Left free for the question before a late answer and the hint at another one after it."""

_SOURCE_BYTES = 160
_CHOICE = re.compile(r"([①-⑨])\s*([^①-⑨\n]+)")
_MARK = re.compile(r"\[(\d+)\]")
_SOURCES = re.compile(r"\n+来源：[^\n]*\Z")
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]+(?:\[\d+\])*\n*|\Z)")
_CLAUSE = re.compile(r"[^，、：\s]*[，、：\s]*")


def messages(reply: Reply) -> list[str]:
    """Split a reply into messages of at most `MAX_BYTES` less `RESERVED_BYTES`, at least one.

    Each carries the sources that its own text points to; each but the last says how to go on.
    """
    *more, last = (
        _with_sources(chunk, reply.citations) for chunk in _chunks(_plain(reply), reply.citations)
    )
    return [*(f"{part}\n{phrases.MORE}" for part in more), last + _hint(reply)]


def _plain(reply: Reply) -> str:
    """The text without markup, the choices of a question as ``回复 1 在职 2 退休``."""
    text = _SOURCES.sub("", reply.text) if reply.citations else reply.text
    text = "\n".join(_lines(text.replace("**", "").splitlines()))
    if reply.status is Status.CLARIFY and (first := _CHOICE.search(text)):
        listed = _CHOICE.sub(_choice, text[first.start() :])
        text = f"{text[: first.start()].rstrip()}\n回复 {listed}"
    return text.strip()


def _choice(circled: re.Match[str]) -> str:
    return f"{ord(circled[1]) - ord('①') + 1} {circled[2]}"


def _lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines without Markdown: headings and bullets plain, each row of a table a line."""
    header: list[str] = []
    for line in lines:
        if not line.lstrip().startswith("|"):
            header = []
            yield re.sub(r"^\s*[-*] ", "· ", re.sub(r"^#+ ", "", line))
        elif not header:
            header = _cells(line)
        elif not re.fullmatch(r"[\s|:-]+", line):
            yield _row(header, _cells(line))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _row(header: Sequence[str], cells: Sequence[str]) -> str:
    """``起付线：在职 750 元，退休 600 元``; the header's names only where there is a choice."""
    first, *others = cells
    named = zip(header[1:], others, strict=False) if len(others) > 1 else (("", c) for c in others)
    values = "，".join(f"{name} {value}".strip() for name, value in named if value)
    return f"{first}：{values}" if first and values else first or values


def _chunks(text: str, citations: Sequence[Citation]) -> list[str]:
    """Cut at sentences, so that each chunk fits with its sources and the longest hint."""
    chunks, chunk = [], ""
    for piece in _pieces(text):
        if chunk.strip() and not _fits(chunk + piece, citations):
            chunks.append(chunk.strip())
            chunk = ""
        chunk += piece
    return [*chunks, chunk.strip()] if chunk.strip() or not chunks else chunks


def _pieces(text: str) -> Iterator[str]:
    """Sentences; of one that is longer than half a message, its clauses; of those, stretches."""
    limit = MAX_BYTES // 6
    for sentence in _SENTENCE.findall(text):
        if len(sentence) <= limit:
            yield sentence
            continue
        for clause in _CLAUSE.findall(sentence):
            yield from (clause[at : at + limit] for at in range(0, len(clause), limit))


def _fits(chunk: str, citations: Sequence[Citation]) -> bool:
    size = sum(len(line.encode()) + 1 for line in (chunk, *_sources(chunk, citations)))
    return size + len(phrases.MORE.encode()) <= MAX_BYTES - RESERVED_BYTES


def _with_sources(chunk: str, citations: Sequence[Citation]) -> str:
    """The text and the sources that it points to, one a line, as many as there is room for."""
    lines = [chunk]
    for line in _sources(chunk, citations):
        if len("\n".join((*lines, line, phrases.MORE)).encode()) <= MAX_BYTES - RESERVED_BYTES:
            lines.append(line)
    return "\n".join(lines)


def _sources(chunk: str, citations: Sequence[Citation]) -> list[str]:
    named = {int(mark) for mark in _MARK.findall(chunk)}
    sources = [_source(citation) for citation in citations if citation.n in named]
    return ["\n来源：", *sources] if sources else []


def _source(citation: Citation) -> str:
    as_of = "资料未注明日期" if citation.as_of == "unknown" else citation.as_of
    heading = f"{citation.title} · {citation.section}" if citation.section else citation.title
    if len(heading.encode()) > _SOURCE_BYTES:
        heading = heading.encode()[:_SOURCE_BYTES].decode(errors="ignore") + "…"
    return f"[{citation.n}] {heading}（{as_of}）"


def _hint(reply: Reply) -> str:
    """One follow-up, where it isn't a question back that names its choices already."""
    if not reply.follow_ups or reply.status is Status.CLARIFY:
        return ""
    hint = f"\n\n还可以问：{reply.follow_ups[0]}"
    return hint if len(hint.encode()) <= RESERVED_BYTES // 3 else ""
