"""Diseases, drugs and procedures that clauses list, and what follows when a patient names one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.understanding.facts import FactValue
from corpus.blocks import blocks
from corpus.documents import Clause

_SHORTEST = 3
_SHARE = 0.6
# 肾移植 and 肾脏移植术 are one name.
_FILLERS = re.compile(r"[脏术]")
_PARTS = re.compile(r"[（）、，；：]|或者?|和|含")


@dataclass(frozen=True, slots=True)
class Listed:
    """A name of a list, found in a message."""

    clause: str
    name: str
    benefit: str
    facts: Mapping[str, FactValue]


class Lists:
    """The listed names of all regions.

    Args:
        clauses: those that have a line ``名单`` are read.
    """

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._names: dict[str, list[tuple[str, str, Listed]]] = {}
        for clause in clauses:
            if clause.lists:
                own = self._names.setdefault(clause.region, [])
                own += [(variant, clause.insurance, item) for variant, item in _items(clause)]

    def find(self, text: str, region: str | None, insurance: str | None) -> tuple[Listed, ...]:
        """Return the listed names that the text holds, the best match of each list."""
        text = _FILLERS.sub("", text)
        best: dict[str, tuple[int, Listed]] = {}
        for variant, scheme, item in self._names.get(region or "", ()):
            if insurance and scheme not in (insurance, "both"):
                continue
            length = longest_shared(variant, text, least=_SHORTEST)
            if length > best.get(item.clause, (0, item))[0]:
                best[item.clause] = (length, item)
        longest = max((length for length, _ in best.values()), default=0)
        return tuple(item for length, item in best.values() if length == longest)


def _items(clause: Clause) -> Iterator[tuple[str, Listed]]:
    benefit, *facts = clause.lists
    implied = dict(_fact(fact) for fact in facts)
    for block in blocks(clause.text):
        if block.kind == "sentence":
            continue
        name = block.cells[0][1] if block.cells else block.text
        listed = Listed(clause.id, name, benefit, implied)
        for part in _PARTS.split(name):
            if len(variant := _FILLERS.sub("", part.strip())) >= _SHORTEST - 1:
                yield variant, listed


def _fact(stated: str) -> tuple[str, FactValue]:
    name, _, value = stated.partition("=")
    return name, {"true": True, "false": False}.get(value, value)


def longest_shared(name: str, text: str, *, least: int) -> int:
    """Return the length of the longest part of a name that the text holds.

    0 where that is shorter than ``least`` or too little of the name to mean it.
    """
    if name in text:
        return len(name)
    # How a name begins is how people call it: 帕金森 for 帕金森氏综合症.
    opening = next((n for n in range(len(name), least - 1, -1) if name[:n] in text), 0)
    if opening:
        return opening
    least = max(least, int(len(name) * _SHARE + 0.5))
    for length in range(len(name) - 1, least - 1, -1):
        if any(name[i : i + length] in text for i in range(len(name) - length + 1)):
            return length
    return 0
