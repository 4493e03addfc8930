"""Which figures of a reply no source states: a checker of the evals' own.

It trusts nothing that the reply says about itself: a cited clause counts with the text that the
library has for it, not with the quote that the reply carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from bot.reply import Reply
from corpus.documents import Clause
from corpus.regions import load_regions
from evals.figures import Figure, figures, values
from evals.sets import library

_EVERYWHERE = {("number", line) for line in ("120", "110", "12333", "12345", "12356", "12393")}
"""National lines that a reply may name without a source: ambulance, police, social insurance,
government service, mental health, medical insurance."""
_MARKS = re.compile(r"\[\d+\]|^\s*(?:[-*]\s*)?\d{1,2}[.、)）](?=\s|\D)", re.MULTILINE)
"""Citation marks, and the numbers of a numbered list."""
_MONEY = 100
"""A difference of smaller figures (ages, days, levels) is no amount."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """What a reply's figures rest on."""

    loose: tuple[Figure, ...]
    """Figures that stand in no source."""
    derived: int
    """Figures that no source states, but that are one step from two that the cited clauses state:
    50% of 750, 12% of 30%, 700 less 100, 200,000 and 50,000 more; or two steps from figures of
    the clauses that the reply itself shows: 500 less 100, of that 60%."""


def ground(reply: Reply, said: str, right: str = "", *, quotes: bool = False) -> Grounding:
    """Hold every figure of a reply's text against its sources.

    Args:
        reply: what is judged.
        said: the patient's own words so far.
        right: what the question itself states as right.
        quotes: trust the quotes of citations that the library doesn't have: a baseline's chunks.
    """
    cited: set[tuple[str, str]] = set()
    for citation in reply.citations:
        if clause := library().get(citation.clause):
            cited |= _of_clause(clause)
        elif quotes:
            cited |= values(citation.quote)
    proof = _EVERYWHERE | values(said) | values(right) | _hotlines(reply.region) | cited
    if reply.estimate is not None:
        proof |= _of_estimate(reply.estimate)
    proof |= _complements(proof)
    told = [figure for figure in figures(_MARKS.sub(" ", reply.text)) if figure.explicit]
    unstated = [figure for figure in told if figure.key not in proof]
    steps = _one_step(cited) if unstated else set()
    steps |= _complements(steps)
    steps |= _two_steps({figure.key for figure in told} & (cited | steps)) if unstated else set()
    loose = tuple(figure for figure in unstated if figure.key not in steps)
    return Grounding(loose, len(unstated) - len(loose))


def _one_step(cited: set[tuple[str, str]]) -> set[tuple[str, str]]:
    amounts = [Decimal(value) for kind, value in cited if kind == "number"]
    shares = [Decimal(value) / 100 for kind, value in cited if kind == "percent"]
    parts = {("number", _text(amount * share)) for amount in amounts for share in shares}
    parts |= {("percent", _text(one * other * 100)) for one in shares for other in shares}
    return parts | {
        ("number", _text(step))
        for more in amounts
        for less in amounts
        if more >= less >= _MONEY
        for step in (more - less, more + less)
    }


def _two_steps(shown: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Part of a difference, and a difference of a part: a working-out that can be followed."""
    amounts = [Decimal(value) for kind, value in shown if kind == "number"]
    shares = [Decimal(value) / 100 for kind, value in shown if kind == "percent"]
    return {
        ("number", _text(step))
        for share in shares
        for more in amounts
        for less in amounts
        if more > less >= _MONEY
        for step in ((more - less) * share, more * share - less)
        if step > 0
    }


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
            proof.add(("percent", _text(Decimal(str(value)) * 100)))
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


def _complements(stated: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What the other side bears: where the fund pays 88%, 12% are left."""
    return {("percent", _text(100 - Decimal(value))) for kind, value in stated if kind == "percent"}


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")
