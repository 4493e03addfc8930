"""What an answerer makes: a text whose statements point to clauses, not yet numbered or checked."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.reply import Status
from bot.understanding.choices import Pending

_MARK = re.compile(r"\[\[([^\]]+)\]\]")


def mark(clause: str) -> str:
    """Return the marker that points a statement to its clause.

    >>> mark("wuxi/employee-inpatient#deductible")
    '[[wuxi/employee-inpatient#deductible]]'
    """
    return f"[[{clause}]]"


def marks(clauses: Iterable[str]) -> str:
    """Return the markers of several clauses, one after the other."""
    return "".join(map(mark, clauses))


def marked(text: str) -> tuple[str, ...]:
    """Return the clause ids that a text points to, in order, each once."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


def number_marks(text: str, known: Container[str]) -> tuple[str, tuple[str, ...]]:
    """Turn markers into ``[1]``, ``[2]``… and return the clause ids in that order.

    A marker of a clause that isn't known vanishes: what it vouched for fails verification.
    """
    ids = tuple(clause for clause in marked(text) if clause in known)
    numbers = {clause: f"[{n}]" for n, clause in enumerate(ids, 1)}
    numbered = _MARK.sub(lambda match: numbers.get(match[1], ""), text)
    # The same source twice in a row says nothing more.
    return re.sub(r"(\[\d+\])(?:\1)+", r"\1", numbered), ids


def headed(told: Mapping[str, Draft]) -> str:
    """Return what is told of each side or person, under its name."""
    return "\n\n".join(f"**{name}**\n{draft.text}" for name, draft in told.items())


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before verification."""

    status: Status
    text: str
    estimate: Mapping[str, Any] | None = None
    follow_ups: tuple[str, ...] = ()
    pending: Pending | None = None
    figures: frozenset[str] = frozenset()
    """Figures that the policy tables give for this patient beside those in clauses."""
    benefit: str | None = None
    """The benefit that a question about a figure turned out to be of."""
    answerer: str = "embedded"

    def with_text(self, text: str, answerer: str) -> Draft:
        """Return the same answer in other words."""
        return replace(self, text=text, answerer=answerer)
