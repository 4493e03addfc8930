"""What a message sets against each other: two schemes, places, benefits, or cases of one fact."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.understanding.facts import FactValue, Stated
from bot.understanding.lists import Listed
from bot.understanding.places import Places
from bot.understanding.topics import Intent, Topic

_OR_NOT = re.compile(
    r"(?:[跟和与同比或]|还是)(?:没|不|未)|有没有|[跟和与同比](?:一般|普通|平常|正常|别)人"
    r"|[^，。]不[^，。]{0,4}(?:区别|差)"
)
_OPPOSITES: Mapping[str, tuple[FactValue, ...]] = {
    "referral": ("referred", "unreferred"),
    "hardship": (True, False),
    "special_treatment": (True, False),
}


def read_compared(
    message: str, stated: Stated, places: Places, topic: Topic, listed: Sequence[Listed]
) -> dict[str, tuple[FactValue, ...]]:
    """Return facts, ``insurance``, ``benefit`` or ``region`` with the values to be compared."""
    several = dict(stated.several)
    if topic.intent is Intent.COMPARISON:
        hinted = (stated.insurance_implied,) if stated.insurance_implied else ()
        insurances = tuple(dict.fromkeys((*stated.insurances, *hinted)))
        if len(insurances) > 1:
            several["insurance"] = insurances
        if _OR_NOT.search(message):
            # "社区开了转诊单跟没开": what is told of the case, and its opposite.
            told = (fact for fact in stated.facts if fact in _OPPOSITES)
            several.update((fact, _OPPOSITES[fact]) for fact in told if fact not in several)
        several.update(_classes(several, stated, listed))
    benefits = topic.benefits
    if topic.intent is Intent.COMPARISON and not several:
        # 糖尿病，门诊统筹跟慢性病那个: the disease's own benefit is the other one.
        benefits = tuple(dict.fromkeys((*benefits, *(item.benefit for item in listed))))
    if len(benefits) > 1:
        several["benefit"] = benefits
    if len(places.compared) > 1:
        several["region"] = places.compared
    return several


def _classes(
    several: Mapping[str, tuple[FactValue, ...]], stated: Stated, listed: Sequence[Listed]
) -> dict[str, tuple[FactValue, ...]]:
    """The classes that one list has a disease in, grade by grade, beside those told."""
    if len({item.benefit for item in listed}) != 1:
        return {}
    classes: dict[str, tuple[FactValue, ...]] = {}
    for fact in dict.fromkeys(fact for item in listed for fact in item.facts):
        told = several.get(fact, (stated.facts[fact],) if fact in stated.facts else ())
        values = {*told, *(item.facts[fact] for item in listed if fact in item.facts)}
        if len(values) > 1:
            classes[fact] = tuple(sorted(values, key=str))
    return classes
