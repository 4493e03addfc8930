"""Figures of the policies under several values of a fact, a scheme or a place, side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.answering.draft import Draft, marks
from bot.answering.figures import ROWS, label_of, rows_of
from bot.reply import Status
from bot.understanding.facts import FactValue
from bot.understanding.inquiry import Inquiry
from tools.settlement import FACTS, Rule, find_benefit, rules, schemes

_CHOOSES = re.compile(r"选|合算|划算|哪[个种样]好|更好")
"""Which of two is better depends on all their figures."""
_STAYS = re.compile(r"住|转院|开刀|手术")


def compare(inquiry: Inquiry) -> Draft | None:
    """Set the figures for several values of a fact, a scheme or a place side by side."""
    # 门诊 and 住院 are benefits, where both are named as such.
    names = sorted(inquiry.several, key=lambda name: name == "item")
    return next(filter(None, (_compare(inquiry, name) for name in names)), None)


def _compare(inquiry: Inquiry, name: str) -> Draft | None:
    if name == "benefit" and _CHOOSES.search(inquiry.message):
        inquiry = replace(inquiry, kinds=())
    scheme = schemes().get((inquiry.region or "", inquiry.insurance or ""))
    if inquiry.benefit or name not in FACTS or scheme is None:
        return _side_by_side(inquiry, name)
    if not inquiry.kinds:
        return None
    # No benefit is told: those in which the fact makes a difference say the same, or a stay is
    # spoken of.
    of_each = (_side_by_side(replace(inquiry, benefit=id_), name) for id_ in scheme.benefits)
    found = {id_: draft for id_, draft in zip(scheme.benefits, of_each, strict=True) if draft}
    if len({draft.figures for draft in found.values()}) == 1:
        return next(iter(found.values()))
    return found.get("inpatient") if _STAYS.search(inquiry.text) else None


def _side_by_side(inquiry: Inquiry, name: str) -> Draft | None:
    """The figures under each of a fact's values."""
    columns: dict[str, list[Rule]] = {}
    for value in inquiry.several[name]:
        told = _with(inquiry, name, value)
        if rows := rows_of(told):
            first = sorted(rows, key=lambda row: row.kind not in inquiry.kinds)
            columns[label_of(inquiry, name, value)] = [*_treated_as(told), *first]
    if len(columns) < 2 or not _tells_apart(inquiry, name):
        return None
    shown = _differing(inquiry, columns)
    lines = []
    for label, rows in shown.items():
        lines.append(f"**{label}**")
        lines += [f"- {row.text}{marks(row.cites)}" for row in rows[:ROWS]]
    figures = frozenset(row.text for rows in shown.values() for row in rows)
    return Draft(Status.ANSWERED, "\n".join(lines), figures=figures)


def _tells_apart(inquiry: Inquiry, name: str) -> bool:
    """Whether what is compared is of any matter to the benefit's policy."""
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    return name not in FACTS or (benefit is not None and name in benefit.facts)


def _differing(inquiry: Inquiry, columns: Mapping[str, list[Rule]]) -> Mapping[str, list[Rule]]:
    """What cases differ in, then what they share of that asked for.

    Where one has nothing of its own, all of each.
    """
    first, *others = columns.values()
    common = [row for row in first if all(row.text in {r.text for r in rows} for rows in others)]
    if len(common) == len(first) and all(len(rows) == len(first) for rows in others):
        return {f"{'、'.join(columns)}都一样": first}
    texts = {row.text for row in common}
    own = {label: [r for r in rows if r.text not in texts] for label, rows in columns.items()}
    # A share that the rest is paid by is told, though not of what.
    kinds = {*inquiry.kinds}
    shared = [r for r in common if r.kind in kinds or (r.kind == "not_stated" and "%" in r.text)]
    if not all(own.values()):
        return columns
    return {**own, "都一样的": shared} if shared else own


def _with(inquiry: Inquiry, name: str, value: FactValue) -> Inquiry:
    if name == "region":
        return replace(inquiry, region=str(value))
    if name == "insurance":
        return replace(inquiry, insurance=str(value))
    if name == "benefit":
        return replace(inquiry, benefit=str(value))
    return replace(inquiry, facts={**inquiry.facts, name: value})


def _treated_as(inquiry: Inquiry) -> list[Rule]:
    """By which rule the case counts as another: an emergency elsewhere as care at home."""
    known: dict[str, Any] = {f: v for f, v in inquiry.facts.items() if f in FACTS}
    where = inquiry.region or "", inquiry.insurance or "", inquiry.benefit or ""
    return [r for r in rules(*where, known) if r.kind == "treated_as" and r.cites and not r.when]
