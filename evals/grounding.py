"""Which figures of a reply no source states: a checker of the evals' own.

It trusts nothing that the reply says about itself: a cited clause counts with the text that the
library has for it, not with the quote that the reply carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from bot.reply import Reply
from corpus.documents import Clause
from corpus.regions import load_regions
from evals.figures import Figure, figures, values
from evals.sets import library

_EVERYWHERE = {("number", "12393"), ("number", "12333"), ("number", "120")}
"""National lines that a reply may name without a source: medical insurance, social insurance,
ambulance."""
_MARKS = re.compile(r"\[\d+\]|^\s*(?:[-*]\s*)?\d{1,2}[.、)）](?=\s|\D)", re.MULTILINE)
"""Citation marks, and the numbers of a numbered list."""


def ungrounded(reply: Reply, said: str) -> list[Figure]:
    """Figures of the reply's text that stand in no source; ``said``: the patient's own words."""
    proof = _EVERYWHERE | values(said) | _hotlines(reply.region)
    for citation in reply.citations:
        if clause := library().get(citation.clause):
            proof |= _of_clause(clause)
    if reply.estimate is not None:
        proof |= _of_estimate(reply.estimate)
    proof |= {("percent", _complement(value)) for kind, value in proof if kind == "percent"}
    return [f for f in figures(_MARKS.sub(" ", reply.text)) if f.explicit and f.key not in proof]


@cache
def _hotlines(region: str | None) -> set[tuple[str, str]]:
    """A place's own telephones: where a reply sends the patient when no clause says more."""
    return values("\n".join(place.hotline for place in load_regions() if place.id == region))


def _of_clause(clause: Clause) -> set[tuple[str, str]]:
    return values(
        "\n".join((clause.title, clause.section, clause.as_of, clause.source, clause.text))
    )


def _of_estimate(estimate: Mapping[str, Any]) -> set[tuple[str, str]]:
    proof: set[tuple[str, str]] = set()
    for key, value in _leaves(estimate):
        if key == "rate":
            proof.add(("percent", format((Decimal(str(value)) * 100).normalize(), "f")))
        proof |= values(str(value))
    return proof


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item, key)
    elif value is not None:
        yield key, value


def _complement(percent: str) -> str:
    """What the other side bears: who reads that the fund pays 88% may say that 12% are left."""
    return format((100 - Decimal(percent)).normalize(), "f")
