"""A patient's case told over several messages: varied, corrected, left and come back to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel

from bot.understanding.bill import tells_covered
from bot.understanding.facts import FactValue

BILLED = frozenset({"expense", "personal_burden", "class_b_burden", "remaining_cash"})
"""Amounts that a benefit is settled on."""
OF_BILL = BILLED | frozenset(
    {"self_paid", "class_b", "class_c", "deductible", "account_balance", "bed_price", "local_rate"}
    | {"year_expense_before", "year_fund_before", "year_class2_before", "year_critical_before"}
)
"""Facts that belong to the bill they are told with."""
OF_QUESTION = OF_BILL | {"route"}
"""Facts that a question of its own leaves behind."""

_SUM = re.compile(
    r"(?:付|出|掏|拿|报|给|贴|补|承担|负担)(?:[^，。？几多]{0,4}(?:多少|几多|几个|几钿))"
    r"|(?:多少|几多)钱?$"
)
_COMPUTES_ANEW = re.compile(r"(?:重新?|再)算")
_DIFFERENCE = re.compile(r"(?:要是|如果|假如|若是|换[成到做])[^？]*差(?:多少|几)")
_SHARE = re.compile(r"几成|百分之|比例|几个点|起付|门槛|封顶|最多|最高|限额")
_OTHERWISE = re.compile(
    r"^(?:那|要是|如果|假如|换|改)|(?:呢|的话)(?:[？。，]|$)|(?:的|了)(?:[？。，]|$)|同样|不变|照旧|都一样|还是(?:[那这]|原来|同)"
    r"|[他她]?要是|换成|这[张笔](?:单子|账单|钱)"
    r"|忘[了记](?:[跟同]?您?你?)[说讲提]|[说讲]漏"
)
_REST = re.compile(r"(?:别|其[他它余]|余下|剩下)的?[^，。]{0,4}(?:一样|不变|照旧|同样|相同)")
_ANOTHER_STAY = re.compile(r"[又再](?:去)?住|后来(?:又|再|还)|[又再]住?(?:了)?一[次回趟]")
_LIKE = re.compile(r"要是|如果|假如|换|改|同样|不变|照旧|一样|也|还是|不是")
_SAME_PRICE = re.compile(r"[这那]么多钱?|一样|同样|不变")
_WITHIN = re.compile(r"其中|里[头面边]|当中|[这那](?:里|些|笔)")
_TOTAL = re.compile(r"总共|一共|合计|总计|总(?:费用|[额账数价])|[加合](?:起来|到一起|在一起)")
_CORRECTS = re.compile(r"不对|错|漏|不是|其实|应该|更正|补齐|重[新算]")
_MORE = re.compile(
    r"(?:又|还|另外|再)[^，。]{0,4}(?:翻|找|漏|冒|补|加)[^，。]{0,6}[张笔份]"
    r"|[漏少][了加算报说讲]{1,2}[^，。]{0,4}[张笔份]"
)
"""Another bill of the year, that the sum told before didn't count."""
_ANEW = re.compile(r"重新?[加算]|应该|不是|错")
_OWN_PAYMENT = re.compile(r"(?:自己|个人)[^，。]{0,3}(?:付|掏|出|担)")
_PAID_ONESELF = re.compile(
    r"(?:自己|个人)[^，。]{0,3}[付掏出交花][了掉][^，。]{0,3}[\d一二两三四五六七八九十]"
)
_LEFT_OVER = frozenset({"personal_burden", "remaining_cash"})
"""What the basic insurance leaves to the patient, as one benefit or another calls it."""
_PARTS = ("self_paid", "class_b", "class_c", "bed_price")
"""What only belongs to the bill that it was told with."""


class Case(BaseModel):
    """The case of an estimate, to come back to after another question."""

    question: str
    benefit: str | None
    facts: dict[str, str | int | bool]
    away: bool


def asks_sum(text: str) -> bool:
    """Whether a message asks what is paid in yuan, by the patient or the fund."""
    return bool(_SUM.search(text)) and not _SHARE.search(text)


def asks_anew(text: str) -> bool:
    """Whether the sum is to be computed again."""
    return bool(_COMPUTES_ANEW.search(text))


def asks_difference(text: str) -> bool:
    """Whether it is asked how far another case is from the one before: 要是三级，差多少."""
    return bool(_DIFFERENCE.search(text))


def tells_otherwise(text: str) -> bool:
    """Whether a message tells the case in another way: 没转诊呢, 要是退休了, 别的不变."""
    return bool(_OTHERWISE.search(text))


def corrects(text: str) -> bool:
    """Whether what was told before is said to be otherwise: 不对, 其实还没退."""
    return bool(_CORRECTS.search(text))


def keeps_rest(text: str) -> bool:
    """Whether all that isn't said stays as it was, for another person too: 别的都一样."""
    return bool(_REST.search(text))


def tells_anew(text: str, told: Mapping[str, str]) -> bool:
    """Whether a bill is told for itself, not as a variation of the one before."""
    return "expense" in told and not _LIKE.search(text)


def tells_another_bill(text: str, told: Mapping[str, str], facts: Mapping[str, FactValue]) -> bool:
    """Whether a bill is told beside the one that is known, not to correct it."""
    return "expense" in told and not BILLED.isdisjoint(facts) and not corrects(text)


def replace_bill(
    text: str, told: Mapping[str, str], facts: dict[str, FactValue], *, whole: bool
) -> None:
    """Make the bill before the one that is told now.

    ``whole`` where it was told as a sum that what isn't covered is a part of.

    Another bill leaves its parts behind, unless it is a correction; a part that turns out to be
    outside the catalogue is taken out; another stay at the same price follows the one before.
    """
    other_burden = "personal_burden" in facts and not {"expense", "personal_burden"}.isdisjoint(
        told
    )
    if other_burden and not corrects(text):
        facts.pop("class_b_burden", None)
    if "expense" in told:
        another = not BILLED.isdisjoint(facts)
        if another and not (corrects(text) or _LIKE.search(text)):
            for part in _PARTS:
                facts.pop(part, None)
    elif "self_paid" in told and (_WITHIN.search(text) or whole):
        for billed in BILLED & facts.keys():
            total = Decimal(str(facts[billed])) + Decimal(str(facts.get("self_paid", 0)))
            facts[billed] = str(max(total - Decimal(told["self_paid"]), Decimal(0)))
    elif tells_another_stay(text) and _SAME_PRICE.search(text):
        count_stay(facts)


def tells_total(text: str) -> bool:
    """Whether a bill is told as the sum of all that it has, and not of what is covered."""
    return bool(_TOTAL.search(text)) and not tells_covered(text)


def less_outside(told: Mapping[str, str], facts: Mapping[str, FactValue]) -> Mapping[str, str]:
    """A bill told anew as a sum, less what was told to be outside the catalogue and still is."""
    outside = Decimal(str(facts.get("self_paid", 0)))
    if "expense" not in told or "self_paid" in told or not outside:
        return told
    return {**told, "expense": str(max(Decimal(told["expense"]) - outside, Decimal(0)))}


def tells_another_stay(text: str) -> bool:
    """Whether another stay in hospital follows the one that was told."""
    return bool(_ANOTHER_STAY.search(text))


def count_stay(facts: dict[str, FactValue]) -> None:
    """Make the bill so far an earlier one of the year."""
    spent = sum(Decimal(str(facts.get(name, 0))) for name in ("expense", "year_expense_before"))
    if spent:
        facts["year_expense_before"] = str(spent)
        facts["admission_no"] = int(facts.get("admission_no", 1)) + 1


def tells_own_payment(text: str) -> bool:
    """Whether a message tells what the patient paid: 住院那次自己付了6800."""
    return bool(_OWN_PAYMENT.search(text))


def corrected(
    text: str, told: Mapping[str, str], facts: Mapping[str, FactValue], base: str | None
) -> Mapping[str, str]:
    """The amounts told later; a plain one corrects the one amount that the bill had.

    Another bill is added to what the year left to the patient, unless the sum is told anew.
    """
    names = {name: name for name in told}
    if "expense" in told:
        had = (BILLED - {"class_b_burden"}) & facts.keys() or (BILLED & facts.keys())
        if base in had and had.isdisjoint(told.keys() - {"expense"}):
            names["expense"] = str(base)
        elif len(had) == 1 and had.isdisjoint(told):
            names["expense"] = next(iter(had))
    if "personal_burden" in facts:
        # Of what is left to the patient, the part in class B.
        names["class_b"] = "class_b_burden"
    amounts = of_base(text, {names[name]: value for name, value in told.items()}, base)
    another = _MORE.search(text) and not (_TOTAL.search(text) or _ANEW.search(text))
    if another and base in _LEFT_OVER & facts.keys() & amounts.keys():
        amounts[str(base)] = str(Decimal(amounts[str(base)]) + Decimal(str(facts[str(base)])))
    return amounts


def of_base(text: str, told: Mapping[str, str], base: str | None) -> dict[str, str]:
    """The amounts told; what is left to the patient by the name of ``base``, the benefit's own.

    Of a benefit that is settled on it, 自己付了8400 tells what is left, and not a whole bill.
    """
    if base not in _LEFT_OVER or base in told:
        return dict(told)
    left = _LEFT_OVER
    if left.isdisjoint(told) and _PAID_ONESELF.search(text):
        left = left | {"expense"}
    return {str(base) if name in left else name: value for name, value in told.items()}
