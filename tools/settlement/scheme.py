"""Policies, loaded and checked: what the engine works with."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from tools.settlement import policy, tables
from tools.settlement.conditions import Conditions
from tools.settlement.coverage import PolicyError, check_benefit
from tools.settlement.facts import FACTS, Labels

POLICIES = Path(__file__).parent / "policies"

_S = TypeVar("_S", bound=tables.Switched)


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit 待遇 of a scheme."""

    id: str
    name: str
    also: tuple[str, ...]
    """Other names that patients use for it."""
    base: str
    """The fact with the money to settle: expense, personal_burden or remaining_cash."""
    excluded: policy.Note | None
    """Says why the whole benefit is not stated; then there are no steps."""
    notes: tuple[policy.Note, ...]
    assume: Mapping[str, str]
    readings: Mapping[str, policy.Reading]
    written: tuple[policy.AnyStep, ...]
    """The benefit's own steps as the file has them, for all readings."""
    steps: tuple[policy.AnyStep, ...]
    """The steps of the reading picked."""
    variants: Mapping[str, tuple[policy.AnyStep, ...]]
    """The steps of each alternative reading."""
    facts: tuple[str, ...]
    """The facts that it can use, in the order of `FACTS`."""
    choices: Mapping[str, tuple[str | bool, ...]]
    """The values of each fact that its tables know."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One insurance of one region."""

    region: str
    region_name: str
    insurance: str
    name: str
    as_of: str
    values: Mapping[str, Labels]
    benefits: Mapping[str, Benefit]

    def labels(self, fact: str) -> Labels:
        """The values of a fact in this scheme, and their Chinese labels."""
        return self.values.get(fact) or FACTS[fact].values


class Schemes(Mapping[tuple[str, str], Scheme]):
    """Schemes by region and insurance."""

    def __init__(self, found: Iterable[Scheme]) -> None:
        self._found = {(scheme.region, scheme.insurance): scheme for scheme in found}
        self.regions = {scheme.region: scheme.region_name for scheme in self._found.values()}
        """Chinese name of each region."""
        self.benefits: dict[str, str] = {}
        """Chinese name of every benefit that some scheme has."""
        for scheme in self._found.values():
            for benefit in scheme.benefits.values():
                self.benefits.setdefault(benefit.id, benefit.name)

    def __getitem__(self, key: tuple[str, str]) -> Scheme:
        return self._found[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@functools.cache
def schemes() -> Schemes:
    """All schemes of the product, by region and insurance; loaded once.

    Raises:
        PolicyError: as `load`.
    """
    return load(POLICIES)


def find_benefit(region: str | None, insurance: str | None, benefit: str | None) -> Benefit | None:
    """Return a benefit by the ids of its place, insurance and its own; None where one is open."""
    scheme = schemes().get((region or "", insurance or ""))
    return scheme.benefits.get(benefit or "") if scheme else None


def load(directory: Path) -> Schemes:
    """Read every ``<region>/<insurance>.toml`` of a directory.

    Raises:
        PolicyError: a file is not well-formed; names file and row.
    """
    found = []
    for path in sorted(directory.glob("*/*.toml")):
        scheme = read(path)
        if (scheme.region, scheme.insurance) != (path.parent.name, path.stem):
            raise PolicyError(f"{path}: region and insurance must be those of the path")
        found.append(scheme)
    return Schemes(found)


def read(path: Path) -> Scheme:
    """Read and check one policy file.

    Raises:
        PolicyError: each complaint on a line of its own, with file and row.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        with path.open("rb") as file:
            data = tomllib.load(file, parse_float=Decimal)
        return build(policy.PolicyFile.model_validate(data), where)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{where}: {error}") from error
    except ValidationError as error:
        lines = [f"{where}: {_place(each['loc'])}: {_say(each)}" for each in error.errors()]
        raise PolicyError("\n".join(lines)) from error


def build(file: policy.PolicyFile, where: str) -> Scheme:
    """A scheme from a policy file that pydantic has read.

    Raises:
        PolicyError: rows overlap or leave a gap, a citation or a reading is missing.
    """
    benefits = {name: _benefit(name, file, where) for name in file.benefits}
    return Scheme(
        file.region,
        file.region_name,
        file.insurance,
        file.name,
        file.as_of,
        file.values,
        MappingProxyType(benefits),
    )


def _benefit(name: str, file: policy.PolicyFile, where: str) -> Benefit:
    own = file.benefits[name]
    steps, readings = own.steps, dict(own.readings)
    if own.then_as:
        other = file.benefits.get(own.then_as)
        if other is None or other.then_as:
            raise PolicyError(f"{where}: {name}: then_as names no benefit with steps of its own")
        steps, readings = steps + other.steps, readings | other.readings
    check_benefit(f"{where}: {name}", own, steps, readings, file.values)
    return Benefit(
        id=name,
        name=own.name,
        also=own.also,
        base=own.base,
        excluded=own.excluded,
        notes=own.notes,
        assume=own.assume,
        readings=readings,
        written=own.steps,
        steps=_variant(steps, None),
        variants={reading: _variant(steps, reading) for reading in readings},
        facts=_facts(own.base, steps),
        choices=_choices(steps),
    )


def _variant(steps: tuple[policy.AnyStep, ...], reading: str | None) -> tuple[policy.AnyStep, ...]:
    """The steps in force in one reading; None is the reading picked."""
    return tuple(
        _without_others(step, reading) if step.is_switched else step
        for step in _in_force(steps, reading)
    )


def _without_others(step: policy.AnyStep, reading: str | None) -> policy.AnyStep:
    """A step with only those of its parts that are in force."""
    parts = {name for name in ("rows", "adjust", "caps") if name in type(step).model_fields}
    return step.model_copy(update={name: _in_force(getattr(step, name), reading) for name in parts})


def _in_force(parts: tuple[_S, ...], reading: str | None) -> tuple[_S, ...]:
    return tuple(part for part in parts if part.is_on(reading))


def _facts(base: str, steps: tuple[policy.AnyStep, ...]) -> tuple[str, ...]:
    used = {base, "self_paid"}
    for step in steps:
        used |= set(_used(step))
    return tuple(name for name in FACTS if name in used)


def _choices(steps: tuple[policy.AnyStep, ...]) -> dict[str, tuple[str | bool, ...]]:
    """The values to choose from: those that a complete table knows, else all."""
    known: dict[str, set[object]] = {}
    for step in steps:
        complete = not isinstance(step, policy.TreatAs | policy.NotStated)
        for name, allowed in (test for when in _conditions(step) for test in when):
            tested = known.setdefault(name, set())
            tested |= set(allowed) if complete and FACTS[name].values else set()
    return {
        name: tuple(value for value in FACTS[name].values if value in tested)
        if len(tested) > 1
        else tuple(FACTS[name].values)
        for name, tested in known.items()
    }


def _conditions(step: policy.AnyStep) -> Iterator[Conditions]:
    yield step.when
    for row in (*step.table, *step.changes):
        yield row.when
    for cap in step.limits:
        yield from (row.when for row in cap.rows)


def _used(step: policy.AnyStep) -> Iterator[str]:
    """Facts that a step tests, or whose amount it takes."""
    for when in _conditions(step):
        yield from (name for name, _ in when)
    yield from (cap.used for cap in step.limits)
    match step:
        case policy.Account():
            yield "account_balance"
        case policy.Portion() | policy.PayFirst() if step.of != "rest":
            yield step.of
        case policy.DailyLimit():
            yield from ("bed_days", "bed_price")
        case policy.Limit() if step.less:
            yield step.less
        case policy.Quota() if step.per == "day":
            yield "bed_days"
        case policy.Deductible():
            yield from _used_by_deductible(step)
        case policy.Share():
            yield from _used_by_share(step)


def _used_by_deductible(step: policy.Deductible) -> Iterator[str]:
    if step.given:
        yield "deductible"
    if step.per == "year":
        yield "year_expense_before"
    if step.counts_admissions:
        yield "admission_no"


def _used_by_share(step: policy.Share) -> Iterator[str]:
    if step.runs_on == "year":
        yield "year_expense_before"
    if any(row.local_rate for row in step.rows):
        yield "local_rate"
    if any(part.upto == "deductible" for row in step.rows for part in row.segments):
        yield "deductible"


def _place(loc: tuple[int | str, ...]) -> str:
    """Where pydantic found a fault, counted from one as a reader counts."""
    parts = [
        f"{part + 1}" if isinstance(part, int) else part
        for index, part in enumerate(loc)
        if loc[max(0, index - 2)] != "steps" or index < 2  # the kind of step that pydantic adds
    ]
    return " ".join(parts)


def _say(error: Mapping[str, object]) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key; correct its name or remove it"
    if error["type"] == "missing":
        return "is missing; add it"
    return str(error["msg"]).removeprefix("Value error, ")
