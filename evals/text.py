"""Scores, failures and comparisons as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.metrics import COUNTS, SHARES, Comparison
from evals.runner import Record
from evals.sets import QuestionSet, Turn


def scores(metrics: Mapping[str, Any]) -> str:
    """The metrics of `evals.metrics.summary`."""
    lines = [f"{'category':<20}{'right':>8}{'of':>6}   95% interval"]
    for name, share in metrics["by_category"].items():
        count = metrics["by_category_count"][name]
        lines.append(
            f"{name:<20}{share:>8.1%}{count:>6}   {_span(metrics['by_category_interval'][name])}"
        )
    lines.append("")
    for name in SHARES:
        share = metrics[name]
        shown = "-" if share is None else f"{share:.1%}"
        span = f"   {_span(metrics['overall_interval'])}" if name == "overall" else ""
        lines.append(f"{name:<20}{shown:>8}{span}")
    lines += [f"{name:<20}{metrics[name]:>8}" for name in COUNTS]
    if "retrieval" in metrics:
        found = "  ".join(f"{key} {value:g}" for key, value in metrics["retrieval"].items())
        lines.append(f"{'retrieval':<20}{found}")
    if metrics["latency_ms"]:
        times = "  ".join(f"{key} {ms:.0f} ms" for key, ms in metrics["latency_ms"].items())
        lines.append(f"{'latency':<20}{times}")
    return "\n".join(lines)


def failures(records: Sequence[Record], sets: Mapping[Path, QuestionSet]) -> str:
    """Every failed turn with question, reply and expectation; held ones as counts by category."""
    asked = {c.id: c.turns for questions in sets.values() for c in questions.conversations}
    lines: list[str] = []
    for record in records:
        if not record.passed and not record.held:
            lines += _failed(record, asked[record.id])
    held = Counter(record.category for record in records if record.held and not record.passed)
    lines += [f"held, {name}: {count} failed" for name, count in sorted(held.items())]
    return "\n".join(lines)


def comparison(result: Comparison) -> str:
    """What changed between two runs."""
    low, high = result.interval
    lines = [
        f"{result.count} conversations: {result.before:.1%} -> {result.after:.1%} "
        f"({result.after - result.before:+.1%}, 95% interval {low:+.1%} to {high:+.1%}; "
        f"p = {result.p_value:.3f})"
    ]
    for name, records in (("fixed", result.fixed), ("broken", result.broken)):
        lines.append(f"{name}: {len(records)}")
        lines += [f"  {record.id}" for record in records if not record.held]
    return "\n".join(lines)


def _failed(record: Record, turns: Sequence[Turn]) -> Iterator[str]:
    yield f"--- {record.id} ({record.category})"
    for turn, outcome, reply in zip(turns, record.outcomes, record.replies, strict=True):
        yield f"  > {turn.say}"
        if reply is not None:
            cited = ", ".join(citation.clause for citation in reply.citations)
            yield f"  < {reply.status} {reply.region} {reply.insurance} [{cited}]"
            yield from (f"  | {line}" for line in reply.text.splitlines())
        yield from (f"  ! {failure}" for failure in outcome.failures)


def _span(interval: tuple[float, float] | None) -> str:
    return "-" if interval is None else f"{interval[0]:.1%} to {interval[1]:.1%}"
