"""One message read in the light of the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from bot.understanding import cases, going_on, whose
from bot.understanding.bill import Bill, read_bill, tells_covered
from bot.understanding.cases import BILLED, OF_BILL, OF_QUESTION, Case
from bot.understanding.choices import NUMERIC, Pending, choose, picks
from bot.understanding.compared import read_compared, weigh
from bot.understanding.facts import PLACES, FactValue, Stated, read_facts
from bot.understanding.grades import read_grade
from bot.understanding.inquiry import Inquiry, inquiry_of
from bot.understanding.known import (
    Known,
    leant_on,
    leave_item,
    take_answer,
    take_insurance,
    take_listed,
    take_person,
    take_place,
)
from bot.understanding.lists import Listed
from bot.understanding.persons import of_patient, told_apart
from bot.understanding.placeless import without_place
from bot.understanding.places import Places
from bot.understanding.routes import take_care, take_route, treated_at_home, without_unmade
from bot.understanding.topics import Intent, Topic, find_benefits, read_topic, with_stays_named
from bot.understanding.world import World

_THAT_ONE = re.compile(r"(?:那|要是|如果|换成|是)*(.{2,10}?)呢？?")
_ALSO = re.compile(r"也|同样|一样")
_ASKS_HOW = re.compile(r"怎么|哪[里儿个些]|去哪|什么(?:时候|材料)|多久|几天|电话|谁")
_PLACE_OF_CARE = re.compile(r"(?:院|店|药房|社区|中心|站)$")
_LARGER = re.compile(
    r"大医院|(?:别|其他|另外)的?家?医院|[省市区县]里?的?医院|(?:人民|中|妇幼)医院|[一二三四五六七八九]院"
)
_CLASS = "disease_class"
_SHORT = 8
_FEW = 16
_WHERE_INSURED = ("region", "insurance")
"""Asked for before anything can be answered."""
_UNCLEAR = 12
"""A reply of so many characters may say nothing: 就是上次那个地方."""


def understand(message: str, known: Known, world: World) -> Inquiry:
    """Read a normalised message.

    Args:
        message: the patient's words, normalised.
        known: what the conversation knows.
        world: the library's places, schemes and lists.
    """
    known = known.model_copy(deep=True)
    pending, known.pending = known.pending, None
    asks = len(message) > _SHORT and _ASKS_HOW.search(message)
    answer = _answer(message, pending, known, world) if pending and not asks else None
    if pending and answer is not None:
        if pending.fact == "expense" and cases.tells_total(message):
            answer = cases.less_outside({"expense": str(answer)}, known.facts)["expense"]
        take_answer(known, pending, answer)
        if pending.fact == "region":
            _in_region(known, world)
        # "71" is the age that was asked for, "2" the second choice: neither is an amount.
        number = pending.fact in NUMERIC and len(message) < _SHORT
        told = "" if number or picks(message, pending) else message
        return _of_question(_read(told, known, world, goes_on=True), told)
    if pending and pending.fact in _WHERE_INSURED and _says_nothing(message, known, world):
        return _of_question(_read("", known, world, goes_on=True), "")
    each = _read_each(message, known, world)
    inquiry = _read(message, known, world, goes_on=False, replies=pending is not None)
    return replace(inquiry, each=each, known=each[-1][1].known) if each else inquiry


def _in_region(known: Known, world: World) -> None:
    """Take in the benefit that a bill is of, by its names in the place told since."""
    _check_scheme(known, world)
    if known.benefit is None and known.intent is Intent.ESTIMATE:
        names = world.benefits(known.region, known.insurance)
        known.benefit = next(iter(find_benefits(with_stays_named(known.question), names)), None)


def _check_scheme(known: Known, world: World) -> None:
    """Drop a scheme that was only guessed and that the place hasn't; take the only one it has."""
    if known.implied and not world.has_insurance(known.region, known.insurance):
        known.insurance = None
    if known.insurance is None and (only := world.only_insurance(known.region, None)):
        known.insurance, known.implied = only, True


def _answer(message: str, pending: Pending, known: Known, world: World) -> FactValue | None:
    """What a reply picks; a disease or an operation that isn't listed says no: 胆结石."""
    answer = choose(message, pending)
    if answer is None and pending.fact == "special_procedure" and len(message) < _FEW:
        return False if world.lists.lack(message, known.region, known.insurance) else None
    return answer


def _says_nothing(message: str, known: Known, world: World) -> bool:
    """Whether nothing of a short reply is understood, and it asks nothing: the question stands."""
    if len(message) > _UNCLEAR or message.endswith(("呢", "吗", "？")):
        return False
    stated, bill = read_facts(message, known.facts.get("item")), read_bill(message)
    places = world.places(message, known.region)
    topic = _topic(message, known, stated, bill, places, world)
    told = stated.spans or stated.person or bill.spans or places.mentions
    asked = topic.intent or topic.kinds or topic.benefits
    return not (told or asked or world.listed(message, known.region, known.insurance))


def _of_question(inquiry: Inquiry, told: str) -> Inquiry:
    """The question that was answered back, where the reply only tells the fact asked for.

    It leans on what it leant on when it was put, and not on itself.
    """
    known = inquiry.known
    if told and inquiry.text != known.question:
        return inquiry
    return replace(inquiry, message=known.question, context=known.context)


def _read_each(message: str, known: Known, world: World) -> tuple[tuple[str, Inquiry], ...]:
    """The bills of several persons, each in the light of where those before are insured."""
    found: list[tuple[str, Inquiry]] = []
    for person, told in told_apart(message):
        inquiry = _read(told, Known(region=known.region), world, goes_on=False)
        if found and inquiry.benefit is None:
            inquiry = replace(inquiry, benefit=found[-1][1].benefit)
            inquiry.known.benefit = inquiry.benefit
        found.append((person, inquiry))
        known = inquiry.known
    return tuple(found)


def _read(
    message: str, known: Known, world: World, *, goes_on: bool, replies: bool = False
) -> Inquiry:
    """Take in a message.

    ``goes_on`` where it answers the assistant's question, ``replies`` where it comes after one.
    """
    message, left_out = _of_patient(message, known, world)
    replies |= left_out
    stated, bill = read_facts(message, known.facts.get("item")), read_bill(message)
    stated = _without_writer(stated, known) if goes_on else stated
    take_place(known, places := world.places(message, known.region))
    another = _take_patient(message, known, stated, bill, world)
    topic = _topic(message, known, stated, bill, places, world)
    if goes_on:
        topic = _without_telling(topic, message)
    whose_rules = whose.said_of(message, places, world, away=known.away)
    if whose_rules:
        topic = whose.without_figures(message, topic)
    if stated.facts.get("item") in PLACES and (another or len(topic.residue) >= going_on.SUBJECT):
        known.facts.pop("delivery_mode", None)  # 那割阑尾住院呢 after a birth
    subject = whose_rules or without_place(message, places)
    listed, graded = _listed(message, subject, known, world)
    denied = world.denied(message, known.question, known.region, known.insurance)
    understood = _spans(stated, bill, places)
    other = None if goes_on else world.instead(message, known.question, understood, another=another)
    instead = other is not None and other.plainly
    of_case = bool(stated.facts or stated.insurance or listed or denied or instead)
    of_case |= treated_at_home(message, known, places)
    of_other = bool(stated.person or bill.fields or places.care)
    told = of_case or of_other or cases.tells_another_stay(message)
    varies = going_on.varies(going_on.unasking(message), topic, told=told, replies=replies)
    anew = going_on.tells_anew(message, topic, stated, bill, places)
    varies = varies and not anew
    if anew and not (topic.benefits or listed) and len(topic.residue) < going_on.SUBJECT:
        # The same care as before: 那我舅舅呢，职工，二级，8000
        topic = replace(topic, benefits=(known.benefit,) if known.benefit else ())
    if known.case and known.intent is not Intent.ESTIMATE and varies:
        _come_back(known, known.case, topic, stated, world)
    same = known.intent is Intent.ESTIMATE and going_on.same_benefit(known, topic, stated, world)
    varies = varies and same
    varies = varies or (of_case and not bill.fields and going_on.only_corrects(message))
    goes_on_itself = not whose_rules and (
        varies or going_on.goes_on(known, topic, stated, bill, graded=graded)
    )
    own_question = not goes_on and not (known.question and goes_on_itself and not anew)
    if own_question:
        _begin_question(known, subject, topic, replies=replies)
    elif not goes_on or topic.intent is Intent.ESTIMATE:
        _follow_up(known, topic, stated, varies=varies)
    # Who the patient is, told when asked, is no word of the question.
    only_told = not (topic.residue or stated.facts) and (goes_on or _tells_scheme(stated, topic))
    said = own_question or only_told or subject in known.question
    text = known.question if said else f"{known.question} {subject}"
    if other and not own_question:
        leave_item(known, world)
    _take_lists(known, listed, denied, text, world, of_schemes=len(stated.schemes) > 1)
    route = known.facts.get("route")
    base = world.settled_on(known.region, known.insurance, known.benefit)
    _take_facts(message, known, stated, bill, base, own_question=own_question)
    several = read_compared(message, stated, places, topic, listed)
    several |= _class_in_each(subject, known.region, several.get("insurance", ()), world)
    if not (several or own_question) and topic.intent is None:
        # "职工医保" after a comparison leaves the sides as they were.
        several = {k: v for k, v in known.several.items() if k not in stated.facts}
    known.several = {**known.several, **several} if goes_on else several
    take_care(message, known, places, several.get("region"), world)
    take_route(message, known, stated, places, route, world)
    known.away = known.away or "away" in known.several
    return inquiry_of(text, message, known, world, follow_up=not own_question, bill=bill)


def _of_patient(message: str, known: Known, world: World) -> tuple[str, bool]:
    """The words of the patient's own way and care, and whether those of others were left out."""
    whole = without_unmade(_instead(message, known, world) or message)
    own = of_patient(whole, known.person, told=known.benefit is not None)
    return own, own != whole


def _without_telling(topic: Topic, message: str) -> Topic:
    """What an answer asks for: 什么都没来得及办 tells how one went there, and asks for no time."""
    if topic.intent is Intent.ESTIMATE or going_on.asks(message):
        return topic
    return replace(topic, intent=None, kinds=())


def _tells_scheme(stated: Stated, topic: Topic) -> bool:
    """Whether of all that is understood there is but the scheme: 职工医保的."""
    return stated.insurance is not None and not (topic.intent or topic.kinds or topic.benefits)


def _without_writer(stated: Stated, known: Known) -> Stated:
    """我是无锡的, told when asked, is said by whoever writes of the patient."""
    writes = known.person and stated.person == "self"
    return replace(stated, person=None) if writes else stated


def _take_patient(message: str, known: Known, stated: Stated, bill: Bill, world: World) -> bool:
    """Take in who the patient is and in which scheme; return whether it is another than before."""
    if cases.keeps_rest(message):
        known.person = stated.person or known.person
    billed = cases.tells_another_bill(message, bill.fields, known.facts)
    another = take_person(known, stated, alike=bool(_ALSO.search(message)), billed=billed)
    before = known.insurance
    take_insurance(known, stated)
    if before not in (None, known.insurance):
        # The class that a disease has in one scheme is another's class in the other.
        known.facts.pop(_CLASS, None)
    _check_scheme(known, world)
    return another


def _spans(stated: Stated, bill: Bill, places: Places) -> tuple[tuple[int, int], ...]:
    """Where a message tells facts, amounts and places."""
    return (*stated.spans, *bill.spans, *places.spans)


def _take_facts(
    message: str, known: Known, stated: Stated, bill: Bill, base: str | None, *, own_question: bool
) -> None:
    """Take in the facts stated and the amounts of a bill, or of the bill before told otherwise."""
    if _LARGER.search(message) and known.facts.get("hospital_level") == "community":
        del known.facts["hospital_level"]
    if not own_question and cases.tells_another_stay(message) and "expense" in bill.fields:
        cases.count_stay(known.facts)
    known.facts.update(_own_facts(message, known, stated, bill, own_question=own_question))
    if not own_question:
        cases.replace_bill(message, bill.fields, known.facts, whole=known.whole)
        of_whole = cases.tells_total(message) or (known.whole and not tells_covered(message))
        told = cases.less_outside(bill.fields, known.facts) if of_whole else bill.fields
        known.facts.update(cases.corrected(message, told, known.facts, base))
    else:
        known.facts.update(cases.of_base(message, bill.fields, base))
    if "expense" in bill.fields:
        known.whole = not tells_covered(message)
    known.unknown = [fact for fact in known.unknown if fact not in stated.facts]


def _own_facts(
    message: str, known: Known, stated: Stated, bill: Bill, *, own_question: bool
) -> dict[str, FactValue]:
    """The facts stated, as what was told before has them.

    The bill of a stay is that of the birth that was told; a 卫生院 has the level it was told to
    have.
    """
    facts = dict(stated.facts)
    born = known.facts.get("item") == "delivery" and not own_question
    if born and bill.fields and facts.get("item") == "inpatient":
        del facts["item"]
    known.graded = stated.graded or known.graded
    if known.graded and facts.get("hospital_level") == "community" and known.graded[0] in message:
        facts["hospital_level"] = known.graded[1]
    return facts


def _instead(message: str, known: Known, world: World) -> str | None:
    """The last question asked of another disease, drug or procedure: 那肺气肿呢."""
    other = _THAT_ONE.fullmatch(message)
    if other is None or known.intent is not Intent.MEMBERSHIP or _PLACE_OF_CARE.search(other[1]):
        return None
    if world.places(other[1], None).mentions:
        return None
    before = world.lists.asked_for(known.question)
    named = world.lists.asked_for(f"{other[1]}能办吗")
    return known.question.replace(before, other[1]) if before and named else None


def _come_back(known: Known, case: Case, topic: Topic, stated: Stated, world: World) -> None:
    """Take up the estimate that was left for another question."""
    left = known.model_copy(update={"benefit": case.benefit})
    if not going_on.same_benefit(left, topic, stated, world):
        return
    known.intent, known.benefit, known.question = Intent.ESTIMATE, case.benefit, case.question
    known.away = case.away
    dropped = {fact: v for fact, v in case.facts.items() if fact in OF_QUESTION}
    known.facts = {**dropped, **known.facts}


def _listed(
    message: str, subject: str, known: Known, world: World
) -> tuple[tuple[Listed, ...], bool]:
    """What lists have of a message, and whether only a grade of it is told: 有并发症了呢."""
    listed = world.listed(subject, known.region, known.insurance)
    if listed or not (known.question and read_grade(message)):
        return listed, False
    listed = world.listed(f"{known.question} {subject}", known.region, known.insurance)
    return listed, bool(listed)


def _take_lists(
    known: Known,
    listed: Sequence[Listed],
    denied: Set[str],
    text: str,
    world: World,
    *,
    of_schemes: bool,
) -> None:
    """Take in what lists tell of the disease or procedure, the message's own words first."""
    for fact in denied & known.facts.keys():
        if known.facts.pop(fact) is True:
            known.facts[fact] = False
    before = dict(known.facts)
    if listed:
        take_listed(known, listed, world, of_schemes=of_schemes)
    elif not denied and not known.other_item:
        found = world.listed(text, known.region, known.insurance)
        take_listed(known, found, world, of_schemes=of_schemes)
        # What was told since the question goes before what the question named.
        known.facts.update(before)


def _class_in_each(
    text: str, region: str | None, schemes: Sequence[FactValue], world: World
) -> dict[str, tuple[FactValue, ...]]:
    """The class that a disease has in each of the schemes compared, where each has just one."""
    listed = (world.listed(text, region, str(scheme)) for scheme in schemes)
    classes = [{i.facts[_CLASS] for i in items if _CLASS in i.facts} for items in listed]
    just_one = classes and all(len(own) == 1 for own in classes)
    return {_CLASS: tuple(own.pop() for own in classes)} if just_one else {}


def _follow_up(known: Known, topic: Topic, stated: Stated, *, varies: bool) -> None:
    # "报多少" after a bill was told asks for that bill's settlement again.
    if not (varies or (known.intent is Intent.ESTIMATE and topic.intent is Intent.FIGURE)):
        known.intent = topic.intent or known.intent
    known.kinds = topic.kinds or known.kinds
    if topic.benefits:
        known.benefit = topic.benefits[0]
    elif not varies and known.benefit == "inpatient" and stated.facts.get("item") == "outpatient":
        known.benefit = None  # 门诊呢 after a stay
        known.facts.pop("admission_no", None)


def _topic(
    message: str, known: Known, stated: Stated, bill: Bill, places: Places, world: World
) -> Topic:
    """What is asked for; of the benefit in question, where another one only tells where."""
    billed = bool(bill.unclear) or "expense" in bill.fields
    topic = read_topic(
        going_on.unasking(message),
        world.benefits(known.region, known.insurance),
        _spans(stated, bill, places),
        has_amount=bool(bill.unclear) or not BILLED.isdisjoint(bill.fields),
        gives_facts=bool(bill.fields),
        may_stay=(billed or "hospital_level" in stated.several)
        and stated.facts.get("item") in (None, *PLACES),
    )
    topic = weigh(message, topic, stated, places)
    if known.intent is Intent.ESTIMATE and going_on.tells_where(message, topic, bill, known, world):
        return replace(topic, benefits=())
    return topic


def _begin_question(known: Known, message: str, topic: Topic, *, replies: bool) -> None:
    if known.intent is Intent.ESTIMATE and not BILLED.isdisjoint(known.facts):
        known.case = Case(
            question=known.question, benefit=known.benefit, facts=known.facts, away=known.away
        )
    before, known.context = known.intent, leant_on(known)
    known.question, known.subject, known.other_item = message, topic.residue, False
    known.intent = topic.intent or Intent.OTHER
    known.kinds = topic.kinds
    known.benefit = topic.benefits[0] if topic.benefits else None
    # The bill belongs to the question it was told with; how the patient went there, told before
    # the bill, belongs to it.
    told_before = topic.intent is Intent.ESTIMATE and before is not Intent.ESTIMATE
    known.away = known.away and told_before
    known.lives_away = known.lives_away and known.away
    known.here = False
    billed = not BILLED.isdisjoint(known.facts)
    # 先讲，门槛一千，过了报85%: told before the bill, and not answered yet.
    ahead = replies and topic.intent is Intent.ESTIMATE and not billed
    left = BILLED if ahead else OF_BILL if told_before else OF_QUESTION
    known.facts = {f: v for f, v in known.facts.items() if f not in left}
