"""What a patient asks: where, in which scheme, what for, in which case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.understanding.bill import Bill, read_bill
from bot.understanding.facts import FactValue
from bot.understanding.known import Known, context_of
from bot.understanding.topics import Intent
from bot.understanding.world import World

_AWAY = re.compile(
    r"异地|外地|外省|省外|跨省|市外|转外|出省|省内其他|别的城市|转院"
    r"|外[面头](?![^，。]{0,5}(?:[药买租雇请吃]|护工|化验|检查|拍片))|(?<![算除列])在外(?!间|科|面)"
    r"|省城|省会|(?:[去到往在送转上]|转到)了?省里|省里的?大?医院|省(?:人民|中|肿瘤|儿童|妇幼|胸科)[^，。]{0,2}医院"
)
_NOT_AWAY = re.compile(
    r"(?:没有?|不是|不用|不想|没必要)(?:去|到|办)?(?:转过?院|外地|外省|出省|省城|省里)"
    r"(?![^，。]{0,2}(?:手续|证明|单|备案|登记))"
    r"|(?:建议|本来|打算|想|要)[^，。]{0,2}转院[^。]{0,8}[没未](?:去|转|走)"
    r"|外[地省](?:户口|媳妇|嫁[来到过])|(?<!到)外[地省](?:过)?来(?!看|治|就|住|做|转)"
    r"|(?:以前|从前|原来|早年|年轻时?|退休前)[^，。]{0,4}在外[面头地]?[^，。]{0,4}"
)
"""Care elsewhere that is denied, where one is from, and where one worked in former times."""


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
    """Facts, ``insurance``, ``benefit``, ``region`` or ``away`` with values to be compared."""
    away: bool
    """Care is outside the place of insurance."""
    reach: str = ""
    """``省内`` or ``跨省``, where the place of care is known."""
    context: str = ""
    """The question before, which a short one may lean on."""
    subject: str = ""
    """What the question is about beside all that is understood; empty in "起付线多少"."""
    unclear_amounts: tuple[str, ...] = ()
    approximate: bool = False
    passed: tuple[Decimal, ...] = ()
    """Sums in yuan above which something is asked."""
    each: tuple[tuple[str, Inquiry], ...] = ()
    """Persons with bills of their own, and the question of each."""
    known: Known = field(default_factory=Known)
    """What to keep."""

    @property
    def conversation(self) -> str:
        """What was said that is still spoken of, this message included."""
        return f"{self.context} {self.known.question} {self.message}"


def speaks_of_care_elsewhere(text: str) -> bool:
    """Whether care outside the place of insurance is spoken of."""
    return bool(_AWAY.search(_NOT_AWAY.sub("", text)))


def denies_care_elsewhere(text: str) -> bool:
    """Whether care outside the place of insurance is denied: 没有转院, 没去外地."""
    return bool(_NOT_AWAY.search(text))


def inquiry_of(
    text: str,
    message: str,
    known: Known,
    world: World,
    *,
    follow_up: bool,
    bill: Bill,
) -> Inquiry:
    """Return what is asked, with the scheme and the benefit that follow from what is known.

    Args:
        text: words to search for.
        message: the patient's words, normalised.
        known: what to keep; the scheme that follows is noted in it.
        world: the library's places, schemes and lists.
        follow_up: the message goes on with the question before.
        bill: the amounts of the message.
    """
    _take_scheme(known, world)
    passed = bill.passed or (read_bill(known.question).passed if follow_up else ())
    benefit = _benefit(known, world, passed)
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
        reach=world.reach(known.region, known.care),
        context=context_of(known, follow_up=follow_up),
        subject=known.subject,
        unclear_amounts=bill.unclear,
        approximate=bill.approximate,
        passed=passed,
        known=known,
    )


def _take_scheme(known: Known, world: World) -> None:
    """Take in the scheme that follows from the benefit, or from what was told."""
    if known.insurance is None and known.benefit:
        known.insurance = world.only_insurance(known.region, known.benefit)
        known.implied = known.insurance is not None
    if known.insurance is None:
        known.insurance = world.insurance_telling(known.region, known.facts)
        known.implied = known.insurance is not None


def _benefit(known: Known, world: World, passed: tuple[Decimal, ...]) -> str | None:
    """The benefit named; else the one that follows from what was told."""
    benefits = world.benefits(known.region, known.insurance)
    benefit = known.benefit if known.benefit in benefits else None
    if benefit == "inpatient":
        benefit = world.telling_stay(known.region or "", known.insurance, known.facts) or benefit
    if benefit is None and known.region:
        benefit = (
            next(iter(benefits))
            if len(benefits) == 1
            else world.telling(known.region, known.insurance, known.facts)
            or world.reaching(known.region, known.insurance, passed)
        )
    moved = known.facts.get("route") in ("hospital_referral", "self_referral")
    referred = moved and "expense" in known.facts and known.facts.get("item") != "outpatient"
    if benefit is None and known.region and referred and known.intent is Intent.ESTIMATE:
        # One is referred or moves to a hospital to stay there; what else the bill may be of (a
        # drug, say) shows when the place is known.
        benefit = known.benefit = "inpatient" if "inpatient" in benefits else None
    return benefit
