"""From records to numbers: shares, counts, bootstrap intervals, paired comparison."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.reply import Status
from evals.judge import REFUSALS, Outcome
from evals.runner import Record

SHARES = (
    "overall",
    "estimates_exact",
    "right_clause",
    "citation_precision",
    "refused_right",
    "refused_wrong",
    "asked_when_needed",
)
"""Metrics of `summary` that are shares."""
COUNTS = ("wrong_region", "ungrounded", "derived", "asked_needlessly", "errors")
"""Metrics of `summary` that are counts."""

_RESAMPLES = 2000
_SEED = 20190901
_REFUSED = frozenset(status.value for status in REFUSALS)


def summary(records: Sequence[Record]) -> dict[str, Any]:
    """All metrics of a run. Shares lie between 0 and 1; None where nothing was there to count.

    ``overall`` and ``by_category`` are shares of conversations in which every turn was right;
    ``estimates_exact``, ``right_clause``, ``refused_right`` (unanswerable turns that were refused)
    and ``refused_wrong`` (answerable turns that were refused or failed with an error) are shares of
    turns; ``wrong_region`` (turns), ``ungrounded`` and ``derived`` (figures) are counts;
    ``characters`` is the median length of a reply.
    """
    outcomes = [outcome for record in records for outcome in record.outcomes]
    passed = _by_category(records)
    return {
        "conversations": len(records),
        "turns": len(outcomes),
        "overall": _share([record.passed for record in records]),
        "overall_interval": interval([record.passed for record in records]),
        "by_category": {name: _share(values) for name, values in passed.items()},
        "by_category_interval": {name: interval(values) for name, values in passed.items()},
        "by_category_count": {name: len(values) for name, values in passed.items()},
        "estimates_exact": _share([o.estimate_exact for o in outcomes]),
        "wrong_region": sum(o.wrong_region for o in outcomes),
        "ungrounded": sum(o.ungrounded for o in outcomes),
        "derived": sum(o.derived for o in outcomes),
        "right_clause": _share([o.right_clause for o in outcomes]),
        "citation_precision": _mean([o.precision for o in outcomes if o.precision is not None]),
        "refused_right": _share([o.status in _REFUSED for o in outcomes if _unanswerable(o)]),
        "refused_wrong": _share(
            [o.status in _REFUSED or o.status == "error" for o in outcomes if _answerable(o)]
        ),
        "asked_when_needed": _share([o.status == Status.CLARIFY for o in outcomes if o.ask_wanted]),
        "asked_needlessly": sum(o.asked > 0 and not o.ask_allowed for o in outcomes),
        "errors": sum(o.status == "error" for o in outcomes),
        "characters": _median([o.characters for o in outcomes if o.characters]),
        "latency_ms": _latency([ms for o in outcomes for ms in o.latencies_ms]),
    }


def confusion(records: Sequence[Record]) -> dict[str, dict[str, int]]:
    """How often each status came where another was expected: expected, then got."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        for outcome in record.outcomes:
            expected = outcome.status if outcome.status in outcome.expected else outcome.expected[0]
            table[str(expected)][str(outcome.status)] += 1
    return {expected: dict(got) for expected, got in sorted(table.items())}


def interval(values: Sequence[bool]) -> tuple[float, float] | None:
    """95% percentile bootstrap interval of a share."""
    if not values:
        return None
    return _percentiles(_resampled(np.asarray(values, dtype=float)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the conversations that both have."""

    count: int
    before: float
    after: float
    interval: tuple[float, float]
    """95% bootstrap interval of ``after - before``, resampling conversations in pairs."""
    fixed: tuple[Record, ...]
    """Wrong before, right after."""
    broken: tuple[Record, ...]
    p_value: float
    """Exact McNemar test, two-sided: how likely so uneven a change is if neither run is better."""


def compare(before: Sequence[Record], after: Sequence[Record]) -> Comparison:
    """Compare two runs conversation by conversation.

    Raises:
        ValueError: they have no conversation in common.
    """
    old = {record.id: record for record in before}
    pairs = [(old[record.id], record) for record in after if record.id in old]
    if not pairs:
        raise ValueError("the two results have no conversation in common")
    was = np.asarray([a.passed for a, _ in pairs], dtype=float)
    now = np.asarray([b.passed for _, b in pairs], dtype=float)
    fixed = tuple(b for a, b in pairs if b.passed and not a.passed)
    broken = tuple(b for a, b in pairs if a.passed and not b.passed)
    return Comparison(
        count=len(pairs),
        before=float(was.mean()),
        after=float(now.mean()),
        interval=_percentiles(_resampled(now - was)),
        fixed=fixed,
        broken=broken,
        p_value=_mcnemar(len(fixed), len(broken)),
    )


def _mcnemar(fixed: int, broken: int) -> float:
    changed = fixed + broken
    tail = sum(math.comb(changed, k) for k in range(min(fixed, broken) + 1))
    return float(min(1.0, 2 * tail / 2**changed))


def _resampled(values: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    rng = np.random.default_rng(_SEED)
    return values[rng.integers(0, len(values), (_RESAMPLES, len(values)))].mean(axis=1)


def _percentiles(means: Any) -> tuple[float, float]:
    low, high = np.percentile(means, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _by_category(records: Sequence[Record]) -> dict[str, list[bool]]:
    passed: dict[str, list[bool]] = defaultdict(list)
    for record in records:
        passed[record.category].append(record.passed)
    return dict(sorted(passed.items()))


def _unanswerable(outcome: Outcome) -> bool:
    return set(outcome.expected) <= _REFUSED


def _answerable(outcome: Outcome) -> bool:
    return Status.ANSWERED in outcome.expected and not _REFUSED & set(outcome.expected)


def _share(values: Sequence[bool | None]) -> float | None:
    return _mean([float(value) for value in values if value is not None])


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _median(values: Sequence[int]) -> int | None:
    return int(np.median(values)) if values else None


def _latency(times: Sequence[int]) -> dict[str, float] | None:
    if not times:
        return None
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    return {"p50": float(p50), "p95": float(p95), "p99": float(p99)}
