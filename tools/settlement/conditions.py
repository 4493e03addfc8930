"""Conditions of a row: which values of which facts it is for.

In a policy file: ``when = { hospital_level = ["1", "2"], hardship = true, age = { from = 70 } }``.
All of them have to hold. A row without ``when`` is for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from tools.settlement.facts import FACTS, Fact, Value

Allowed = frozenset[str | bool | int] | range
Conditions = tuple[tuple[str, Allowed], ...]

_OPEN_END: Final = 10**6
"""End of a range without an upper bound: above every bound of `FACTS`."""


def parse(data: object) -> Conditions:
    """Read a ``when`` table.

    Raises:
        ValueError: a fact or value that the contract lacks, an empty range.
    """
    if not isinstance(data, Mapping):
        raise ValueError('write a table, such as { employment = "working" }')
    return tuple((str(name), _allowed(str(name), value)) for name, value in data.items())


def overlap(one: Conditions, other: Conditions) -> bool:
    """Whether one case can meet both."""
    second = dict(other)
    return all(name not in second or meet(allowed, second[name]) for name, allowed in one)


def meet(one: Allowed, other: Allowed) -> bool:
    """Whether some value is allowed by both."""
    if isinstance(one, range):
        if isinstance(other, range):
            return max(one.start, other.start) < min(one.stop, other.stop)
        one, other = other, one
    return any(value in other for value in one)


def within(one: Allowed, other: Allowed) -> bool:
    """Whether all that the one allows, the other allows."""
    if isinstance(one, range):
        return isinstance(other, range) and other.start <= one.start and one.stop <= other.stop
    return all(value in other for value in one)


def narrow(when: Conditions, known: Callable[[str], Value | None]) -> Conditions:
    """The conditions with each known choice in place of all that the row is for."""
    narrowed = []
    for name, allowed in when:
        value = known(name)
        narrowed.append((name, frozenset((value,)) if isinstance(value, str | bool) else allowed))
    return tuple(narrowed)


def domain(
    name: str, tests: Iterable[Allowed], values: Iterable[str | bool] = ()
) -> tuple[Value, ...]:
    """Values of a fact that stand for all of them, as far as the tests can tell them apart."""
    fact = FACTS[name]
    if fact.kind != "integer":
        return tuple(values) or tuple(fact.values)
    cuts = {fact.least}
    for allowed in tests:
        bounds = (
            (allowed.start, allowed.stop) if isinstance(allowed, range) else _neighbours(allowed)
        )
        cuts.update(cut for cut in bounds if fact.least <= cut <= fact.most)
    return tuple(sorted(cuts))


def _neighbours(allowed: frozenset[str | bool | int]) -> tuple[int, ...]:
    return tuple(cut for value in allowed for cut in (int(value), int(value) + 1))


def _allowed(name: str, value: object) -> Allowed:
    fact = FACTS.get(name)
    if fact is None or fact.kind not in ("choice", "flag", "integer"):
        raise ValueError(f"'{name}' is no fact that a row can test")
    if isinstance(value, Mapping):
        return _range(fact, value)
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ValueError(f"{name}: name at least one value")
    return frozenset(_value(fact, each) for each in values)


def _value(fact: Fact, value: Any) -> str | bool | int:
    if fact.kind == "integer" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if type(value) in (str, bool) and value in fact.values:
        chosen: str | bool = value
        return chosen
    known = ", ".join(str(each).lower() for each in fact.values) or "a whole number"
    raise ValueError(f"{fact.name}: {value!r} is not one of: {known}")


def _range(fact: Fact, bounds: Mapping[str, object]) -> range:
    if fact.kind != "integer" or not bounds or set(bounds) - {"from", "below"}:
        raise ValueError(f"{fact.name}: a range is {{ from = 70 }}, {{ below = 70 }} or both")
    start, stop = bounds.get("from", fact.least), bounds.get("below", _OPEN_END)
    if type(start) is not int or type(stop) is not int or start >= stop:
        raise ValueError(f"{fact.name}: the range takes whole numbers and must not be empty")
    return range(start, stop)


def figures(conditions: Conditions) -> tuple[int, ...]:
    """The numbers of the policy that the conditions name, such as the 70 of ``{ from = 70 }``."""
    found: list[int] = []
    for name, allowed in conditions:
        if isinstance(allowed, range):
            found += [
                bound
                for bound in (allowed.start, allowed.stop)
                if bound not in (FACTS[name].least, _OPEN_END)
            ]
        elif FACTS[name].kind == "integer":
            found += [int(value) for value in allowed]
    return tuple(found)


def has_end(allowed: range) -> bool:
    """Whether a range has an upper bound."""
    return allowed.stop != _OPEN_END
