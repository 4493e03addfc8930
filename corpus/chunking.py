"""Searchable entries of a clause: every entry is short and points to the whole clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.blocks import blocks
from corpus.documents import Clause

Kind = Literal["text", "row", "ask"]

_ASKS = 3
"""Asks of a clause that get a vector."""

_WINDOW = 160
"""Characters of a text that one vector stands for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One searchable text of a clause."""

    clause: Clause
    kind: Kind
    text: str
    """What is searched."""
    line: str = ""
    """The sentence, row or list item as it may be shown; empty for a heading or an ask."""
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


def _lines(clause: Clause) -> Iterator[Entry]:
    for block in blocks(clause.text):
        if block.kind == "sentence":
            yield Entry(clause, "text", block.text, block.text, dense=False)
        else:
            found = f"{clause.section}：{block.text}"
            yield Entry(clause, "row", found, block.text, dense=False)


def _windows(clause: Clause) -> Iterator[str]:
    window = ""
    for block in blocks(clause.text):
        if window and len(window) + len(block.text) > _WINDOW:
            yield window
            window = ""
        window += block.text[:_WINDOW]
    yield window
