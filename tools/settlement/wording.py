"""Every sentence a patient reads in a settlement, in one place: plain, short, exact Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tools.settlement.conditions import Conditions, has_end
from tools.settlement.facts import FACTS, Value
from tools.settlement.policy import Adjustment, ShareRow

if TYPE_CHECKING:
    from tools.settlement.share import Term

PAYERS = {
    "pooled_fund": "医保",
    "critical_illness": "大病保险",
    "civil_servant": "公务员补助",
    "assistance": "医疗救助",
}
Labels = Mapping[str, Mapping[str, str]]
"""A scheme's own labels: fact, value, label."""


def yuan(amount: Decimal) -> str:
    """``10,000`` and ``187.50``: thousands separators, cents only where there are any."""
    return f"{amount:,.2f}".removesuffix(".00")


def percent(rate: Decimal) -> str:
    """``37.5%``."""
    return f"{(rate * 100).normalize():f}%"


def who(when: Conditions, labels: Labels, skip: tuple[str, ...] = ()) -> str:
    """The cases that conditions are for, such as 二级医院在职."""
    said = (_test(name, allowed, labels) for name, allowed in when if name not in skip)
    return "".join(part for part in said if part)


def value_label(name: str, value: Value, labels: Labels) -> str:
    """What a sentence calls a value of a fact."""
    own = labels.get(name, {})
    return own[value] if isinstance(value, str) and value in own else FACTS[name].phrase(value)


def _test(name: str, allowed: frozenset[str | bool | int] | range, labels: Labels) -> str:
    fact = FACTS[name]
    if not isinstance(allowed, range):
        order = [*fact.values] or sorted(allowed, key=int)
        said = (value_label(name, value, labels) for value in order if value in allowed)
        return "或".join(part for part in said if part)
    _, below, at_least = fact.number
    parts = []
    if allowed.start > fact.least:
        parts.append(at_least.format(allowed.start))
    if has_end(allowed):
        parts.append(below.format(allowed.stop))
    return "、".join(parts)


def change(adjustment: Adjustment) -> str:
    """What an adjustment does to a figure."""
    match adjustment:
        case Adjustment(times=Decimal() as times):
            return f"按 {percent(times)} 计算"
        case Adjustment(less_per_further_admission=Decimal() as less):
            return f"第 1 次以后每多住一次院减 {yuan(less)} 元"
        case Adjustment(at_least=Decimal() as least):
            return f"最低不少于 {yuan(least)} 元"
        case Adjustment(fund_times=Decimal() as times):
            return f"医保支付比例按 {percent(times)} 计算"
        case Adjustment(fund_less=Decimal() as less):
            return f"医保支付比例降低 {(less * 100).normalize():f} 个百分点"
        case Adjustment(patient_times=Decimal() as times):
            return f"个人自付比例按 {percent(times)} 计算"
    raise ValueError("an adjustment without a change")


def deductible(label: str, subject: str, figure: Decimal, sums: str, filled: Decimal) -> str:
    """起付标准：二级医院在职第 2 次住院 750 元 × 50% = 375 元."""
    text = f"{label}：{subject + ' ' if subject else ''}{sums or yuan(figure) + ' 元'}"
    if filled:
        text += f"，今年已付 {yuan(min(filled, figure))} 元"
    return text


def span(lower: Decimal, upper: Decimal | None) -> str:
    """A segment by its bounds."""
    if upper is None:
        return f"{yuan(lower)} 元以上的部分" if lower else ""
    return f"{yuan(lower)} 元到 {yuan(upper)} 元的部分" if lower else f"{yuan(upper)} 元以内的部分"


def warning(as_of: str) -> str:
    """How old the documents are."""
    dated = "资料没有注明日期" if as_of == "unknown" else f"资料日期 {as_of}"
    return f"{dated}，请以经办机构最新口径为准"


def alternative(reading: str, fund: Decimal, patient: Decimal) -> str:
    """The other figure."""
    yours = f"您付 {patient:,.2f} 元" if patient >= 0 else f"比费用多出 {-patient:,.2f} 元归您"
    return f"另一种理解（{reading}）下，医保付 {fund:,.2f} 元，{yours}"


def piece(
    row: ShareRow, term: Term, terms: Sequence[Term], start: Decimal, labels: Labels
) -> str:
    """The part of the expense that a line is about: 750 元到 10,000 元的部分."""
    subject = who(row.when, labels)
    if len(terms) == 1:
        return subject or "剩下的部分"
    return f"{subject} {span(start, term.upto)}".strip()
