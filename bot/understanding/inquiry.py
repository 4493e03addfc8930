"""One message read in the light of the conversation: where, which scheme, what is asked, facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import BaseModel

from bot.understanding.bill import Bill, read_bill
from bot.understanding.choices import DONT_KNOW, NUMERIC, Pending, choose
from bot.understanding.facts import FactValue, Stated, read_facts
from bot.understanding.lists import Listed
from bot.understanding.places import Places, Role
from bot.understanding.topics import Intent, Topic, read_topic
from bot.understanding.world import World

_AWAY = re.compile(r"异地|外地|外省|省外|跨省|市外|转外|外面|出省|在外|省内其他|别的城市|转院")
_THAT_ONE = re.compile(r"(?:那|要是|如果|换成|是)*(.{2,10}?)呢？?")
_VARIES = re.compile(r"^(?:那|要是|如果|假如|换|改)|(?:呢|的话|的|了)[？。]?$")
"""How a case is told otherwise than before: 没转诊呢, 要是没有并发症, 医院转的."""
_ANOTHER = re.compile(r"[又再](?:去)?住|后来(?:又|再|还)|[又再]住?(?:了)?一[次回趟]")
"""Another stay in hospital, after the one that was told."""
_LARGER = re.compile(r"大医院|(?:别|其他|另外)的?家?医院|市里的?医院")
_SUDDEN = re.compile(r"突发|突然|抢救|急危重|急[诊病症]")
# What one person's circumstances are says nothing about another's.
_PERSONAL = frozenset(
    {"employment", "old_worker", "age", "student", "insured_years", "hardship", "admission_no"}
)
_BILLED = frozenset({"expense", "personal_burden", "class_b_burden", "remaining_cash"})
_SUBJECT = 2
"""So many characters make a subject."""
_SHORT = 8
_AMOUNTS = frozenset(
    {"expense", "self_paid", "class_b", "class_c", "deductible", "account_balance", "bed_price"}
    | {"personal_burden", "class_b_burden", "remaining_cash", "local_rate"}
    | {"year_expense_before", "year_fund_before", "year_class2_before"}
)


class Known(BaseModel):
    """What a conversation knows; kept between messages."""

    region: str | None = None
    elsewhere: str | None = None
    """Place where the patient is insured, which the library doesn't cover."""
    visits: str | None = None
    """Covered region where a patient insured elsewhere is treated."""
    county: str | None = None
    insurance: str | None = None
    implied: bool = False
    """Whether the insurance is only guessed from who the patient is."""
    person: str | None = None
    facts: dict[str, str | int | bool] = {}
    unknown: list[str] = []
    """Facts that the patient was asked for and doesn't know."""
    question: str = ""
    """The last message that was a question of its own."""
    context: str = ""
    """The question before this one."""
    subject: str = ""
    """What the question is about beside all that is understood; empty in "起付线多少"."""
    intent: Intent = Intent.OTHER
    kinds: tuple[str, ...] = ()
    benefit: str | None = None
    away: bool = False
    several: dict[str, tuple[str | int | bool, ...]] = {}
    pending: Pending | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked, all that is known counted in."""

    text: str
    """Words to search for: the message, or the question it follows up and the message."""
    message: str
    intent: Intent
    kinds: tuple[str, ...]
    benefit: str | None
    region: str | None
    elsewhere: str | None
    visits: str | None
    county: str | None
    insurance: str | None
    facts: Mapping[str, FactValue]
    unknown: frozenset[str]
    several: Mapping[str, tuple[FactValue, ...]]
    """Facts, ``insurance`` or ``region`` named with several values, to be compared."""
    away: bool
    """Care is outside the place of insurance."""
    context: str = ""
    """The question before, which a short one may lean on."""
    subject: str = ""
    """What the question is about beside all that is understood; empty in "起付线多少"."""
    unclear_amounts: tuple[str, ...] = ()
    approximate: bool = False
    known: Known = field(default_factory=Known)
    """What to keep."""


def understand(message: str, known: Known, world: World) -> Inquiry:
    """Read a normalised message.

    Args:
        message: the patient's words, normalised.
        known: what the conversation knows.
        world: the library's places, schemes and lists.
    """
    known = known.model_copy(deep=True)
    pending, known.pending = known.pending, None
    answer = choose(message, pending) if pending else None
    if pending and answer is not None:
        _take_answer(known, pending, answer)
        # "71" is the age that was asked for, not an amount.
        number = pending.fact in NUMERIC and len(message) < _SHORT
        return _read("" if number else message, known, world, goes_on=True)
    return _read(message, known, world, goes_on=False, replies=pending is not None)


def speaks_of_care_elsewhere(text: str) -> bool:
    """Whether care outside the place of insurance is spoken of."""
    return bool(_AWAY.search(text))


def _take_answer(known: Known, pending: Pending, answer: FactValue) -> None:
    """Take the reply to the assistant's own question."""
    if answer == DONT_KNOW:
        known.unknown = sorted({*known.unknown, pending.fact})
    elif pending.fact == "region":
        known.region, known.elsewhere = str(answer), None
    elif pending.fact == "insurance":
        known.insurance = str(answer)
    elif pending.fact == "benefit":
        known.benefit = str(answer)
    else:
        known.facts[pending.fact] = answer


def _read(
    message: str, known: Known, world: World, *, goes_on: bool, replies: bool = False
) -> Inquiry:
    """Take in a message.

    ``goes_on`` where it answers the assistant's question, ``replies`` where it comes after one.
    """
    message = _instead(message, known, world) or message
    stated, bill = read_facts(message), read_bill(message)
    places = world.places(message, known.region)
    _take_place(known, places)
    _take_person(known, stated)
    _take_insurance(known, stated)
    if known.implied and not world.has_insurance(known.region, known.insurance):
        known.insurance = None
    topic = _topic(message, known, stated, bill, places, world)
    subject = _without(message, places)
    listed = world.listed(subject, known.region, known.insurance)
    varies = known.intent is Intent.ESTIMATE and _asks_nothing_new(topic)
    varies = varies and bool(replies or (listed and _VARIES.search(message)))
    goes_on_itself = varies or _goes_on(known, topic, stated, bill)
    own_question = not goes_on and not (known.question and goes_on_itself)
    if own_question:
        _begin_question(known, subject, topic)
    elif not goes_on or topic.intent is Intent.ESTIMATE:
        _follow_up(known, topic)
    said = own_question or subject in known.question
    text = known.question if said else f"{known.question} {subject}"
    _take_listed(known, listed or world.listed(text, known.region, known.insurance), world)
    before = known.facts.get("route")
    if _LARGER.search(message) and known.facts.get("hospital_level") == "community":
        del known.facts["hospital_level"]
    if not own_question and _ANOTHER.search(message) and "expense" in bill.fields:
        _count_visit(known)
    known.facts.update(stated.facts)
    known.facts.update(_of_same_bill(bill.fields, known.facts, own_question))
    known.unknown = [fact for fact in known.unknown if fact not in stated.facts]
    several = _several(stated, places, topic)
    known.several = {**known.several, **several} if goes_on else several
    known.away = known.away or speaks_of_care_elsewhere(message) or bool(places.care)
    if stated.facts.get("route") == "local":
        known.away = False
    elif known.away and _SUDDEN.search(message):
        known.facts["route"] = "emergency"
    elif known.facts.get("route") == "hospital_referral" == before and _alone(stated):
        known.facts["route"] = "self_referral"
    return _inquiry(text, message, known, world, follow_up=not own_question, bill=bill)


def _instead(message: str, known: Known, world: World) -> str | None:
    """The last question asked of another disease, drug or procedure: 那肺气肿呢."""
    other = _THAT_ONE.fullmatch(message)
    if other is None or known.intent is not Intent.MEMBERSHIP:
        return None
    before = world.lists.asked_for(known.question)
    named = world.lists.asked_for(f"{other[1]}能办吗")
    return known.question.replace(before, other[1]) if before and named else None


def _goes_on(known: Known, topic: Topic, stated: Stated, bill: Bill) -> bool:
    """A message without a subject of its own, or one that only adds facts, goes on."""
    adds = topic.intent is None and bool(stated.facts or bill.fields or stated.insurance)
    # "打错了，是14万不是4万" tells another amount of the bill in question.
    # What was left over after a bill is the subject of another benefit.
    told = bill.fields.keys() - {"personal_burden"}
    billed = bool(told) and topic.intent in (Intent.ESTIMATE, Intent.FIGURE)
    same = set(topic.benefits) <= {known.benefit}
    adds |= billed and same and _in_question(known)
    return len(topic.residue) < _SUBJECT or adds


def _asks_nothing_new(topic: Topic) -> bool:
    return topic.intent is None and not topic.kinds and not topic.benefits


def _count_visit(known: Known) -> None:
    """The bill so far becomes an earlier one of the year."""
    spent = sum(
        Decimal(str(known.facts.get(name, 0))) for name in ("expense", "year_expense_before")
    )
    if spent:
        known.facts["year_expense_before"] = str(spent)
        known.facts["admission_no"] = int(known.facts.get("admission_no", 1)) + 1


def _alone(stated: Stated) -> bool:
    """Going without the hospital's referral is said, and no other route."""
    return stated.facts.get("referral") == "unreferred" and "route" not in stated.facts


def _in_question(known: Known) -> bool:
    """Whether the conversation is about a bill, or a benefit that one may be told for."""
    return known.intent is Intent.ESTIMATE or known.benefit is not None


def _of_same_bill(
    told: Mapping[str, str], known: Mapping[str, FactValue], own_question: bool
) -> Mapping[str, str]:
    """A plain amount told later corrects the one amount that the bill had."""
    had = _BILLED & known.keys()
    if not own_question and set(told) == {"expense"} and len(had) == 1:
        return {next(iter(had)): told["expense"]}
    return told


def _follow_up(known: Known, topic: Topic) -> None:
    # "报多少" after a bill was told asks for that bill's settlement again.
    if not (known.intent is Intent.ESTIMATE and topic.intent is Intent.FIGURE):
        known.intent = topic.intent or known.intent
    known.kinds = topic.kinds or known.kinds
    known.benefit = topic.benefits[0] if topic.benefits else known.benefit


def _without(message: str, places: Places) -> str:
    """Leave out the city of insurance: every clause of the region speaks of it."""
    for mention in reversed(places.mentions):
        place = mention.found.place
        if mention.role >= Role.BARE and place.region and place.code and not place.county:
            message = message[: mention.found.start] + message[mention.found.end :]
    return message.strip("，。 ") or message


def _topic(
    message: str, known: Known, stated: Stated, bill: Bill, places: Places, world: World
) -> Topic:
    return read_topic(
        message,
        world.benefits(known.region, known.insurance),
        (*stated.spans, *bill.spans, *places.spans),
        has_amount=bool(bill.unclear) or not _BILLED.isdisjoint(bill.fields),
        gives_facts=bool(bill.fields),
    )


def _take_listed(known: Known, listed: Sequence[Listed], world: World) -> None:
    """A disease, drug or procedure that one list names tells its class, and the benefit."""
    benefits = {item.benefit for item in listed}
    if len(benefits) == 1 and not (known.benefit and world.unlike(known.benefit, *benefits)):
        known.benefit = listed[0].benefit
    if len(listed) == 1:
        known.facts.update(listed[0].facts)


def _take_place(known: Known, places: Places) -> None:
    if known.region in places.excluded:
        known.region = known.county = None
    if places.insured:
        if places.insured != known.region:
            known.county = None
        known.region, known.elsewhere = places.insured, None
        known.county = places.county or known.county
    elif places.insured_elsewhere:
        known.region, known.elsewhere, known.county = None, places.insured_elsewhere, None
        known.visits = None
    if known.elsewhere:
        here = (mention.found.place.region for mention in places.mentions)
        known.visits = next(filter(None, here), known.visits)


def _take_person(known: Known, stated: Stated) -> None:
    if stated.person is None:
        return
    if known.person not in (None, stated.person):
        known.facts = {f: v for f, v in known.facts.items() if f not in _PERSONAL}
        known.unknown = []
        if stated.person == "child" or known.person == "child":
            known.insurance = None
    known.person = stated.person


def _take_insurance(known: Known, stated: Stated) -> None:
    if stated.insurance:
        known.insurance, known.implied = stated.insurance, False
    elif stated.insurances:
        # "邻居是职工医保，我是居民的": the patient's own comes last. A comparison names both.
        known.insurance, known.implied = stated.insurances[-1], False
    elif stated.insurance_implied and known.insurance is None:
        known.insurance, known.implied = stated.insurance_implied, True


def _begin_question(known: Known, message: str, topic: Topic) -> None:
    known.context = known.question
    known.question, known.subject = message, topic.residue
    known.intent = topic.intent or Intent.OTHER
    known.kinds = topic.kinds
    known.benefit = topic.benefits[0] if topic.benefits else None
    known.away = False
    # The bill belongs to the question it was told with.
    known.facts = {f: v for f, v in known.facts.items() if f not in _AMOUNTS and f != "route"}


def _several(stated: Stated, places: Places, topic: Topic) -> dict[str, tuple[FactValue, ...]]:
    several = dict(stated.several)
    if len(stated.insurances) > 1 and topic.intent is Intent.COMPARISON:
        several["insurance"] = stated.insurances
    if len(topic.benefits) > 1:
        several["benefit"] = topic.benefits
    if len(places.compared) > 1:
        several["region"] = places.compared
    return several


def _inquiry(
    text: str,
    message: str,
    known: Known,
    world: World,
    *,
    follow_up: bool,
    bill: Bill,
) -> Inquiry:
    if known.insurance is None and known.benefit:
        known.insurance = world.only_insurance(known.region, known.benefit)
    if known.insurance is None:
        known.insurance = world.insurance_telling(known.region, known.facts)
    benefits = world.benefits(known.region, known.insurance)
    benefit = known.benefit if known.benefit in benefits else None
    if benefit == "inpatient" and known.facts.get("item") == "delivery":
        benefit = world.telling(known.region or "", known.insurance, known.facts) or benefit
    if benefit is None and known.region:
        benefit = (
            next(iter(benefits))
            if len(benefits) == 1
            else world.telling(known.region, known.insurance, known.facts)
        )
    return Inquiry(
        text=text,
        message=message,
        intent=known.intent,
        kinds=known.kinds,
        benefit=benefit,
        region=known.region,
        elsewhere=known.elsewhere,
        visits=known.visits,
        county=known.county,
        insurance=known.insurance,
        facts=dict(known.facts),
        unknown=frozenset(known.unknown),
        several=dict(known.several),
        away=known.away,
        context=_context(known, follow_up=follow_up),
        subject=known.subject,
        unclear_amounts=bill.unclear,
        approximate=bill.approximate,
        known=known,
    )


def _context(known: Known, *, follow_up: bool) -> str:
    """What a short message leans on: the benefit going on, else the question before."""
    return known.subject if follow_up else known.context
