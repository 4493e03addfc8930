"""How fast the settlement tool is: ``python -m evals.settlement_speed``.

Settles random complete cases of every benefit, explanation and alternatives included, and loads
all policies. Times are processor time, the best of a few runs: what other processes take away from
it is not the tool's.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from tools.settlement import FACTS, settle
from tools.settlement.facts import Value
from tools.settlement.scheme import POLICIES, Benefit, Scheme, load, schemes

CASES = 5_000
RUNS = 5


def main() -> None:
    """Measure and print."""
    print(f"loading all policies: {load_time():.1f} ms")
    took = settle_times(CASES)
    print(
        f"one settlement, {CASES} cases: median {percentile(took, 50):.3f} ms, "
        f"p99 {percentile(took, 99):.3f} ms, slowest {took[-1]:.3f} ms"
    )


def load_time() -> float:
    """Milliseconds to read and check every policy file."""
    gc.collect()
    return min(_timed(lambda: load(POLICIES)) for _ in range(RUNS))


def settle_times(number: int) -> list[float]:
    """Milliseconds of each of so many random cases, the fastest first."""
    schemes()
    return sorted(
        min(_timed(lambda: settle(case)) for _ in range(RUNS))  # noqa: B023
        for case in random_cases(number, seed=1)
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The value that so many per cent stay below."""
    return ordered[len(ordered) * percent // 100]


def random_cases(number: int, seed: int) -> Iterator[dict[str, object]]:
    """Complete random cases, the benefits in turn."""
    dice = random.Random(seed)  # noqa: S311
    benefits = [(s, b) for s in schemes().values() for b in s.benefits.values()]
    for index in range(number):
        scheme, benefit = benefits[index % len(benefits)]
        yield _case(scheme, benefit, dice)


def _case(scheme: Scheme, benefit: Benefit, dice: random.Random) -> dict[str, object]:
    case: dict[str, object] = {
        "region": scheme.region,
        "insurance": scheme.insurance,
        "benefit": benefit.id,
    }
    for name in benefit.facts:
        case[name] = _value(name, scheme, dice)
    case[benefit.base] = Decimal(dice.randrange(50_000_000)) / 100
    return case


def _value(name: str, scheme: Scheme, dice: random.Random) -> Value:
    fact = FACTS[name]
    if fact.kind == "integer":
        return dice.randint(fact.least, max(fact.least, 9))
    if fact.kind == "rate":
        return Decimal(dice.randint(0, 100)) / 100
    if fact.kind == "amount":  # zero for parts of another amount
        return Decimal(0) if name.startswith(("class_", "bed_")) else Decimal(dice.randrange(9_000))
    return dice.choice(list(scheme.labels(name)))


def _timed(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1000


if __name__ == "__main__":
    main()
