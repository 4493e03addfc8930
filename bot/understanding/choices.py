"""The patient's reply to a question with choices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from bot.understanding.amounts import read_amounts
from bot.understanding.bill import read_bill
from bot.understanding.cases import BILLED
from bot.understanding.cues import cues, replied
from bot.understanding.facts import FactValue, read_facts
from bot.understanding.figures import Kind, read_figures
from bot.understanding.numerals import NUMERAL, integer

DONT_KNOW = "dont_know"

_DONT_KNOW = re.compile(
    r"不(?:知道|清楚|晓得|懂|明白|确定|了解|记得)|没数|说不[清好准]|都行|随便|忘了|不知"
)
_ORDINAL = re.compile(r"^(?:第|选|就|回复)?\s*([1-9一二三四五六七八九])(?:个|项|号|种)?[吧。.]?$")
_MONEY = frozenset(
    {"expense", "deductible", "personal_burden", "class_b_burden", "remaining_cash", "bed_price"}
)
_OF_BILL = re.compile(r"清单|账单|单子|发票|总[共数额]|一共|费用|花[了的]")
_OF_DEDUCTIBLE = re.compile(r"起付|门槛|起步")
_COUNTS = frozenset({"age", "insured_years", "admission_no", "bed_days"})
NUMERIC = _MONEY | _COUNTS | {"local_rate"}
"""Facts whose bare number answers the question and says nothing else."""
_YES = re.compile(
    r"(?:应该|好像|大概|可能)?(?:是的?|对的?|有的?|嗯+|好的?|需要|算|属于|没错|在的?(?!哪))"
)
_NO = re.compile(r"(?:应该|好像|大概|可能|都)?(?:不是?的?|没有?|不算|否|不属于)")
_DENIES = re.compile(r"(?:不是|不算|不属于?|没[有交参买]*|非)[^，。]{0,2}$")
_EITHER = {"referral": ("referred", "unreferred")}
"""What yes and no mean, where a question of two values can be answered so."""
_NOT_YET = re.compile(r"(?:快|[不没未](?:到|满|足)|差点|将近)了?$")
"""快七十 and 不到七十 are below it."""
_SHORT = 10
_LONG = 24
"""Few words answer what was asked; more tell something else besides."""
_ASKS = re.compile(r"^那.*呢|[吗?？]|多少|几[成个]|怎么|什么(?![也都])|哪|[能可][不以]")


class Pending(BaseModel):
    """A question that the assistant has asked and waits for."""

    model_config = ConfigDict(frozen=True)

    fact: str
    """``region``, ``insurance``, ``benefit`` or a fact of the settlement tool."""
    choices: tuple[str | int | bool, ...] = ()
    labels: tuple[str, ...] = ()


def choose(message: str, pending: Pending) -> FactValue | None:
    """Return the value that a reply picks, `DONT_KNOW`, or None where it doesn't answer."""
    if _DONT_KNOW.search(message) and not read_facts(message).facts:
        # 不是，普通的结节，报几成不清楚 answers all the same.
        known = [p for p in re.split(r"[，。]", message) if p and not _DONT_KNOW.search(p)]
        answer = choose("，".join(known), pending) if known else None
        return DONT_KNOW if answer is None else answer
    match = _ORDINAL.match(message.strip())
    if match and (index := integer(match[1]) - 1) < len(pending.choices):
        return pending.choices[index]
    readings: Iterator[FactValue | None] = (
        read(message, pending) for read in (_named, _measured, _yes_no, _replied)
    )
    return next((value for value in readings if value is not None), None)


def picks(message: str, pending: Pending) -> bool:
    """Whether a reply is just the number or the name of a choice."""
    number = _ORDINAL.match(message.strip())
    if number and integer(number[1]) <= len(pending.choices):
        return True
    return _plain(message) in pending.labels


def _plain(message: str) -> str:
    return message.strip("。，.的 ")


def _named(message: str, pending: Pending) -> FactValue | None:
    for value, label in zip(pending.choices, pending.labels, strict=False):
        if label and _plain(message) == label:
            return value
    stated = read_facts(message, "delivery" if pending.fact == "delivery_mode" else None)
    told = stated.facts.get(pending.fact)
    if pending.fact == "insurance":
        named = _not_denied(message, pending) or stated.insurance
        told = named or (None if stated.insurances else stated.insurance_implied)
    if told is not None and (not pending.choices or told in pending.choices):
        return told
    if pending.fact == "route" and (told or stated.told.get("route")) and not _ASKS.search(message):
        return told or stated.told["route"][-1]  # An emergency, too, though it isn't offered.
    if set(pending.choices) == {True, False}:
        return None  # 是 is in "其实是三级医院", too.
    labelled = [
        value
        for value, label in zip(pending.choices, pending.labels, strict=False)
        if label and label in message
    ]
    return labelled[0] if len(labelled) == 1 and len(message) < 20 else None


def _not_denied(message: str, pending: Pending) -> FactValue | None:
    """Of two schemes the other one, where one is denied: 不是居民那种."""
    denied = {
        scheme
        for scheme, cue in cues("insurance")
        for said in cue.finditer(message)
        if _DENIES.search(message[: said.start()])
    }
    left = [value for value in pending.choices if value not in denied]
    return left[0] if denied and len(left) == 1 else None


def _measured(message: str, pending: Pending) -> FactValue | None:
    if pending.fact in NUMERIC and read_facts(message).facts:
        return None  # "三级的呢，也是5200" tells another case, not what was asked.
    of_bill = _OF_BILL.search(message) and not _OF_DEDUCTIBLE.search(message)
    if pending.fact == "deductible" and of_bill:
        return None  # "清单重新看了下是8900" tells the bill again.
    if pending.fact in _MONEY and len(amounts := list(read_amounts(message))) == 1:
        return str(amounts[0].value)
    if pending.fact in _MONEY and (told := _of_several(message, pending.fact)):
        return told
    if pending.fact in _MONEY and re.fullmatch(r"\d+(?:\.\d{1,2})?", message.strip()):
        return message.strip()
    if pending.fact in _COUNTS and (match := re.search(NUMERAL, message)) and len(message) < 8:
        return integer(match[0]) - bool(_NOT_YET.search(message[: match.start()]))
    return _share(message) if pending.fact == "local_rate" else None


def _of_several(message: str, fact: str) -> str | None:
    """The amount asked for, told with its parts: 12600，里头门槛费900."""
    bill = read_bill(message).fields
    whole = bill.get("expense") if fact in BILLED else None
    return bill.get(fact, whole)


def _share(message: str) -> str | None:
    """六成五, 65% or a bare 65; of several the last, as in "不是七成，是六成五"."""
    shares = [figure.value for figure in read_figures(message) if figure.kind is Kind.SHARE]
    if not shares and (match := re.search(r"\d{1,3}", message)):
        shares = [Decimal(match[0])]
    return str(shares[-1] / 100) if shares and shares[-1] <= 100 else None


def _replied(message: str, pending: Pending) -> FactValue | None:
    """What few words tell that answer a question, and would tell nothing by themselves: 退了."""
    if len(message) > _LONG or pending.fact not in replied() or _ASKS.search(message):
        return None
    return next((v for v, cue in replied()[pending.fact] if cue.search(message)), None)


def _yes_no(message: str, pending: Pending) -> FactValue | None:
    either = _EITHER.get(pending.fact, (True, False))
    if set(pending.choices) != {*either}:
        return None
    # What follows the word in a longer reply explains it: 不是，就是普通的肺炎.
    head = re.split(r"[，。]", message.strip(), maxsplit=1)[0]
    short = len(message) < _SHORT
    if _NO.match(head) if short else _NO.fullmatch(head):
        return either[1]
    if _YES.match(head) if short else _YES.fullmatch(head):
        return either[0]
    return None
