"""A clause's Markdown as blocks: sentences, list items, table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["sentence", "item", "step", "row"]

_LIST = re.compile(r"^\s*(?:(?P<step>\d+[.、)])|[-*])\s+(?P<text>.+)$")
_NUMBERING = ("序号", "编号")
_SENTENCE = re.compile(r"[^。！？]+[。！？]?[”’」）]*")


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of a clause that can be shown by itself."""

    kind: Kind
    text: str
    """As it is shown; a row as ``header：cell`` pairs."""
    cells: tuple[tuple[str, str], ...] = ()
    """Header and cell of each column, for a row; the first one names it."""


@lru_cache(maxsize=4096)
def blocks(text: str) -> tuple[Block, ...]:
    """Split a clause's text, in its order."""
    return tuple(_blocks(text.splitlines()))


def _blocks(lines: list[str]) -> Iterator[Block]:
    header: tuple[str, ...] = ()
    for line in lines:
        if line.lstrip().startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if not header:
                header = cells
            elif not all(re.fullmatch(r":?-+:?|", cell) for cell in cells):
                yield from _row(header, cells)
            continue
        header = ()
        if match := _LIST.match(line):
            yield Block("step" if match["step"] else "item", plain(match["text"]))
        elif line.strip():
            for sentence in _SENTENCE.findall(plain(line.lstrip("#> "))):
                if sentence.strip():
                    yield Block("sentence", sentence.strip())


def _row(header: tuple[str, ...], cells: tuple[str, ...]) -> Iterator[Block]:
    # The first column names the row; a running number names nothing.
    pairs = tuple(
        (plain(name), plain(cell))
        for name, cell in zip(header, cells, strict=False)
        if cell and name not in _NUMBERING
    )
    if not pairs:
        return
    shown = "；".join(f"{name} {cell}" for name, cell in pairs[1:])
    yield Block("row", f"{pairs[0][1]}：{shown}" if shown else pairs[0][1], pairs)


def plain(text: str) -> str:
    """Drop emphasis and links, keep the words."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    return text.replace("**", "").replace("`", "").strip()
