"""Hospitals, pharmacies and offices that clauses list, found by the name a patient uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.understanding.lists import longest_shared
from corpus.blocks import Block, blocks
from corpus.documents import Clause

_INSTITUTION = re.compile(
    r"(?:医院|卫生院|保健院|医学中心|分院|服务中心|服务站|药店|药房|商场|[^商]店|管理中心|管理处)$"
)
# 三级医院 and 定点医院 are kinds of institutions, none of them.
_KIND = re.compile(r"级|定点|联网|就医地|其他|本人|社区医院$")
# 镇江口腔医院 and 镇江市口腔医院 are one name.
_FILLERS = re.compile(r"[市区县镇省]|街道")
_SHORTEST = 4
_LIST = 3


@dataclass(frozen=True, slots=True)
class Institution:
    """A table row or list item that names an institution."""

    clause: Clause
    block: Block
    name: str


class Institutions:
    """The institutions of all regions.

    Args:
        clauses: whose tables and lists are read.
    """

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._regions: dict[str, list[tuple[str, Institution]]] = {}
        for clause in clauses:
            for block in blocks(clause.text):
                name = block.cells[0][1] if block.cells else block.text
                if block.kind == "sentence" or _KIND.search(name):
                    continue
                if _INSTITUTION.search(name):
                    found = Institution(clause, block, name)
                    own = self._regions.setdefault(clause.region, [])
                    own.append((_FILLERS.sub("", name), found))

    def find(self, text: str, region: str) -> Institution | None:
        """Return the institution that a message names; None where several fit as well."""
        text = _FILLERS.sub("", text)
        scored = [
            (longest_shared(name, text, least=_SHORTEST), name, found)
            for name, found in self._regions.get(region, ())
        ]
        longest = max((length for length, _, _ in scored), default=0)
        if not longest:
            return None
        best = [(name, found) for length, name, found in scored if length == longest]
        # Of two names that hold what was said, the shorter is it: 第一人民医院, not its branch.
        shortest = min(len(name) for name, _ in best)
        named = {name for name, _ in best if len(name) == shortest}
        if len(named) > 1:
            return None
        rows = [found for name, found in best if name in named]
        return max(rows, key=lambda found: len(found.block.cells))

    def lists(self, clause: Clause) -> bool:
        """Whether a clause is a list of institutions."""
        own = self._regions.get(clause.region, ())
        return sum(found.clause.id == clause.id for _, found in own) >= _LIST

    def of_place(self, name: str) -> Institution | None:
        """Return the office of a place that any region's documents name."""
        rows = (found for own in self._regions.values() for _, found in own)
        return next((f for f in rows if f.name.startswith(name) and len(f.block.cells) > 1), None)
