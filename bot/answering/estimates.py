"""Answers that compute an amount: the settlement in plain words, or the one question it needs."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.answering.asking import ask, ask_fact
from bot.answering.choosing import of_care_elsewhere
from bot.answering.draft import Draft, mark, marks
from bot.answering.figures import said_of_group
from bot.answering.naming import INSURANCES, labels, yuan
from bot.answering.referrals import as_referred
from bot.answering.routes import may_live_there, possible_routes
from bot.reply import Status
from bot.understanding.choices import Pending
from bot.understanding.inquiry import Inquiry
from bot.understanding.world import insurances_with
from corpus.documents import Clause
from tools.settlement import (
    FACTS,
    PATIENT,
    InvalidCase,
    Settlement,
    find_benefit,
    rules,
    schemes,
    settle,
)
from tools.settlement.result import Alternative, Gap, Line

_SIDE_BY_SIDE = 8
"""So many cases are shown side by side where the patient doesn't know a fact."""
_SPARED = ("pay_first", "deductible", "threshold")
"""Kinds of rules that may spare the patient a part."""
_WHERE = "没办转诊的，在本地看和去外地看报得不一样，请问是哪一种？"
_WHERE_LIVING = "在参保地看和去外地看报得不一样，请问这次是哪一种？"
_CLOSING = "这是按公开政策的估算，以医院结算单为准。"


def answer(inquiry: Inquiry, clauses: Mapping[str, Clause]) -> Draft | None:
    """Settle the case that the conversation tells; None where no policy is for such care."""
    if inquiry.benefit is None and _of_clauses(inquiry):
        return None
    if inquiry.unclear_amounts:
        return _which_amount(inquiry)
    inquiry, spared = as_referred(inquiry, clauses)
    case = case_of(inquiry)
    if inquiry.away and not _route_settled(inquiry, case):
        routes = _routes(inquiry, case)
        if inquiry.known.lives_away:
            open_ = (*possible_routes(inquiry), "local")
            return ask_fact("route", choices=open_, question=_WHERE_LIVING)
        if len(routes) > 1:
            return ask_fact("route", choices=possible_routes(inquiry))
        case["route"] = routes[0]
    if _may_be_elsewhere(inquiry, case):
        return ask_fact("route", choices=("local", "unregistered"), question=_WHERE)
    try:
        result = settle(case)
    except InvalidCase as error:
        return Draft(Status.CLARIFY, f"{error.reason}，请再说一遍。")
    if result.status == "need_facts":
        return _need(inquiry, case, result)
    if result.status == "not_stated":
        return _not_stated(inquiry, result, clauses)
    return _settled(inquiry, result, clauses, spared)


def _of_clauses(inquiry: Inquiry) -> bool:
    """Outpatient care is told, and the scheme's policies have none: only clauses speak of it."""
    if inquiry.facts.get("item") != "outpatient" or "hardship" in inquiry.facts:
        return False
    benefits = schemes()[inquiry.region or "", inquiry.insurance or ""].benefits.values()
    return not any("门诊" in name for b in benefits for name in (b.name, *b.also))


def case_of(inquiry: Inquiry) -> dict[str, object]:
    """Return the settlement tool's case: what is known, in its field names."""
    case: dict[str, object] = {
        "region": inquiry.region,
        "insurance": inquiry.insurance,
        "benefit": inquiry.benefit,
        **{fact: value for fact, value in inquiry.facts.items() if fact in FACTS},
    }
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    if benefit and benefit.base == "personal_burden":
        # Of what is left to the patient, only the part that counts may have been told.
        case.setdefault("personal_burden", case.get("class_b_burden"))
    if "bed_price" not in case:
        case.pop("bed_days", None)  # How long one stayed is told without a thought of the bed.
    if benefit and case.get("disease_class") == "2" and "year_class2_before" in benefit.facts:
        # What was paid this year is told of the disease that the case is about.
        case.setdefault("year_class2_before", case.get("year_fund_before"))
    for fact, value, _ in _assumed(inquiry):
        case.setdefault(fact, value)
    return {name: value for name, value in case.items() if value is not None}


def _assumed(inquiry: Inquiry) -> Iterator[tuple[str, object, str]]:
    """What follows from the care that is told, and needs no question; said in the answer."""
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    used = {*benefit.facts} if benefit else set()
    open_ = used - inquiry.facts.keys()
    if "student" in open_ and inquiry.facts.get("item") == "delivery":
        yield "student", False, "产妇不是学生"
    in_community = inquiry.facts.get("hospital_level") == "community"
    if "referral" in open_ and "hospital_level" not in used and in_community:
        yield "referral", "referred", "看的是自己约定的社区医院"


def _route_settled(inquiry: Inquiry, case: Mapping[str, object]) -> bool:
    """How the patient went is told or not known; or the policy's own assumption is the plain one.

    Where a table is that of care elsewhere, it says itself which kind of patient it takes.
    """
    if "route" in case or "route" in inquiry.unknown:
        return True
    return of_care_elsewhere(inquiry) and not may_live_there(inquiry)


def _routes(inquiry: Inquiry, case: Mapping[str, object]) -> list[str]:
    """One route for each outcome that is possible: with one only, there is nothing to ask.

    Of routes of which the same clause says nothing, the last is the plainest.
    """
    outcomes: dict[object, str] = {}
    for route in possible_routes(inquiry):
        result = settle({**case, "route": route})
        missing = tuple(m.fact for m in result.missing)
        gaps = tuple(gap.cite or gap.what for gap in result.gaps)
        outcome = result.status, result.patient_total, missing, gaps
        if result.status == "not_stated" and not result.lines:
            outcomes[outcome] = route
        outcomes.setdefault(outcome, route)
    return list(outcomes.values())


def _may_be_elsewhere(inquiry: Inquiry, case: Mapping[str, object]) -> bool:
    """No referral was made, which only matters elsewhere, and less is paid there."""
    scheme = schemes().get((inquiry.region or "", inquiry.insurance or ""))
    unreferred = inquiry.facts.get("referral") == "unreferred" and "route" not in inquiry.unknown
    if scheme is None or not unreferred or "route" in case:
        return False
    if any("referral" in benefit.facts for benefit in scheme.benefits.values()):
        return False
    try:
        home, away = (settle({**case, "route": way}) for way in ("local", "unregistered"))
    except InvalidCase:
        return False
    return away.status == "settled" and home.patient_total != away.patient_total


def _which_amount(inquiry: Inquiry) -> Draft:
    said = "、".join(yuan(amount) for amount in inquiry.unclear_amounts)
    return ask_fact("expense", lead=f"您说了 {said} 这几个数。")


def _need(inquiry: Inquiry, case: Mapping[str, object], result: Settlement) -> Draft:
    shown = {*inquiry.unknown, *inquiry.several}
    wanted = [m for m in result.missing if m.fact not in shown]
    if wanted:
        first = wanted[0]
        names = labels(inquiry.region, inquiry.insurance, first.fact)
        choices: dict[Any, str] = {
            value: names.get(value, str(value))
            for value in first.choices
            if not _is_stay(inquiry, first.fact, value)
        }
        return ask(first.fact, first.question, choices)
    return _side_by_side(inquiry, case, result)


def _is_stay(inquiry: Inquiry, fact: str, value: object) -> bool:
    """Whether a benefit is of stays in hospital, where outpatient care is told."""
    return (
        fact == "benefit"
        and inquiry.facts.get("item") == "outpatient"
        and value in ("inpatient", "delivery")
    )


def _side_by_side(inquiry: Inquiry, case: Mapping[str, object], result: Settlement) -> Draft:
    """Settle each case that what the patient doesn't know leaves open."""
    lines: list[str] = []
    cases: list[Alternative] = []
    possible = list(_possible(case, result, inquiry.several))
    for facts, settled in possible:
        label = "、".join(_label(inquiry, fact, value) for fact, value in facts.items())
        if settled.fund_total is not None and settled.patient_total is not None:
            cites = "".join(
                dict.fromkeys(mark(c) for line in settled.lines for c in line.cites[:1])
            )
            lines.append(
                f"- {label}：您付 **{yuan(settled.patient_total)} 元**，"
                f"医保付 {yuan(settled.fund_total)} 元{cites}"
            )
            text = lines[-1].removeprefix("- ")
            cases.append(Alternative(label, text, settled.fund_total, settled.patient_total))
        elif settled.gaps:
            lines.append(f"- {label}：{_as_far(settled)}")
    if not lines:
        return ask_fact(result.missing[0].fact)
    unknown = any(m.fact in inquiry.unknown for m in result.missing)
    lead = f"{'不清楚也没关系，' if unknown else ''}几种情况分别是："
    lines += [f"我按{assumed}来算。" for assumed in _scheme_taken(inquiry)]
    text = "\n".join([lead, *lines, _CLOSING])
    estimate = replace(result, alternatives=tuple(cases)).to_json()
    told = cases or all(_first_part(inquiry, settled) for _, settled in possible)
    return Draft(
        Status.ANSWERED if told else Status.NOT_FOUND,
        text,
        estimate=estimate,
        figures=frozenset(
            f"{yuan(line.amount)} 元" for _, settled in possible for line in settled.lines
        ),
    )


def _as_far(result: Settlement) -> str:
    """What is certain of a case that the documents leave open, and what they leave open."""
    gap = result.gaps[0]
    certain = [f"{line.text}：{yuan(line.amount)} 元{marks(line.cites)}" for line in result.lines]
    return "；".join([*certain, gap.text + (mark(gap.cite) if gap.cite else "")])


def _possible(
    case: Mapping[str, object], result: Settlement, several: Mapping[str, Sequence[object]]
) -> Iterator[tuple[dict[str, object], Settlement]]:
    missing = [m for m in result.missing if m.choices]
    if len(missing) != len(result.missing):
        return
    # Of what was set against each other, only that.
    open_ = ([c for c in m.choices if c in several.get(m.fact, m.choices)] for m in missing)
    combinations = itertools.product(*open_)
    for values in itertools.islice(combinations, _SIDE_BY_SIDE):
        facts: dict[str, object] = dict(zip((m.fact for m in missing), values, strict=True))
        settled = settle({**case, **facts})
        if settled.status == "need_facts":
            for more, deeper in _possible({**case, **facts}, settled, several):
                yield {**facts, **more}, deeper
        else:
            yield facts, settled


def _first_part(inquiry: Inquiry, result: Settlement) -> str:
    """What the patient pays before anything is shared, where just that is asked: 先自付多少钱."""
    first = [line for line in result.lines if line.bucket == "pay_first"]
    if not first or "pay_first" not in inquiry.kinds:
        return ""
    cites = marks(tuple(dict.fromkeys(cite for line in first for cite in line.cites)))
    total = sum((line.amount for line in first), Decimal(0))
    return f"要先由您自己付的是 **{yuan(total)} 元**。{cites}"


def _not_stated(inquiry: Inquiry, result: Settlement, clauses: Mapping[str, Clause]) -> Draft:
    gap = result.gaps[0]
    first = _first_part(inquiry, result)
    lines = [first] if first else []
    lines.append(gap.text + marks(_cites_of(gap, result)))
    if steps := list(_steps(result)):
        lines += ["能确定的部分是：", *steps]
    if gap.ask and gap.ask not in inquiry.unknown:
        lines.append(f"您如果知道{FACTS[gap.ask].label}是多少，告诉我，我接着算。")
    return Draft(
        Status.ANSWERED if first else Status.NOT_FOUND,
        "\n".join(lines),
        estimate=result.to_json(clauses),
        pending=Pending(fact=gap.ask) if gap.ask else None,
    )


def _cites_of(gap: Gap, result: Settlement) -> Sequence[str]:
    """The clauses of a gap: what comes after a cap is told beside the clause of the cap."""
    every = rules(result.region, result.insurance, result.benefit, {})
    own = (rule.cites for rule in every if rule.text == gap.text and gap.cite in rule.cites)
    return next(own, tuple(filter(None, (gap.cite,))))


def _settled(
    inquiry: Inquiry, result: Settlement, clauses: Mapping[str, Clause], spared: str
) -> Draft:
    name = schemes()[result.region, result.insurance].benefits[result.benefit].name
    first = _first_part(inquiry, result)
    lines = [
        *([first] if first else []),
        f"按您说的情况，{name}您自己付 **{yuan(result.patient_total)} 元**，"
        f"医保付 **{yuan(result.fund_total)} 元**。",
        *_steps(result),
        *([spared] if spared else []),
        *_treated_as(inquiry, {cite for line in result.lines for cite in line.cites}),
    ]
    own = [text for _, _, text in _assumed(inquiry)]
    told = [*_counted_in(result), *_scheme_taken(inquiry), *own]
    assumptions = [*told, *(a.text for a in result.assumptions)]
    if assumptions:
        assumed = "；".join(a.removeprefix("按").removesuffix("计算") for a in assumptions)
        lines.append(f"我按这些来算：{assumed}。有不一样的，告诉我，马上重算。")
    if inquiry.approximate:
        lines.append("您说的是个大概数，换成准数再算一次会更准。")
    lines += [a.text + marks(filter(None, (a.cite,))) for a in result.alternatives]
    lines += _warnings(result)
    lines += said_of_group(inquiry, clauses)
    lines.append(_CLOSING)
    return Draft(
        Status.ANSWERED,
        "\n".join(lines),
        estimate=result.to_json(clauses),
        follow_ups=_variations(inquiry),
    )


def _warnings(result: Settlement) -> Iterator[str]:
    """For whom a benefit is, with the clause; how old the documents are."""
    every = rules(result.region, result.insurance, result.benefit, {})
    cites = {rule.text: rule.cites for rule in every if rule.kind in ("condition", "excluded")}
    yield from (text + marks(cites.get(text, ())) for text in result.warnings)


def _counted_in(result: Settlement) -> tuple[str, ...]:
    """That the bill settled is the whole one: 花了8000，自费500 may be told of 8000 or of 8500."""
    outside = sum((li.amount for li in result.lines if li.step == "self_paid"), Decimal(0))
    if not outside or result.total is None:
        return ()
    return (f"总共 {yuan(result.total)} 元，自费的 {yuan(outside)} 元算在里面",)


def _scheme_taken(inquiry: Inquiry) -> tuple[str, ...]:
    """The scheme, where it is that of the one before or follows from what was told."""
    scheme = INSURANCES[inquiry.insurance or ""]
    if inquiry.known.carried:
        return (f"也是{scheme}",)
    followed = inquiry.known.implied and len(insurances_with(inquiry.region, None)) > 1
    return (f"参加的是{scheme}",) if followed else ()


def _steps(result: Settlement) -> Iterator[str]:
    """The moves of money, each once: a share is told by what the patient pays of it."""
    patients = {_move(line) for line in result.lines if line.bucket in PATIENT}
    funds = {
        _move(line): line.text.rpartition("，")[2]
        for line in result.lines
        if line.bucket not in PATIENT and line.rate is not None
    }
    shown = [line for line in result.lines if line.bucket in PATIENT or _move(line) not in patients]
    for number, line in enumerate(shown, 1):
        amount = f"：{yuan(line.amount)} 元"
        of = f" {yuan(line.base)} 元" if line.rate is not None and line.base != result.total else ""
        text = line.text.replace("的部分，", f"的部分{of}，", 1)
        if line.bucket in PATIENT and (share := funds.get(_move(line))):
            text = text.replace("，您付", f"，{share}，您付", 1)
        yield f"{number}. {text}{amount}{marks(line.cites)}"


def _move(line: Line) -> tuple[str, object, str]:
    """What the fund's part and the patient's part of one move have in common."""
    return line.step, line.base, line.text.rpartition("，")[0]


def _treated_as(inquiry: Inquiry, cited: Container[str]) -> Iterator[str]:
    """Under which rule the case counts as another, or is spared a part that others pay.

    An emergency elsewhere counts as care at home; one who lives there pays nothing first.
    """
    facts: dict[str, Any] = {f: v for f, v in inquiry.facts.items() if f in FACTS}
    scheme = inquiry.region or "", inquiry.insurance or "", inquiry.benefit or ""
    for rule in rules(*scheme, facts):
        spared = 0 in (rule.rate, rule.amount) and rule.kind in _SPARED
        told = spared and all(cite in cited for cite in rule.cites)
        if (rule.kind == "treated_as" or spared) and rule.cites and not (rule.when or told):
            yield f"{rule.text}{marks(rule.cites)}。"


def _variations(inquiry: Inquiry) -> tuple[str, ...]:
    """Offer the same bill under another value of a fact that was told."""
    benefit = schemes()[inquiry.region or "", inquiry.insurance or ""].benefits[
        inquiry.benefit or ""
    ]
    offers = []
    for fact in ("hospital_level", "employment"):
        value = inquiry.facts.get(fact)
        others = [other for other in benefit.choices.get(fact, ()) if other != value]
        if value is not None and others:
            other = next((level for level in ("3", "2") if level in others), others[0])
            offers.append(f"如果是{_label(inquiry, fact, other)}呢？")
    return tuple(offers)


def _label(inquiry: Inquiry, fact: str, value: object) -> str:
    if isinstance(value, bool):
        return FACTS[fact].phrase(value, {})
    if not isinstance(value, str | int):
        return ""
    return labels(inquiry.region, inquiry.insurance, fact).get(value, str(value))
