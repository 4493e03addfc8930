"""Searchable entries of a clause: every entry is short and points to the whole clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.documents import Clause

Kind = Literal["text", "row", "ask"]

_ASKS = 3
"""Asks of a clause that get a vector."""

_WINDOW = 160
"""Characters of a text that one vector stands for."""

_ITEM = re.compile(r"(?:[-*]|\d+[.、])\s+(?P<item>.+)")
_RULE = re.compile(r"\|[\s:|-]+\|?")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One searchable text of a clause."""

    clause: Clause
    kind: Kind
    text: str
    """What is searched: with the heading path, or a row with the words of its header."""
    line: str = ""
    """The sentence, row or list item itself, as a reader may see it; empty for an ask."""
    dense: bool = True
    """Whether it also gets a vector; all are found by their words."""


def entries(clause: Clause) -> tuple[Entry, ...]:
    """All entries of a clause: vectors for its heading and first asks, words for every line.

    Where a clause has no asks (an operator's own file), vectors stand for its text instead. With
    asks, vectors of the text or of all asks double the time to index and find nothing more.
    """
    asks = [Entry(clause, "ask", ask, dense=n < _ASKS) for n, ask in enumerate(clause.asks)]
    heads = [clause.heading] if asks else [f"{clause.heading}：{part}" for part in _windows(clause)]
    return (*(Entry(clause, "text", head) for head in heads), *asks, *_lines(clause))


def _windows(clause: Clause) -> Iterator[str]:
    window = ""
    for entry in _lines(clause):
        if window and len(window) + len(entry.line) > _WINDOW:
            yield window
            window = ""
        window += entry.line[:_WINDOW]
    yield window


def _lines(clause: Clause) -> Iterator[Entry]:
    header: list[str] = []
    for raw in clause.text.splitlines():
        line = raw.strip()
        if line.startswith("|"):
            cells = [_plain(cell) for cell in line.strip("|").split("|")]
            if _RULE.fullmatch(line):
                continue
            if not header:
                header = cells
                continue
            yield _row(clause, header, cells)
            continue
        header = []
        if item := _ITEM.fullmatch(line):
            text = _plain(item["item"])
            yield Entry(clause, "row", f"{clause.section}：{text}", text, dense=False)
            continue
        for sentence in _SENTENCE.findall(_plain(line)):
            yield Entry(clause, "text", sentence, sentence, dense=False)


def _row(clause: Clause, header: list[str], cells: list[str]) -> Entry:
    pairs = "，".join(f"{name} {cell}" for name, cell in zip(header, cells, strict=False) if cell)
    return Entry(clause, "row", f"{clause.section}：{pairs}", pairs, dense=False)


def _plain(markdown: str) -> str:
    """Drop emphasis, links' targets and table bars; keep the words."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"\|[\s:|-]*\|(?=\n|$)", "", text)
    return re.sub(r"\*\*|`", "", text).replace("|", " ").strip()
