"""How a message goes on with what was asked before: varied, corrected, told anew."""

from __future__ import annotations

import re

from bot.understanding import cases
from bot.understanding.bill import Bill
from bot.understanding.facts import PLACES, Stated
from bot.understanding.known import Known
from bot.understanding.places import Places
from bot.understanding.routes import UNREGISTERED
from bot.understanding.topics import Intent, Topic
from bot.understanding.world import World

SUBJECT = 2
"""So many characters make a subject."""
_ASKS = re.compile(
    r"多少|几[成个点多]|百分之|吗|(?<!呢)[？?]|怎么|哪|什么(?![也都])|多久|几天|能不能|是不是|要不要|可以"
)
_OF_FORM = (Intent.DEADLINE, Intent.MATERIALS, Intent.PROCEDURE, Intent.CONTACT, Intent.LIST)
"""What is no part of an estimate."""
_SUMS = {"rate", "quota"}
"""Kinds of figures that a question for a sum seems to ask for."""


def goes_on(known: Known, topic: Topic, stated: Stated, bill: Bill, *, graded: bool) -> bool:
    """A message without a subject of its own, or one that only adds facts, goes on."""
    adds = graded or bool(stated.facts or bill.fields or stated.schemes)
    adds = adds and topic.intent is None
    if known.intent is Intent.ESTIMATE and topic.intent in _OF_FORM and not bill.fields:
        return False
    # "打错了，是14万不是4万" tells another amount of the bill in question.
    # What was left over after a bill is the subject of another benefit.
    in_question = known.facts.keys() & {"personal_burden", "class_b_burden"}
    told = bill.fields.keys() - ({"personal_burden"} if not in_question else set())
    billed = bool(told) and topic.intent in (Intent.ESTIMATE, Intent.FIGURE)
    same = set(topic.benefits) <= {known.benefit}
    adds |= billed and same and _in_question(known)
    return len(topic.residue) < SUBJECT or adds


def varies(message: str, topic: Topic, *, told: bool, replies: bool) -> bool:
    """Whether a message tells the case of an estimate otherwise, or asks for its sum again."""
    if not asks(message):
        otherwise = cases.tells_otherwise(message) or cases.corrects(message)
        return replies or (told and otherwise)
    if told and cases.asks_difference(message):
        return True
    of_sum = topic.intent in (Intent.FIGURE, Intent.ESTIMATE) and set(topic.kinds) <= _SUMS
    return told and of_sum and (cases.asks_sum(message) or cases.asks_anew(message))


def tells_anew(message: str, topic: Topic, stated: Stated, bill: Bill, places: Places) -> bool:
    """Whether a whole new bill is told, with where or how the patient is insured."""
    named = bool(places.insured or stated.insurance)
    return named and topic.intent is Intent.ESTIMATE and cases.tells_anew(message, bill.fields)


def asks(message: str) -> bool:
    """Whether a message asks for something."""
    return bool(_ASKS.search(message))


def only_corrects(message: str) -> bool:
    """Whether a message puts something right and asks nothing: 不对，手续还没办，还算在职."""
    return cases.corrects(message) and not asks(message)


def unasking(message: str) -> str:
    """Blank out what tells how one went elsewhere: "什么手续都不办" asks for no procedure."""
    return UNREGISTERED.sub(lambda said: "〇" * len(said[0]), message)


def same_benefit(known: Known, topic: Topic, stated: Stated, world: World) -> bool:
    """Nothing of another benefit is named, nor outpatient care where a stay was the case."""
    if topic.benefits:
        return set(topic.benefits) == {known.benefit}
    item, before = stated.facts.get("item"), known.facts.get("item")
    elsewhere = item in PLACES and before in PLACES and item != before
    return not elsewhere or world.tells_items(known.region, known.insurance, known.benefit)


def tells_where(message: str, topic: Topic, bill: Bill, known: Known, world: World) -> bool:
    """住院 is named as where the care was, and the benefit in question is settled after any."""
    places = bool(topic.benefits) and set(topic.benefits) <= set(PLACES)
    of_any = world.tells_items(known.region, known.insurance, known.benefit)
    of_bill = "expense" in bill.fields and not cases.tells_own_payment(message)
    return places and of_any and (topic.intent is None or (topic.implied and not of_bill))


def _in_question(known: Known) -> bool:
    """Whether the conversation is about a bill, or a benefit that one may be told for."""
    return known.intent is Intent.ESTIMATE or known.benefit is not None
