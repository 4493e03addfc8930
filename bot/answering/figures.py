"""Answers that are a figure of the policy: the very one for this patient, or the cases beside
each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answering.asking import ask_fact
from bot.answering.draft import Draft, mark
from bot.reply import Status
from bot.understanding.facts import FactValue
from bot.understanding.inquiry import Inquiry
from tools.settlement import FACTS, Rule, rules, schemes

_CASES = 4
"""So many cases are shown beside each other; with more, one question comes first."""


def answer(inquiry: Inquiry) -> Draft | None:
    """Answer from the policy tables; None where they don't hold what is asked for."""
    rows = _rows(inquiry, inquiry.facts)
    if not rows:
        return None
    undecided = _undecided(rows)
    if len(rows) > _CASES and (fact := _to_ask(rows, undecided, inquiry)):
        return ask_fact(fact, choices=undecided[fact])
    stated = [row for row in rows if row.kind != "not_stated"]
    lines = [f"{row.text}{mark(row.cite)}" for row in rows]
    text = lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
    return Draft(
        Status.ANSWERED if stated else Status.NOT_FOUND,
        text,
        follow_ups=_follow_ups(inquiry, undecided),
        figures=_figures(rows),
    )


def compare(inquiry: Inquiry) -> Draft | None:
    """Set the figures for several values of a fact, a scheme or a place side by side."""
    name, values = next(iter(inquiry.several.items()))
    columns: list[tuple[str, list[Rule]]] = []
    for value in values:
        rows = _rows(inquiry, {**inquiry.facts, name: value}, **_where(inquiry, name, value))
        if rows:
            columns.append((_label(name, value), rows))
    if len(columns) < 2:
        return None
    lines = []
    for label, rows in columns:
        said = "；".join(f"{row.text}{mark(row.cite)}" for row in rows[:_CASES])
        lines.append(f"- **{label}**：{said}")
    figures = frozenset().union(*(_figures(rows) for _, rows in columns))
    return Draft(Status.ANSWERED, "\n".join(lines), figures=figures)


def _where(inquiry: Inquiry, name: str, value: FactValue) -> Mapping[str, str]:
    return {name: str(value)} if name in ("region", "insurance") else {}


def _rows(
    inquiry: Inquiry,
    facts: Mapping[str, FactValue],
    *,
    region: str | None = None,
    insurance: str | None = None,
) -> list[Rule]:
    where = (region or inquiry.region or "", insurance or inquiry.insurance or "")
    scheme = schemes().get(where)
    if scheme is None or inquiry.benefit not in scheme.benefits:
        return []
    known = {fact: value for fact, value in facts.items() if fact in FACTS}
    if not inquiry.away:
        known.setdefault("route", "local")
    wanted = set(inquiry.kinds)
    if inquiry.away and "rate" in wanted:
        wanted.add("pay_first")
    found = rules(*where, inquiry.benefit, known)
    return list({r.text: r for r in found if r.kind in wanted or r.kind == "excluded"}.values())


def _undecided(rows: Sequence[Rule]) -> dict[str, tuple[FactValue, ...]]:
    """Return the facts that tell the rows apart, each with the values that occur."""
    values: dict[str, dict[FactValue, None]] = {}
    for row in rows:
        for fact, options in row.when.items():
            values.setdefault(fact, {}).update(dict.fromkeys(options))
    return {fact: tuple(options) for fact, options in values.items() if len(options) > 1}


def _to_ask(
    rows: Sequence[Rule], undecided: Mapping[str, Sequence[FactValue]], inquiry: Inquiry
) -> str | None:
    """Return the fact that leaves the fewest rows, whatever its value."""
    left = {
        fact: max(
            sum(fact not in row.when or value in row.when[fact] for row in rows)
            for value in options
        )
        for fact, options in undecided.items()
        if fact not in inquiry.unknown
    }
    return min(left, key=lambda fact: left[fact], default=None)


def _figures(rows: Sequence[Rule]) -> frozenset[str]:
    return frozenset(str(figure) for row in rows for figure in row.figures)


def _follow_ups(
    inquiry: Inquiry, undecided: Mapping[str, Sequence[FactValue]]
) -> tuple[str, ...]:
    return tuple(
        f"我是{_label(fact, value)}" if fact == "employment" else f"如果是{_label(fact, value)}呢？"
        for fact, values in list(undecided.items())[:1]
        for value in values[:3]
    )


def _label(name: str, value: FactValue) -> str:
    return FACTS[name].labels.get(value, str(value)) if name in FACTS else str(value)
