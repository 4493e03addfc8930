"""Checks of a policy when it is loaded: tables complete and unambiguous, citations, readings."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from tools.settlement import conditions, policy, tables
from tools.settlement.conditions import Allowed, Conditions
from tools.settlement.facts import FACTS, Labels, Value

Values = Mapping[str, Labels]

_GATES = (policy.TreatAs, policy.NotStated, policy.Excluded)
"""Steps whose table need not be complete: they pick out cases."""


class PolicyError(ValueError):
    """A policy file can't be used; each line names file and row and says what to do."""


def check_benefit(
    where: str,
    benefit: policy.BenefitFile,
    steps: Sequence[policy.AnyStep],
    readings: Mapping[str, policy.Reading],
    values: Values,
) -> None:
    """Check one benefit with all its steps; ``where`` is what messages call it.

    Raises:
        PolicyError: every complaint, a line each.
    """
    faults = list(_shape(benefit, steps))
    faults += _readings(steps, readings)
    faults += [fault for fact in values for fault in _own_values(fact, values[fact])]
    for number, step in enumerate(steps, 1):
        name = f"step {number} ({step.kind})"
        faults += [f"{name}: {fault}" for fault in (*_citations(step), *_figures(step))]
        if not faults:
            faults += [f"{name}: {fault}" for fault in _tables(steps, step, readings, values)]
    if faults:
        raise PolicyError("\n".join(f"{where}: {fault}" for fault in faults))


def row_name(number: int, when: Conditions) -> str:
    """A row as messages name it."""
    tests = ", ".join(
        f"{name} = {allowed if isinstance(allowed, range) else sorted(map(str, allowed))}"
        for name, allowed in when
    )
    return f"row {number} ({tests or 'for everybody'})"


def _shape(benefit: policy.BenefitFile, steps: Sequence[policy.AnyStep]) -> Iterable[str]:
    if bool(benefit.excluded) == bool(steps):
        yield "a benefit has either steps or 'excluded' with text and cite"
    last = steps[-1] if steps else None
    if steps and not isinstance(last, policy.Share | policy.Quota | policy.Excluded):
        yield "the last step must place all money: share, quota or excluded"
    if isinstance(last, policy.Share) and any(cap.beyond == "next_step" for cap in last.caps):
        yield "the last step has a cap with beyond = 'next_step', but no step follows"
    for fact in set(benefit.assume) - set(FACTS):
        yield f"assume: '{fact}' is no fact"


def _own_values(fact: str, labels: Labels) -> Iterable[str]:
    if fact not in FACTS or set(labels) - set(FACTS[fact].values):
        yield f"values.{fact}: not a fact of the contract, or not its values"


def _readings(
    steps: Sequence[policy.AnyStep], readings: Mapping[str, policy.Reading]
) -> Iterable[str]:
    switches = _switches(part for step in steps for part in step.parts)
    for name in sorted(switches - set(readings)):
        yield f"reading '{name}' is used in steps; describe it under 'readings'"
    for name in sorted(set(readings) - switches):
        yield f"reading '{name}' changes no step; remove it or use it in 'only' or 'unless'"


def _switches(parts: Iterable[tables.Switched]) -> set[str]:
    """The readings that parts name."""
    return {name for part in parts for name in (part.only, part.unless) if name is not None}


def _citations(step: policy.AnyStep) -> Iterable[str]:
    """Each figure stands beside its clause: on the row, or on the step for all rows."""
    for number, row in enumerate(step.table, 1):
        silent = isinstance(row, tables.FigureRow) and (row.none or row.not_stated)
        silent = silent or isinstance(step, policy.NotStated | policy.TreatAs)
        if not (row.cite or step.cite or silent):
            yield f'{row_name(number, row.when)}: add cite = "<clause id>"'
    for number, change in enumerate(step.changes, 1):
        if not (change.cite or step.cite):
            yield f'adjust {number}: add cite = "<clause id>"'
    for number, cap in enumerate(step.limits, 1):
        if not (cap.cite or all(row.cite or row.none for row in cap.rows)):
            yield f'cap {number}: add cite = "<clause id>"'
    if isinstance(step, policy.Account) and not step.cite:
        yield 'add cite = "<clause id>"'


def _figures(step: policy.AnyStep) -> Iterable[str]:
    """A share and a quota place the money, so each of their rows says where."""
    if isinstance(step, policy.Share | policy.Quota):
        for number, row in enumerate(step.table, 1):
            if isinstance(row, tables.FigureRow) and row.none:
                yield f"{row_name(number, row.when)}: give a figure, not_stated, or a step excluded"


def _tables(
    steps: Sequence[policy.AnyStep],
    step: policy.AnyStep,
    readings: Mapping[str, policy.Reading],
    values: Values,
) -> Iterable[str]:
    named: list[tuple[str, Sequence[tables.Row]]] = [("", step.table)] if step.table else []
    named += [(f"cap {n}: ", cap.rows) for n, cap in enumerate(step.limits, 1)]
    partial = isinstance(step, _GATES)
    for name, table in named:
        for reading in _relevant(steps, step, table, readings):
            yield from (f"{name}{fault}" for fault in _overlaps(table, reading))
            complete = partial or (len(table) == 1 and not table[0].when)
            if not complete and step.is_on(reading):
                domain = _Reach(steps, step, reading, values)
                yield from (f"{name}{fault}" for fault in domain.uncovered(table))


def _relevant(
    steps: Sequence[policy.AnyStep],
    step: policy.AnyStep,
    table: Sequence[tables.Row],
    readings: Mapping[str, policy.Reading],
) -> list[str | None]:
    """The readings that can change whether this table is complete."""
    gates = [each for each in steps if isinstance(each, _GATES)]
    switches = _switches([step, *table]) | _switches(part for gate in gates for part in gate.parts)
    return [None, *(name for name in readings if name in switches)]


def _overlaps(table: Sequence[tables.Row], reading: str | None) -> Iterable[str]:
    numbered = [(n, row) for n, row in enumerate(table, 1) if row.is_on(reading)]
    for (n, one), (m, other) in itertools.combinations(numbered, 2):
        if conditions.overlap(one.when, other.when):
            yield (
                f"{row_name(n, one.when)} and {row_name(m, other.when)} fit the same case; "
                "make their 'when' exclude each other"
            )


class _Reach:
    """The cases that can reach a step in one reading."""

    def __init__(
        self,
        steps: Sequence[policy.AnyStep],
        step: policy.AnyStep,
        reading: str | None,
        values: Values,
    ) -> None:
        self._reading = reading
        self._values = values
        self._passed: list[Conditions] = []
        """Cases that an earlier step has ended, or treated as others."""
        self._scope = step.when
        for earlier in itertools.takewhile(lambda each: each is not step, steps):
            if not earlier.is_on(reading) or earlier.when:
                continue
            if isinstance(earlier, _GATES):
                self._passed += [
                    row.when for row in earlier.rows if row.is_on(reading) and _is_final(row)
                ]

    def uncovered(self, table: Sequence[tables.Row]) -> Iterable[str]:
        """The first case that no row fits."""
        rows = [row.when for row in table if row.is_on(self._reading)]
        tests: dict[str, list[Allowed]] = {}
        for name, allowed in itertools.chain(self._scope, *rows):
            tests.setdefault(name, []).append(allowed)
        for when in self._passed:
            for name, allowed in when:
                if name in tests:
                    tests[name].append(allowed)
        cells = [
            [(name, value) for value in conditions.domain(name, t, self._values.get(name, ()))]
            for name, t in tests.items()
        ]
        for cell in itertools.product(*cells):
            case: dict[str, Value] = dict(cell)
            if self._reaches(case) and not any(_holds(when, case) for when in rows):
                tested = ", ".join(f"{name} = {value}" for name, value in cell) or "everybody"
                yield f"no row fits {tested}; add the row, or one with not_stated"
                return

    def _reaches(self, case: Mapping[str, Value]) -> bool:
        return _holds(self._scope, case) and not any(_holds(when, case) for when in self._passed)


def _is_final(row: tables.Row) -> bool:
    """Whether no case that fits the row goes on as it is."""
    if isinstance(row, tables.TreatRow):
        return len(row.when) == 1 and row.when[0][0] in row.treated_as
    return True


def _holds(when: Conditions, case: Mapping[str, Value]) -> bool:
    return all(name in case and case[name] in allowed for name, allowed in when)
