"""One walk through the steps of a benefit: what is known, what is asked, where money stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from tools.settlement import conditions, tables, wording
from tools.settlement.conditions import Conditions
from tools.settlement.coverage import PolicyError
from tools.settlement.facts import FACTS, Value
from tools.settlement.ledger import ZERO, Ledger
from tools.settlement.result import Gap

_R = TypeVar("_R", bound=tables.Row)
_F = TypeVar("_F", bound=tables.FigureRow)


class Facts:
    """The facts of a case: stated, treated as others, or assumed, and which were assumed."""

    __slots__ = ("_known", "_stated", "assumed")

    def __init__(self, stated: Mapping[str, Value]) -> None:
        self._stated = stated
        self._known = dict(stated)
        self.assumed: dict[str, Value] = {}

    def get(self, name: str) -> Value | None:
        """The value of a fact; None where it has to be asked."""
        value = self._known.get(name)
        if value is None:
            value = self._assume(name)
        return value

    def stated(self, name: str) -> Value | None:
        """The value as the case states it."""
        return self._stated.get(name)

    def amount(self, name: str) -> Decimal:
        """An amount that is assumed to be zero where nobody stated it."""
        value = self.get(name)
        return value if isinstance(value, Decimal) else ZERO

    def treat_as(self, others: Mapping[str, Value]) -> None:
        """From here on some facts count as others."""
        self._known.update(others)

    def unknown(self, when: Conditions) -> tuple[str, ...] | None:
        """The facts still needed to see whether conditions hold; None: they don't."""
        missing: tuple[str, ...] = ()
        for name, allowed in when:
            value = self.get(name)
            if value is None:
                missing += (name,)
            elif value not in allowed:
                return None
        return missing

    def _assume(self, name: str) -> Value | None:
        fact = FACTS[name]
        if fact.assumed is None or any(self._stated.get(each) for each in fact.not_assumed_with):
            return None
        self.assumed[name] = fact.assumed
        return fact.assumed


class Run:
    """The state that the steps share."""

    __slots__ = (
        "_labels",
        "benefit",
        "ended",
        "facts",
        "gaps",
        "ledger",
        "missing",
        "stuck",
        "usage",
        "warnings",
    )

    def __init__(
        self,
        benefit: str,
        facts: Facts,
        base: Decimal | None,
        labels: wording.SchemeLabels,
        *,
        explains: bool,
    ) -> None:
        self.benefit = benefit
        self.facts = facts
        self.ledger = Ledger(base or ZERO, explains=explains)
        self._labels = labels
        self.missing: list[str] = []
        self.gaps: list[Gap] = []
        self.stuck = base is None
        """An amount is unknown: rows are still looked up, money no longer moves."""
        self.ended = False
        """No later step is reached."""
        self.usage: dict[str, Decimal] = {}
        self.warnings: list[str] = []

    def set_aside(self, outside: Decimal) -> None:
        """Money outside the catalogue: the patient's, and nothing a policy works on."""
        self.ledger.open += outside
        self.ledger.move(
            "self_paid",
            "self_paid",
            outside,
            lambda: "医保目录外的费用，由您自己付",
            (),
            base=outside,
        )

    def find(self, rows: Sequence[_R]) -> _R | None:
        """The row that fits the case; None where facts are missing, which are noted.

        Only those facts are missing that every row still possible tests: the others are asked
        once it is certain that a row with them is reached.
        """
        open_rows = []
        for row in rows:
            unknown = self.facts.unknown(row.when)
            if unknown == ():
                return row
            if unknown:
                open_rows.append(unknown)
        if not open_rows:
            raise PolicyError(f"{self.benefit}: no row fits the case")
        needed = [name for name in open_rows[0] if all(name in other for other in open_rows)]
        self.need(*(needed or open_rows[0][:1]))
        return None

    def holds(self, when: Conditions) -> bool:
        """Whether conditions hold; where facts are missing they are noted, and it is False."""
        unknown = self.facts.unknown(when)
        if unknown:
            self.need(*unknown)
        return unknown == ()

    def need(self, *names: str) -> None:
        """Note facts that have to be asked; the amounts that depend on them are unknown."""
        self.missing += [name for name in names if name not in self.missing]
        self.stuck = self.stuck or bool(names)

    def gap(self, what: str, text: str, ask: str | None, cites: Sequence[str]) -> None:
        """Note a figure that the documents don't give."""
        for name in FACTS:
            if f"{{{name}}}" in what + text and (value := self.facts.get(name)) is not None:
                said = wording.phrase(name, value, self._labels)
                what, text = (each.replace(f"{{{name}}}", said) for each in (what, text))
        self.gaps.append(Gap(what, text, ask, cites[0] if cites else None))
        self.stuck = True

    def who(self, when: Conditions) -> str:
        """What a line calls the case, by the conditions of its row."""
        return wording.who(conditions.narrow(when, self.facts.get), self._labels)

    def find_figure(self, rows: Sequence[_F], part: tables.Cited) -> _F | None:
        """The row that gives the case its figure.

        None where facts are missing, the row declares a gap (both are noted), or nothing applies.
        """
        row = self.find(rows)
        if row and row.not_stated:
            self.row_gap(row, part)
        return row if row and not row.none and not row.not_stated else None

    def row_gap(self, row: tables.FigureRow, part: tables.Cited) -> None:
        """Note the gap that a row declares."""
        text = row.text or f"资料没有写明{row.not_stated}"
        self.gap(row.not_stated, text, row.ask, row.cite or part.cite)
