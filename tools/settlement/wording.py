"""Every sentence a patient reads in a settlement, in one place: plain, short, exact Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tools.settlement.conditions import Allowed, Conditions, has_end
from tools.settlement.facts import FACTS, Labels, Value
from tools.settlement.tables import Adjustment, AmountChange, RateChange

PAYERS = {
    "pooled_fund": "医保",
    "critical_illness": "大病保险",
    "civil_servant": "公务员补助",
    "assistance": "医疗救助",
}
SchemeLabels = Mapping[str, Labels]
"""A scheme's own labels: fact, value, label."""


def yuan(amount: Decimal) -> str:
    """``10,000`` and ``187.50``: thousands separators, cents only where there are any."""
    return f"{amount:,.2f}".removesuffix(".00")


def percent(rate: Decimal) -> str:
    """``37.5%``."""
    return f"{(rate * 100).normalize():f}%"


def who(when: Conditions, labels: SchemeLabels) -> str:
    """The cases that conditions are for, such as 二级医院在职."""
    return "".join(_test(name, allowed, labels) for name, allowed in when)


def phrase(name: str, value: Value, labels: SchemeLabels) -> str:
    """What a sentence calls a value of a fact."""
    return FACTS[name].phrase(value, labels.get(name, {}))


def _test(name: str, allowed: Allowed, labels: SchemeLabels) -> str:
    fact = FACTS[name]
    if isinstance(allowed, range):
        _, below, at_least = fact.number
        said = [at_least.format(allowed.start)] if allowed.start > fact.least else []
        return "、".join([*said, below.format(allowed.stop)] if has_end(allowed) else said)
    if fact.kind == "integer":
        values = [phrase(name, value, labels) for value in sorted(allowed, key=int)]
    else:
        several = len(allowed) > 1
        values = [
            phrase(name, value, labels) or (label if several else "")
            for value, label in fact.values.items()
            if value in allowed
        ]
    *first, last = values
    return f"{'、'.join(first)}或{last}" if first else last


def change(adjustment: Adjustment, of: str) -> str:
    """What an adjustment does to a figure: ``of`` names the deductible, or who pays the share."""
    match adjustment:
        case AmountChange(times=Decimal() as times):
            return f"{of}按 {percent(times)} 计算"
        case AmountChange(less_per_further_admission=Decimal() as less):
            return f"第 1 次以后每多住一次院，{of}减 {yuan(less)} 元"
        case AmountChange(at_least=Decimal() as least):
            return f"{of}最低不少于 {yuan(least)} 元"
        case RateChange(fund_times=Decimal() as times):
            return f"{of}支付比例按 {percent(times)} 计算"
        case RateChange(fund_less=Decimal() as less):
            return f"{of}支付比例降低 {(less * 100).normalize():f} 个百分点"
        case RateChange(patient_times=Decimal() as times):
            return f"个人自付比例按 {percent(times)} 计算"
    raise ValueError("an adjustment without a change")


def change_of(adjustment: AmountChange, who: str, number: Value | None) -> str:
    """A change as a step of working a deductible out, of the admission with this number."""
    less = adjustment.less_per_further_admission
    if less is not None and isinstance(number, int):
        return f"第 {number} 次住院减 {yuan(less * (number - 1))} 元"
    return who + change(adjustment, "")


def shares(payer: str, fund: Decimal) -> str:
    """Whose share is how much."""
    if fund == 1:
        return f"{payer}全额付"
    return f"{payer}付 {percent(fund)}，您付 {percent(1 - fund)}"


def subject(*parts: str) -> str:
    """What a sentence is about, before its comma; nothing where it is about everybody."""
    said = " ".join(part for part in parts if part)
    return f"{said}，" if said else ""


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
