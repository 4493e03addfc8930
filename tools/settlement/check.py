"""What a policy officer runs: every figure of a policy must stand in the clause it cites."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Protocol

from tools.settlement import conditions, policy, tables
from tools.settlement.coverage import row_name
from tools.settlement.figures import NONE, Figures, read
from tools.settlement.result import ClauseText
from tools.settlement.scheme import Benefit, Scheme


class LibraryClause(ClauseText, Protocol):
    """What a check needs of a clause; `corpus.documents.Clause` has it."""

    @property
    def as_of(self) -> str: ...  # noqa: D102
    @property
    def insurance(self) -> str: ...  # noqa: D102


def complaints(scheme: Scheme, clauses: Mapping[str, LibraryClause]) -> tuple[str, ...]:
    """What is wrong between a scheme and the library, a sentence each, in file order."""
    found = dict.fromkeys(
        f"{scheme.region}/{scheme.insurance}.toml: {fault}"
        for benefit in scheme.benefits.values()
        for fault in _Check(scheme, benefit, clauses).faults()
    )
    cited = {cite for benefit in scheme.benefits.values() for cite in cites(benefit)}
    dates = {clauses[cite].as_of for cite in cited if cite in clauses}
    if scheme.as_of not in dates:
        found[
            f"{scheme.region}/{scheme.insurance}.toml: as_of: no cited document has this date"
        ] = None
    return tuple(found)


def cites(benefit: Benefit) -> Iterator[str]:
    """Every clause that a benefit cites."""
    notes = (*benefit.notes, *benefit.readings.values(), benefit.excluded)
    yield from (cite for note in notes if note for cite in note.cite)
    for step in benefit.written:
        for part in step.parts:
            yield from part.cite if isinstance(part, tables.Cited) else ()


class _Check:
    """One benefit against the library."""

    def __init__(
        self, scheme: Scheme, benefit: Benefit, clauses: Mapping[str, LibraryClause]
    ) -> None:
        self._scheme = scheme
        self._benefit = benefit
        self._clauses = clauses

    def faults(self) -> Iterator[str]:
        name = self._benefit.id
        for cite in dict.fromkeys(cites(self._benefit)):
            yield from (f"{name}: {fault}" for fault in self._clause(cite))
        for number, step in enumerate(self._benefit.written, 1):
            where = f"{name}: step {number} ({step.kind})"
            yield from (f"{where}: {fault}" for fault in self._step(step))
        yield from (f"{name}: {fault}" for fault in self._texts())

    def _clause(self, cite: str) -> Iterator[str]:
        clause = self._clauses.get(cite)
        if clause is None:
            yield f"the library has no clause {cite}; correct the id or write the clause"
        elif not cite.startswith(f"{self._scheme.region}/"):
            yield f"{cite} belongs to another region"
        elif clause.insurance not in (self._scheme.insurance, "both"):
            yield f"{cite} is a clause for {clause.insurance}"

    def _step(self, step: policy.AnyStep) -> Iterator[str]:
        for number, row in enumerate(step.table, 1):
            yield from self._part(row_name(number, row.when), row, row.cite or step.cite)
        for number, change in enumerate(step.changes, 1):
            yield from self._part(f"adjust {number}", change, change.cite or step.cite)
        for number, cap in enumerate(step.limits, 1):
            yield from self._text(f"cap {number}", cap.text, cap.cite)
            for index, row in enumerate(cap.rows, 1):
                where = f"cap {number}: {row_name(index, row.when)}"
                yield from self._part(where, row, row.cite or cap.cite)

    def _part(self, where: str, part: tables.Conditional, cite: tuple[str, ...]) -> Iterator[str]:
        stated = self._figures(cite)
        numbers, shares = _wanted(part)
        if not (cite or numbers or shares):
            return
        for number in numbers:
            if number not in stated.numbers:
                yield f"{where}: the figure {number} does not stand in {', '.join(cite)}"
        for share in shares:
            if share not in stated.shares:
                yield f"{where}: the share {share} does not stand in {', '.join(cite)}"
        yield from self._text(where, getattr(part, "text", ""), cite)

    def _texts(self) -> Iterator[str]:
        benefit = self._benefit
        for note in (*benefit.notes, *benefit.readings.values(), benefit.excluded):
            if note:
                yield from self._text("note or reading", note.text, note.cite)
        everything = tuple(c for each in self._scheme.benefits.values() for c in cites(each))
        for fact, text in benefit.assume.items():
            yield from self._text(f"assume {fact}", text, everything)

    def _text(self, where: str, text: str, cite: tuple[str, ...]) -> Iterator[str]:
        """What the patient reads has no figure either that the clause lacks."""
        said, stated = read(text, numerals=False), self._figures(cite)
        loose = sorted((said.numbers - stated.numbers) | (said.shares - stated.shares))
        for figure in loose:
            yield f"{where}: the text says {figure}, which does not stand in {', '.join(cite)}"

    def _figures(self, cite: tuple[str, ...]) -> Figures:
        known = (read(self._clauses[each].text) for each in cite if each in self._clauses)
        return functools.reduce(operator.or_, known, NONE)


def _wanted(part: tables.Conditional) -> tuple[list[Decimal], list[Decimal]]:
    """The numbers and the shares that a row or an adjustment takes from its clause."""
    numbers = [Decimal(number) for number in conditions.figures(part.when)]
    shares: list[Decimal | None] = []
    match part:
        case tables.AmountRow() if part.amount is not None:
            numbers += [part.amount, *([part.plus] if part.plus else [])]
        case tables.PatientRow():
            shares.append(part.patient)
        case tables.ShareRow():
            shares += [part.fund, part.patient]
            for segment in part.segments:
                shares += [segment.fund, segment.patient]
                numbers += [segment.upto] if isinstance(segment.upto, Decimal) else []
        case tables.AmountChange():
            shares.append(part.times)
            fixed = (part.less_per_further_admission, part.at_least)
            numbers += [number for number in fixed if number is not None]
        case tables.RateChange():
            shares += [part.fund_times, part.fund_less, part.patient_times]
    return numbers, [share for share in shares if share is not None]
