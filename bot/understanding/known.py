"""What a conversation knows, and how what a message states is taken in."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from bot.understanding.cases import Case
from bot.understanding.choices import DONT_KNOW, Pending
from bot.understanding.cues import first_said
from bot.understanding.facts import FactValue, Stated
from bot.understanding.lists import Listed
from bot.understanding.places import Places
from bot.understanding.replaced import OF_ITEM
from bot.understanding.topics import Intent
from bot.understanding.world import World

# What one person's circumstances are says nothing about another's.
_PERSONAL = frozenset(
    {"employment", "old_worker", "age", "student", "insured_years", "hardship", "admission_no"}
    | {"account_balance", "year_expense_before", "year_fund_before", "year_class2_before"}
    | {"year_critical_before"}
)
_LEANING = 14
"""A question of so many characters may lean on the one before it."""
_BARE = 8
"""One of so few says little of what it is about."""
_REMEMBERED = 60
"""Characters of the questions before that a short one may lean on."""


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
    carried: bool = False
    """Whether the insurance is the one told of another person, and only assumed of this one."""
    person: str | None = None
    facts: dict[str, str | int | bool] = {}
    unknown: list[str] = []
    """Facts that the patient was asked for and doesn't know."""
    question: str = ""
    """The last message that was a question of its own."""
    context: str = ""
    """The question before this one; with a short one those that it leans on itself."""
    other_item: bool = False
    """Whether another disease, procedure or drug than the question's was named since."""
    subject: str = ""
    """What the question is about beside all that is understood; empty in "起付线多少"."""
    intent: Intent = Intent.OTHER
    kinds: tuple[str, ...] = ()
    benefit: str | None = None
    away: bool = False
    treated_in: str | None = None
    """The place of insurance, where only care that was told to be there speaks for it."""
    lives_away: bool = False
    """Whether ``away`` only follows from where the patient lives or works."""
    here: bool = False
    """Whether care was said to be in the place of insurance."""
    care: tuple[str, ...] = ()
    """Names of the places of care last spoken of."""
    several: dict[str, tuple[str | int | bool, ...]] = {}
    sources: tuple[str, ...] = ()
    """Clauses that the last answer rests on: the next question is mostly about their documents."""
    pending: Pending | None = None
    whole: bool = False
    """Whether the bill was told as a sum that what isn't covered is a part of."""
    graded: tuple[str, str] | None = None
    """What else is a community hospital, and the level it was told to have: 卫生院, 1."""
    case: Case | None = None
    """The last estimate's, where another question has come since."""


def leant_on(known: Known) -> str:
    """Return what a question to come may lean on: the last one, a short one with those before."""
    if len(known.question) > _LEANING:
        return known.question
    return f"{known.context} {known.question}".strip()[-_REMEMBERED:]


def context_of(known: Known, *, follow_up: bool) -> str:
    """Return what a short message leans on: the subject going on, else the question before."""
    bare = len(known.question) <= _BARE and known.context
    return known.subject if follow_up and not bare else known.context


def take_answer(known: Known, pending: Pending, answer: FactValue) -> None:
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


def take_listed(
    known: Known, listed: Sequence[Listed], world: World, *, of_schemes: bool = False
) -> None:
    """A disease, drug or procedure that one list names tells its class, and the benefit.

    ``of_schemes`` where schemes are compared: what is listed is so on both sides.
    """
    benefits = {item.benefit for item in listed}
    if len(benefits) == 1 and not (known.benefit and world.unlike(known.benefit, *benefits)):
        known.benefit = listed[0].benefit
    # Of what is compared with it, nothing follows from what is listed.
    compared = known.intent is Intent.COMPARISON and not of_schemes
    agree = len(benefits) == 1 and all(item.facts == listed[0].facts for item in listed)
    if agree and not (compared and True in listed[0].facts.values()):
        known.facts.update(listed[0].facts)


def leave_item(known: Known, world: World) -> None:
    """Drop what followed from the disease, procedure or drug named before: another is meant now.

    A benefit that is only for listed diseases goes with it.
    """
    known.facts = {fact: value for fact, value in known.facts.items() if fact not in OF_ITEM}
    known.unknown = [fact for fact in known.unknown if fact not in OF_ITEM]
    if known.benefit in world.lists.of_diseases(known.region):
        known.benefit = None
    known.other_item = True


def take_place(known: Known, places: Places) -> None:
    """Take in where the patient is insured, and where one from elsewhere is treated."""
    if known.region in places.excluded:
        known.region = known.county = None
    if places.insured:
        if places.insured != known.region:
            known.county = None
            if known.treated_in:
                # 去无锡住院, and then 新余的: the care was elsewhere.
                known.care, known.away, known.here = (known.treated_in,), True, False
            known.treated_in = places.treated_in
        elif places.treated_in is None:
            known.treated_in = None
        known.region, known.elsewhere = places.insured, None
        known.county = places.county or known.county
    elif places.insured_elsewhere:
        known.region, known.elsewhere, known.county = None, places.insured_elsewhere, None
        known.visits = None
    if known.elsewhere:
        here = (mention.found.place.region for mention in places.mentions)
        known.visits = next(filter(None, here), known.visits)


def take_person(known: Known, stated: Stated, *, alike: bool, billed: bool) -> bool:
    """Take in who is spoken of; return whether it is another than before.

    ``alike`` where another person did as the one before, ``billed`` where a further bill is told:
    it is another's than the first, of whom nobody said who it is.
    """
    if stated.person is None:
        return False
    same = (stated.person,) if billed and stated.person != "self" else (None, stated.person)
    another = known.person not in same
    if another:
        own = _PERSONAL if alike else _PERSONAL | {"route"}
        known.facts = {f: v for f, v in known.facts.items() if f not in own}
        known.unknown = []
        if stated.person == "child" or known.person == "child":
            known.insurance = None
        known.carried = known.insurance is not None
    known.person = stated.person
    return another


def take_insurance(known: Known, stated: Stated) -> None:
    """Take in the scheme that is named, or that a word hints at where none is known."""
    carried, known.carried = known.carried, known.carried and not stated.schemes
    if stated.insurance:
        known.insurance, known.implied = stated.insurance, False
    elif stated.insurances:
        # "邻居是职工医保，我是居民的": the patient's own comes last. A comparison names both.
        known.insurance, known.implied = stated.insurances[-1], False
    elif stated.insurance_implied and (known.insurance is None or carried or _is_guessed(known)):
        # 那我爸呢，单位退休的: only the one before was told to be among the residents.
        known.insurance, known.implied = stated.insurance_implied, True


def _is_guessed(known: Known) -> bool:
    """Whether the scheme only follows from the benefit asked about, and nobody hinted at it."""
    before = f"{known.context} {known.question}"
    return known.implied and first_said(before, "implied_insurance") is None
