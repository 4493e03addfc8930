"""Answers that are a figure of the policy: this patient's own, or the cases beside each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.answering.asking import ask_fact
from bot.answering.draft import Draft, mark, marks
from bot.answering.naming import INSURANCES, labels
from bot.answering.routes import possible_routes
from bot.reply import Status
from bot.understanding.facts import FactValue
from bot.understanding.inquiry import Inquiry
from corpus.blocks import blocks
from corpus.documents import Clause
from corpus.text import terms
from tools.settlement import FACTS, FUNDS, Rule, find_benefit, rules, schemes

_GROUP = re.compile(r"\w{2}型贫困")
"""Those whom a word tells to be poor in a way of their own: 支出型贫困."""
_CASES = 5
"""So many cases are shown beside each other; with more, one question comes first."""
_ROWS = 8
_COMPARED = ("deductible", "threshold", "pay_first", "rate", "cap", "quota")
"""What a comparison shows that asks for nothing in particular."""
_DIFFERS = re.compile(r"多[报给付补加]|好处|差|区别|不同|不一样|涨|比别人|优惠")
"""What asks which difference it makes that something is so."""
_BEFORE = {"deductible", "threshold"}
LAST = ("excluded", "treated_as", "not_stated", "reading")
"""What is told after the figures."""
_NO_FIGURES = ("treated_as", "not_stated")
_WITH = {
    "rate": frozenset({"limit", "threshold"}),
    "pay_first": frozenset({"threshold"}),
    "cap": frozenset({"limit"}),
}
"""What belongs beside a figure that is asked for: a share begins above its threshold."""
_FIGURES = ("deductible", "threshold", "rate")
"""Kinds whose sentences tell what they were adjusted by."""
_GLOSS = {
    "deductible": "起付线（医保开始报销前要自己先付的部分）",
    "threshold": "门槛费（医保开始报销前要自己先付的部分）",
    "rate": "报销比例",
    "cap": "最高限额（封顶线）",
    "pay_first": "要自己先付的部分",
    "quota": "定额",
    "bed_fee": "床位费每天最多能报的钱",
}
# What a row is about that the documents leave open, or that adjusts another.
_OPEN = {
    "deductible": ("起付", "门槛"),
    "threshold": ("起付", "门槛"),
    "rate": ("比例", "百分之", "能不能报", "报多少", "怎么报"),
    "cap": ("最多", "封顶", "限额", "付满"),
    "pay_first": ("先自付", "能不能报"),
    "quota": ("定额", "能不能报"),
}


def answer(inquiry: Inquiry, clauses: Mapping[str, Clause]) -> Draft | None:
    """Answer from the policy tables; None where they don't hold what is asked for."""
    rows = rows_of(inquiry)
    told = [row for row in rows if row.kind not in LAST]
    if _only_beside(inquiry, rows):
        told = []
    rows = rows if told else [row for row in rows if row.kind in _NO_FIGURES]
    if all(row.kind == "treated_as" for row in rows):
        return None
    undecided = _undecided(rows)
    cases = {row.when for row in rows}
    many = len(cases) > _CASES and len({row.cite for row in told}) > 1
    if (many or len(told) > _ROWS) and (fact := _to_ask(rows, undecided, inquiry)):
        names = labels(inquiry.region, inquiry.insurance, fact)
        choices = [value for value in names if value in undecided[fact]]
        return ask_fact(fact, choices=choices, names=names)
    lines = _lines(inquiry, rows)
    if _silent_on_deductible(inquiry, rows) and (cite := rows[0].cite):
        lines.append(f"{blocks(clauses[cite].text)[0].text}{mark(cite)}")
    lines += said_of_group(inquiry, clauses)
    return Draft(
        _status(rows),
        "\n".join(lines),
        follow_ups=_follow_ups(inquiry, undecided),
        figures=frozenset(row.text for row in rows),
        benefit=inquiry.benefit,
    )


def said_of_group(inquiry: Inquiry, clauses: Mapping[str, Clause]) -> list[str]:
    """What clauses of the benefit say of a group that the patient names and no figure is for.

    支出型贫困 are not among those without a deductible, nor surely not.
    """
    where = inquiry.region or "", inquiry.insurance or "", inquiry.benefit or ""
    groups = _GROUP.findall(inquiry.text)
    if not groups or find_benefit(*where) is None:
        return []
    every = rules(*where, {})
    of_few = dict.fromkeys(cite for row in every if not row.usual for cite in row.cites)
    return [
        f"{block.text}{mark(cite)}"
        for cite in of_few
        for block in blocks(clauses[cite].text)
        if block.kind == "sentence" and any(name in block.text for name in groups)
    ]


def rows_of(inquiry: Inquiry) -> list[Rule]:
    """The rows asked for; where nothing is to be paid first, the clause with the share says so."""
    rows = _rows(inquiry, inquiry.facts)
    if not rows and inquiry.kinds and set(inquiry.kinds) <= _BEFORE:
        rows = _rows(replace(inquiry, kinds=("rate",)), inquiry.facts)
    return rows


def _only_beside(inquiry: Inquiry, rows: Sequence[Rule]) -> bool:
    """The figure asked for is left open; told is only what would adjust it or come after it."""
    asked = [r for r in rows if r.kind in inquiry.kinds and r.payer in ("", "pooled_fund")]
    told = [r for r in rows if r.kind not in LAST]
    beside = all(
        r.payer or (r.kind == "adjustment" and not _adjusts(r, inquiry.facts)) for r in told
    )
    return not asked and beside and any(r.kind == "not_stated" for r in rows)


def _silent_on_deductible(inquiry: Inquiry, rows: Sequence[Rule]) -> bool:
    """A deductible is asked for and the policy has none: the clause says so in words."""
    if "deductible" not in inquiry.kinds:
        return False
    return not any(
        row.kind in ("deductible", "threshold", "not_stated", "adjustment") for row in rows
    )


def benefits_with(inquiry: Inquiry) -> dict[str, str]:
    """Return names of the benefits that have the kinds of figures asked for.

    Of benefits with the same figures the first is enough.
    """
    scheme = schemes().get((inquiry.region or "", inquiry.insurance or ""))
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for benefit in scheme.benefits.values() if scheme else ():
        rows = _rows(replace(inquiry, benefit=benefit.id), inquiry.facts)
        texts = tuple(row.text for row in rows if row.kind in inquiry.kinds and row.kind != "quota")
        if texts:
            found.setdefault(texts, (benefit.id, benefit.name))
    return dict(found.values())


def _rows(inquiry: Inquiry, facts: Mapping[str, FactValue]) -> list[Rule]:
    """The rows that fit what is known, of the kinds asked for."""
    where = (inquiry.region or "", inquiry.insurance or "")
    scheme = schemes().get(where)
    if scheme is None or inquiry.benefit is None or inquiry.benefit not in scheme.benefits:
        return []
    known: dict[str, Any] = {fact: value for fact, value in facts.items() if fact in FACTS}
    readings: dict[str, Rule] = {}
    every = rules(*where, inquiry.benefit, {})
    told_for = _told_for(inquiry, known, every)
    wanted = told_for if told_for and _DIFFERS.search(inquiry.message) else wanted_of(inquiry)
    wanted |= told_for
    found: dict[str, Rule] = {}
    for route in routes_of(replace(inquiry, facts=facts)):
        for rule in rules(*where, inquiry.benefit, {**known, "route": route}):
            if rule.kind == "reading":
                readings.setdefault(rule.reading, rule)
            # What applies to few is left out unless the patient said to be one of them.
            of_case = all(_fits_any(rule, *case) for case in inquiry.several.items())
            if rule.usual and rule.cites and of_case and _asked_for(rule, wanted):
                found.setdefault(rule.text, rule)
        # What a figure was adjusted by for this patient, told beside it.
        worked_in = {cite for row in found.values() if row.kind in _FIGURES for cite in row.cites}
        for rule in every:
            adjusts = _adjusts(rule, {**known, "route": route}) and _asked_for(rule, wanted)
            if adjusts and not worked_in.issuperset(rule.cites):
                found.setdefault(rule.text, rule)
    rows = list(found.values())
    rows += _readings(inquiry, rows, list(readings.values()))
    passed = () if "cap" in inquiry.kinds and "rate" not in inquiry.kinds else inquiry.passed
    named = [r for r in rows if _fund_named(r, inquiry.text) or _beyond(r, passed, every)]
    return sorted(named or rows, key=lambda rule: rule.kind in LAST)


def wanted_of(inquiry: Inquiry) -> set[str]:
    """Return the kinds of figures asked for, and those that belong beside them."""
    wanted = set(inquiry.kinds or _COMPARED)
    for kind in inquiry.kinds:
        wanted |= _WITH.get(kind, frozenset())
    away = inquiry.away or inquiry.facts.get("route", "local") != "local"
    if away and "rate" in wanted:
        wanted.add("pay_first")
    if not away and "pay_first" in wanted:
        wanted.add("deductible")  # What one pays first at home is the deductible.
    return wanted


def _told_for(inquiry: Inquiry, known: Mapping[str, Any], every: Sequence[Rule]) -> set[str]:
    """The kinds of figures for which alone something was told: 交满五年 raises the cap.

    What is asked for may be the share, of which it then makes no difference.
    """
    if "rate" not in inquiry.kinds:
        return set()
    told = known.keys() - inquiry.known.several.keys()
    told_by = ({r.kind for r in every if any(f == name for name, _ in r.when)} for f in told)
    alone = (of_fact for of_fact in told_by if of_fact.isdisjoint(inquiry.kinds))
    return {kind for of_fact in alone for kind in of_fact & {"cap", "bed_fee"}}


def _readings(inquiry: Inquiry, rows: Sequence[Rule], all_: Sequence[Rule]) -> list[Rule]:
    """How else the documents can be read, where a figure that is asked for depends on it."""
    asked = {*inquiry.kinds, "limit"} if "cap" in inquiry.kinds else set(inquiry.kinds)
    open_to = {row.reading for row in rows if row.kind in asked} - {""}
    return [rule for rule in all_ if rule.kind == "reading" and rule.reading in open_to]


def _fund_named(rule: Rule, text: str) -> bool:
    """The question speaks of the fund that pays above the basic one: 大病保险."""
    return rule.payer not in ("", "pooled_fund") and FUNDS[rule.payer][:2] in text


def _beyond(rule: Rule, passed: Sequence[Decimal], every: Sequence[Rule]) -> bool:
    """Whether a row is for what lies above a sum: 过了十万以后报几成."""
    if rule.kind == "not_stated":
        return any(f"满 {amount:,} 元以后" in rule.text for amount in passed)
    capped = any(r.kind == "cap" and r.amount in passed for r in every)
    above_cap = capped and rule.payer not in ("", "pooled_fund")
    if rule.kind == "cap":
        return above_cap
    return rule.kind == "rate" and (above_cap or rule.lower in passed)


def _adjusts(rule: Rule, known: Mapping[str, Any]) -> bool:
    return (
        rule.kind == "adjustment"
        and bool(rule.when)
        and all(fact in known and known[fact] in allowed for fact, allowed in rule.when)
    )


def routes_of(inquiry: Inquiry) -> Sequence[str]:
    """Return the ways in which the patient may have gone to the place of care."""
    if "route" in inquiry.facts:
        return (str(inquiry.facts["route"]),)
    if not inquiry.away:
        return ("local",)
    return possible_routes(inquiry)


def holds(inquiry: Inquiry) -> bool:
    """Whether the benefit's policy has a figure of the kinds asked for."""
    kinds = {"rate"} if set(inquiry.kinds) <= _BEFORE else set(inquiry.kinds)
    wanted = replace(inquiry, kinds=tuple(kinds))
    return any(row.kind in wanted_of(wanted) for row in _rows(wanted, inquiry.facts))


def only_scheme(inquiry: Inquiry, insurances: Sequence[str]) -> str | None:
    """Return the one scheme that has a figure of the kind asked for, so that none need be asked.

    Where the other one says that it pays nothing, it is not the only one with an answer.
    """
    kinds = {
        scheme: {row.kind for row in _rows(replace(inquiry, insurance=scheme), inquiry.facts)}
        for scheme in insurances
    }
    having = [scheme for scheme, told in kinds.items() if not told.isdisjoint(inquiry.kinds)]
    telling = {scheme for scheme, told in kinds.items() if "excluded" in told} | {*having}
    return having[0] if len(having) == 1 == len(telling) else None


def shared(inquiry: Inquiry, insurances: Sequence[str]) -> Draft | None:
    """The figures asked for where all these schemes have the same, so that none need be asked."""
    asked = [replace(inquiry, insurance=scheme) for scheme in insurances]
    rows = [_rows(own, inquiry.facts) for own in asked]
    of_each = [_asked_by_itself(own, its) for own, its in zip(asked, rows, strict=True)]
    first = of_each[0]
    if not first or len(first) > _CASES or len({tuple(r.text for r in own) for own in of_each}) > 1:
        return None
    said = [row.text + marks(row.cites) for row in first]
    for scheme, own in zip(insurances, rows, strict=True):
        readings = (row for row in own if row.kind == "reading")
        said += [f"{INSURANCES[scheme]}：{row.text}{marks(row.cites)}" for row in readings]
    text = f"{said[0]}。" if len(said) == 1 else "\n".join(f"- {line}" for line in said)
    figures = frozenset(row.text for own in rows for row in own)
    return Draft(Status.ANSWERED, text, figures=figures, benefit=inquiry.benefit)


def _asked_by_itself(inquiry: Inquiry, rows: Sequence[Rule]) -> list[Rule]:
    """The rows of the kinds asked for; of these the one that the question names, as 丙类.

    What is paid first depends on how one went; without that, it is the deductible.
    """
    named = [r for r in rows if any(term in r.text for term in terms(inquiry.subject))]
    kinds = set(inquiry.kinds)
    if "pay_first" in kinds and not named:
        kinds.add("deductible")
        local = _rows(inquiry, {**inquiry.facts, "route": "local"})
        rows = [r for r in rows if r.kind != "pay_first" or r not in local]
    return [row for row in named or rows if row.kind in kinds]


def _asked_for(rule: Rule, wanted: set[str]) -> bool:
    if rule.kind == "excluded":
        return True
    if rule.kind == "not_stated" and "pay_first" in wanted and "%" in rule.text:
        return True  # By what share the rest is paid, though not of what.
    # An adjustment for what this patient said is part of the figure.
    if rule.kind == "adjustment":
        # What comes off a deductible is no part of a share that begins above it.
        wanted = wanted if "deductible" in wanted else wanted - {"threshold"}
    if rule.kind in ("not_stated", "treated_as", "adjustment"):
        return any(word in rule.text for kind in wanted for word in _OPEN.get(kind, ()))
    return rule.kind in wanted


def _status(rows: Sequence[Rule]) -> Status:
    silent = all(row.kind in _NO_FIGURES for row in rows)
    return Status.NOT_FOUND if silent else Status.ANSWERED


def _lines(inquiry: Inquiry, rows: Sequence[Rule]) -> list[str]:
    said = [row.text + marks(row.cites) for row in rows]
    scheme = INSURANCES[inquiry.insurance or ""]
    if len(said) == 1:
        return [f"{scheme}：{said[0]}。" if inquiry.known.implied else f"{said[0]}。"]
    name = schemes()[inquiry.region or "", inquiry.insurance or ""].benefits[inquiry.benefit or ""]
    kinds = dict.fromkeys(row.kind for row in rows if row.kind in _GLOSS)
    about = "、".join(_GLOSS[kind] for kind in kinds) or "规定"
    return [f"{scheme}{name.name}的{about}是：", *(f"- {line}" for line in said)]


def _undecided(rows: Sequence[Rule]) -> dict[str, tuple[FactValue, ...]]:
    """Return the facts that tell the rows apart, each with the values that occur."""
    occurring: dict[str, set[FactValue]] = {}
    for row in rows:
        for fact, allowed in row.when:
            if FACTS[fact].values:
                occurring.setdefault(fact, set()).update(allowed)
    # In the order of the facts' own values, the same in every run.
    return {
        fact: tuple(value for value in FACTS[fact].values if value in options)
        for fact, options in occurring.items()
        if len(options) > 1
    }


def _to_ask(
    rows: Sequence[Rule], undecided: Mapping[str, Sequence[FactValue]], inquiry: Inquiry
) -> str | None:
    """Return the fact that leaves the fewest rows, whatever its value."""
    left = {
        fact: max(sum(_fits(row, fact, value) for row in rows) for value in options)
        for fact, options in undecided.items()
        if fact not in inquiry.unknown and fact not in inquiry.several
    }
    return min(left, key=lambda fact: left[fact], default=None)


def _fits_any(row: Rule, fact: str, values: Sequence[FactValue]) -> bool:
    return any(_fits(row, fact, value) for value in values)


def _fits(row: Rule, fact: str, value: FactValue) -> bool:
    return all(value in allowed for name, allowed in row.when if name == fact)


def _follow_ups(inquiry: Inquiry, undecided: Mapping[str, Sequence[FactValue]]) -> tuple[str, ...]:
    return tuple(
        f"如果是{label_of(inquiry, fact, value)}呢？"
        for fact, values in list(undecided.items())[:1]
        for value in values[:3]
    )


def label_of(inquiry: Inquiry, name: str, value: FactValue) -> str:
    """Name the value of a fact, in the scheme's own words where it has some."""
    if name == "care":
        return f"去{value}看"
    if name == "away":
        there = inquiry.known.care[0] if inquiry.known.care else "外地"
        return f"去{there}看" if value else "在参保地看"
    if isinstance(value, bool):
        return FACTS[name].phrase(value, {}) or f"不是{FACTS[name].phrase(True, {})}"
    if isinstance(value, int):
        return FACTS[name].phrase(value, {})
    return labels(inquiry.region, inquiry.insurance, name).get(value, str(value))
