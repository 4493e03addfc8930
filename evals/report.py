"""A run as one self-contained HTML page, and as a Markdown summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from evals import charts
from evals.metrics import COUNTS, SHARES, Comparison, compare, confusion, summary
from evals.results import Header
from evals.runner import Record

_PAGE = Template(Path(__file__).with_name("report.html").read_text(encoding="utf-8"))

Run = tuple[Header, Sequence[Record]]


def page(now: Run, before: Run | None = None) -> str:
    """The HTML page of a run; with an earlier run beside it, where one is given."""
    header, records = now
    metrics = summary(records)
    old = summary(before[1]) if before else None
    parts = [
        _section("Scores", _scores(metrics, old)),
        _section("By category", _categories(metrics, old)),
        _section("Latency of a message", charts.latency(_times(records))),
        _section("Status: expected and got", _confusion(records)),
    ]
    if before:
        parts.insert(1, _section("Against the earlier run", _changes(compare(before[1], records))))
    parts.append(_section("Failures", "\n".join(_failures(records)) or "<p>None.</p>"))
    return _PAGE.substitute(
        title=f"Evals of {escape(header.date)}", facts=_facts(header), body="\n".join(parts)
    )


def markdown(now: Run, before: Run | None = None) -> str:
    """The scores as Markdown tables, for a README or a pull request."""
    header, records = now
    metrics = summary(records)
    old = summary(before[1]) if before else None
    lines = [
        f"Run of {header.date}, {metrics['conversations']} conversations, corpus {header.corpus}.",
        "",
    ]
    columns = ["metric", *(["before"] if old else []), "value"]
    lines += ["| " + " | ".join(columns) + " |", "|---|" + "---:|" * (len(columns) - 1)]
    for name in (*SHARES, *COUNTS):
        cells = [name, *([_shown(name, old[name])] if old else []), _shown(name, metrics[name])]
        lines.append("| " + " | ".join(cells) + " |")
    if times := metrics["latency_ms"]:
        text = " / ".join(f"{ms:.0f}" for ms in times.values())
        lines.append(f"| latency p50 / p95 / p99, ms |{' |' if old else ''} {text} |")
    lines += ["", "| category | right | of | 95% interval |", "|---|---:|---:|---|"]
    for name, share in metrics["by_category"].items():
        low, high = metrics["by_category_interval"][name]
        count = metrics["by_category_count"][name]
        lines.append(f"| {name} | {share:.1%} | {count} | {low:.0%} to {high:.0%} |")
    return "\n".join(lines) + "\n"


def side_by_side(runs: Sequence[Run]) -> str:
    """Runs as the rows of one Markdown table."""
    columns = ("overall", "estimates_exact", "right_clause", "refused_right", "refused_wrong")
    counts = ("wrong_region", "ungrounded")
    titles = ["run", *columns, *counts, "characters", "p95 ms"]
    lines = ["| " + " | ".join(titles) + " |", "|---|" + "---:|" * (len(titles) - 1)]
    for header, records in runs:
        metrics = summary(records)
        low, high = metrics["overall_interval"]
        cells = [header.answerer, *(_shown(name, metrics[name]) for name in (*columns, *counts))]
        cells[1] += f" ({low:.0%}–{high:.0%})"
        times = metrics["latency_ms"]
        cells += [str(metrics["characters"]), f"{times['p95']:.0f}" if times else "–"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _facts(header: Header) -> str:
    sets = ", ".join(f"{name} {content}" for name, content in header.sets.items())
    versions = ", ".join(f"{name} {number}" for name, number in header.versions.items())
    text = (
        f"{header.answerer} · corpus {header.corpus} · Python {header.python} · {versions} · {sets}"
    )
    return escape(text)


def _section(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{body}"


def _scores(metrics: Mapping[str, Any], old: Mapping[str, Any] | None) -> str:
    rows = []
    for name in (*SHARES, *COUNTS):
        cells = [name, *([_shown(name, old[name])] if old else []), _shown(name, metrics[name])]
        rows.append(cells)
    low, high = metrics["overall_interval"]
    rows[0][-1] += f" ({low:.1%} to {high:.1%})"
    return _table(["metric", *(["before"] if old else []), "now"], rows)


def _categories(metrics: Mapping[str, Any], old: Mapping[str, Any] | None) -> str:
    body = []
    for name, share in metrics["by_category"].items():
        low, high = metrics["by_category_interval"][name]
        bar = (
            f'<div class="track"><i style="width:{share:.1%}"></i>'
            f'<b style="left:{low:.1%};width:{high - low:.1%}"></b></div>'
        )
        was = old["by_category"].get(name) if old else None
        numbers = [
            *([_shown("overall", was)] if old else []),
            f"{share:.1%}",
            str(metrics["by_category_count"][name]),
        ]
        cells = "".join(f'<td class="n">{number}</td>' for number in numbers)
        body.append(f"<tr><td>{escape(name)}</td>{cells}<td>{bar}</td></tr>")
    head = "".join(
        f'<th class="n">{title}</th>' for title in [*(["before"] if old else []), "right", "of"]
    )
    return f"<table><tr><th>category</th>{head}<th>95% interval</th></tr>{''.join(body)}</table>"


def _changes(result: Comparison) -> str:
    low, high = result.interval
    lines = [
        f"<p>{result.count} conversations: {result.before:.1%} → {result.after:.1%} "
        f"({result.after - result.before:+.1%}, 95% interval {low:+.1%} to {high:+.1%}; "
        f"exact McNemar p = {result.p_value:.3f}).</p>"
    ]
    for name, records in (("fixed", result.fixed), ("broken", result.broken)):
        ids = ", ".join(escape(record.id) for record in records if not record.held)
        lines.append(f"<p>{name} ({len(records)}): {ids or '–'}</p>")
    return "\n".join(lines)


def _confusion(records: Sequence[Record]) -> str:
    table = confusion(records)
    columns = sorted({got for row in table.values() for got in row})
    head = "".join(f'<th class="n">{escape(got)}</th>' for got in columns)
    rows = []
    for expected, row in table.items():
        cells = []
        for got in columns:
            kind = "right" if got == expected else "wrong"
            style = f" cell-{kind}" if row.get(got) else ""
            cells.append(f'<td class="n{style}">{row.get(got, "")}</td>')
        rows.append(f"<tr><td>{escape(expected)}</td>{''.join(cells)}</tr>")
    return f"<table><tr><th>expected ↓ got →</th>{head}</tr>{''.join(rows)}</table>"


def _failures(records: Sequence[Record]) -> Iterator[str]:
    """Each failed conversation; of the held part only how many, by category."""
    held: dict[str, int] = {}
    for record in records:
        if record.passed:
            continue
        if record.held:
            held[record.category] = held.get(record.category, 0) + 1
            continue
        yield (
            f"<details><summary>{escape(record.id)} <span class='muted'>{escape(record.category)}"
            f"</span></summary>{''.join(_turns(record))}</details>"
        )
    if held:
        yield _table(["held, category", "failed"], [[k, str(n)] for k, n in sorted(held.items())])


def _turns(record: Record) -> Iterator[str]:
    for say, reply, outcome in zip(record.says, record.replies, record.outcomes, strict=True):
        yield f'<p class="say">{escape(say)}</p>'
        if reply is not None:
            cited = ", ".join(citation.clause for citation in reply.citations)
            yield f'<div class="reply">{escape(reply.text)}</div>'
            yield f'<p class="muted">{escape(f"{reply.status} · {reply.region} · {cited}")}</p>'
        if outcome.failures:
            faults = "".join(f"<li>{escape(failure)}</li>" for failure in outcome.failures)
            yield f'<ul class="fault">{faults}</ul>'


def _times(records: Sequence[Record]) -> list[int]:
    return sorted(ms for record in records for o in record.outcomes for ms in o.latencies_ms)


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if name in COUNTS else f"{value:.1%}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    titles = "".join(f'<th class="{"n" if i else ""}">{escape(t)}</th>' for i, t in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(f'<td class="{"n" if i else ""}">{escape(c)}</td>' for i, c in enumerate(r))
        + "</tr>"
        for r in rows
    )
    return f'<div class="scroll"><table><tr>{titles}</tr>{body}</table></div>'
