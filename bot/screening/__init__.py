"""What a message is before it is a question: an emergency, a cry for help, not ours, a trick."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot import texts
from bot.reply import Reply, Status
from bot.screening import danger, subject, tricks
from bot.screening.sense import Sense

_THAT_ONE = re.compile(
    r"^(?![^，。？]*[怎咋])[^，。？]{1,10}呢？?$|(?<!不)算(?!了)|属于|[一两]样[吗么不]|也是[^，。]{0,5}\d|第?[几哪]一?[类种档]|名单|照样|也[能可报行]"
)
"""The next disease or case of the question before."""
_SHORT = 8
"""Characters of what may be the answer to a question."""


class Kind(StrEnum):
    """What a message is."""

    NONE = "none"
    EMERGENCY = "emergency"
    CRISIS = "crisis"
    """Thoughts of suicide."""
    MEDICAL_ADVICE = "medical_advice"
    CHIT_CHAT = "chit_chat"
    UNRELATED = "unrelated"
    RECORDS = "records"
    """Somebody's account or application is to be looked up."""
    MANIPULATION = "manipulation"
    """Tries to change the rules, to have them told, or to dictate an answer."""


_WORDS = {Kind.MEDICAL_ADVICE: texts.MEDICAL_ADVICE, Kind.RECORDS: texts.RECORDS}


@dataclass(frozen=True, slots=True)
class Screening:
    """The judgement of a message."""

    kind: Kind = Kind.NONE
    policy: bool = False
    """Beside that, a question about insurance stands in the message; it is to be answered."""
    rest: str = ""
    """What is left of a message with a trick in it, without the trick: the question to answer."""
    distress: bool = False
    """Self-harm as a matter of policy: `texts.DISTRESS_HINT` belongs under the answer."""


def screen(text: str, sense: Sense | None = None) -> Screening:
    """Judge a normalised message; the most urgent judgement counts.

    Args:
        text: the message.
        sense: asked where the rules find nothing and insurance isn't spoken of.
    """
    if danger.is_crisis(text):
        return Screening(Kind.CRISIS)
    if danger.is_emergency(text):
        return Screening(Kind.EMERGENCY)
    rest, tricked = tricks.without(text)
    if tricked:
        rest = rest.strip("，。 ")
        return Screening(Kind.MANIPULATION, policy=subject.asks_about_care(rest), rest=rest)
    if subject.asks_for_records(text):
        return Screening(Kind.RECORDS)
    policy = subject.is_policy(text)
    ordinary = policy or subject.is_errand(text)
    felt = Kind(sense.danger(text) or Kind.NONE) if sense and not ordinary else Kind.NONE
    if felt is Kind.CRISIS or (felt is Kind.EMERGENCY and not danger.is_under_treatment(text)):
        return Screening(felt)
    if subject.asks_medical_advice(text):
        return Screening(Kind.MEDICAL_ADVICE, policy=policy)
    if subject.small_talk(text):
        return Screening(Kind.CHIT_CHAT)
    if subject.is_unrelated(text):
        return Screening(Kind.UNRELATED)
    return Screening(policy=policy, distress=danger.tells_of_self_harm(text))


def answer(
    text: str, sense: Sense | None = None, *, awaited: bool = False, follows: bool = False
) -> Reply | None:
    """The reply to a message that isn't to be answered from the documents, else None.

    Args:
        text: the message, normalised.
        sense: the second opinion on danger, if there is one.
        awaited: the assistant has asked something, and a short message may be the answer.
        follows: a question was asked before, of which "那肺气肿呢" may be the next.
    """
    awaited = awaited and len(text) <= _SHORT
    follows = follows and bool(_THAT_ONE.search(text))
    found = screen(text, None if awaited or follows else sense)
    if found.kind in (Kind.EMERGENCY, Kind.CRISIS):
        words = texts.EMERGENCY if found.kind is Kind.EMERGENCY else texts.CRISIS
        return Reply(status=Status.EMERGENCY, text=words)
    if found.kind is Kind.NONE or found.policy:
        return None
    if found.kind is Kind.CHIT_CHAT and awaited:
        return None
    if found.kind is Kind.MEDICAL_ADVICE and follows:
        return None
    if found.kind is Kind.CHIT_CHAT:
        words = texts.SMALL_TALK[subject.small_talk(text)]
    else:
        words = _WORDS.get(found.kind, texts.NOT_OURS)
    return Reply(status=Status.OUT_OF_SCOPE, text=words, follow_ups=texts.SAMPLE_QUESTIONS)
