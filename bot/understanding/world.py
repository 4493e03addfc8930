"""What there is to ask about: the places, schemes and lists of the library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bot.understanding.compared import KIN
from bot.understanding.cues import first_said
from bot.understanding.facts import FactValue
from bot.understanding.gazetteer import Gazetteer, same_province
from bot.understanding.lists import Listed, Lists
from bot.understanding.placeless import without_place
from bot.understanding.places import Places, read_places
from bot.understanding.replaced import Named, named_instead
from corpus.documents import Clause
from corpus.regions import Region
from tools.settlement import find_benefit, rules, schemes

_SUBJECTS = (None, "inpatient", "outpatient")
_TELLING = frozenset({"delivery_mode", "drug_group", "special_procedure", "admission_no"})
"""Facts that a patient states because the benefit asks for them."""
_OF_SCHEME = frozenset({"personnel", "disease_class", "student", "old_worker"})
"""Facts whose values tell schemes apart, where only one of them knows such a value."""

_DENIED = re.compile(
    r"(?<!是)(?:不是|并非)(?P<name>[^，。？]{2,12}?)(?=[的了呢]*(?:[，。？]|$))"
    r"|(?:^|(?<=[，。？]))(?:得|有|生)?(?P<of_other>[^，。？]{2,12}?)的(?:那个|人)?是"
    rf"(?:[他她]|(?:我的?)?(?:{KIN}))(?=[，。]|$)(?=[^？]*[，。]我)"
)
"""What is listed and not the case, or another's: 冠心病的是她，我是糖尿病."""


class World:
    """Places, benefits and lists, for `bot.understanding.inquiry.understand`."""

    def __init__(self, regions: Sequence[Region], clauses: Iterable[Clause]) -> None:
        self._gazetteer = Gazetteer(regions)
        self._regions = {region.id: region for region in regions}
        self.lists = Lists(clauses)

    def places(self, text: str, known: str | None) -> Places:
        """Read the places of a message, the region known so far deciding what a bare name is."""
        return read_places(text, self._gazetteer, known)

    def placeless(self, text: str) -> str:
        """A message without the city of insurance."""
        return without_place(text, self.places(text, None))

    def covers(self, place: str, regions: Sequence[FactValue] | None) -> bool:
        """Whether a place is one of these regions."""
        return any(self._regions[str(region)].name == place for region in regions or ())

    def reach(self, region: str | None, care: Sequence[str]) -> str:
        """How far places of care are from that of insurance: 省内, 跨省, or empty if unsettled."""
        home = self._regions.get(region or "")
        inside = {same_province(place, home) for place in care} if home else set()
        return {True: "省内", False: "跨省"}[inside.pop()] if len(inside) == 1 else ""

    def benefits(self, region: str | None, insurance: str | None) -> Mapping[str, Sequence[str]]:
        """Names that patients use for the benefits of the schemes that fit."""
        names: dict[str, tuple[str, ...]] = {}
        for (place, scheme), content in schemes().items():
            if (region or place) == place and (insurance or scheme) == scheme:
                for benefit in content.benefits.values():
                    own = (benefit.name, *benefit.also)
                    names[benefit.id] = tuple(dict.fromkeys((*names.get(benefit.id, ()), *own)))
        return names

    def unlike(self, named: str, listed: str) -> bool:
        """Whether a benefit that was named is more than a short form of the listed one.

        透析 in "门诊做透析" makes 门诊 mean 门诊特殊病; "住院做透析" stays what it is.
        """
        names = self.benefits(None, None)
        return not any(
            short in long for short in names.get(named, ()) for long in names.get(listed, ())
        )

    def only_insurance(self, region: str | None, benefit: str | None) -> str | None:
        """The insurance of a place, where just one of its schemes has the benefit, or any."""
        having = insurances_with(region, benefit)
        return having[0] if len(having) == 1 else None

    def settled_on(
        self, region: str | None, insurance: str | None, benefit: str | None
    ) -> str | None:
        """The fact with the money that a benefit is settled on; None where it is open."""
        found = find_benefit(region, insurance, benefit)
        return found.base if found else None

    def tells_items(self, region: str | None, insurance: str | None, benefit: str | None) -> bool:
        """Whether a benefit is settled by the item of care, or on what is left over of any."""
        found = find_benefit(region, insurance, benefit)
        return found is not None and ("item" in found.facts or found.base != "expense")

    def tells_referral(
        self, region: str | None, insurance: str | None, benefit: str | None
    ) -> bool:
        """Whether a benefit depends on a referral within the place of insurance."""
        found = find_benefit(region, insurance, benefit)
        return found is not None and "referral" in found.facts

    def has_insurance(self, region: str | None, insurance: str | None) -> bool:
        """Whether there are policies of a place's insurance, or none of the place at all."""
        own = insurances_with(region, None)
        return not own or insurance in own

    def insurance_telling(self, region: str | None, facts: Mapping[str, FactValue]) -> str | None:
        """The insurance of a place, where just one of its schemes knows what was told."""
        told = [(fact, value) for fact, value in facts.items() if fact in _OF_SCHEME and value]
        if not told and facts.get("item") not in _SUBJECTS:
            told = [("item", facts["item"])]
        knowing = [
            insurance
            for (place, insurance), scheme in schemes().items()
            if place == region
            and all(
                any(value in b.choices.get(fact, ()) for b in scheme.benefits.values())
                for fact, value in told
            )
        ]
        return knowing[0] if told and len(knowing) == 1 else None

    def telling(
        self, region: str, insurance: str | None, facts: Mapping[str, FactValue]
    ) -> str | None:
        """The benefit that a fact tells because no other uses it: 剖宫产 tells 分娩.

        Where the scheme is open, what all of the place are told by it.
        """
        if insurance is None:
            own = insurances_with(region, None)
            of_each = {self.telling(region, scheme, facts) for scheme in own}
            return of_each.pop() if len(of_each) == 1 else None
        scheme = schemes().get((region, insurance))
        told = set(facts)
        benefits = scheme.benefits.values() if scheme else ()
        item = facts.get("item")
        having = [b.id for b in benefits if item in b.choices.get("item", ()) or item == b.id]
        if item not in _SUBJECTS and len(having) == 1:
            return having[0]
        # Of outpatients only those whom their community sends speak of it.
        telling = _TELLING | ({"referral"} if item == "outpatient" else set())
        for fact in told & telling:
            using = [benefit.id for benefit in benefits if fact in benefit.facts]
            if len(using) == 1:
                return using[0]
        return None

    def telling_stay(
        self, region: str, insurance: str | None, facts: Mapping[str, FactValue]
    ) -> str | None:
        """The benefit that a stay for a birth or an abortion tells; one of outpatients is none."""
        if facts.get("item") not in ("delivery", "abortion") and "delivery_mode" not in facts:
            return None
        told = self.telling(region, insurance, facts)
        names = self.benefits(region, insurance).get(told or "", ())
        return None if any("门诊" in name for name in names) else told

    def reaching(self, region: str, insurance: str | None, passed: Sequence[Decimal]) -> str | None:
        """The first benefit of a scheme with a cap or a segment that ends at such a sum."""
        scheme = schemes().get((region, insurance or ""))
        for benefit in scheme.benefits if scheme and passed else ():
            rows = rules(region, insurance or "", benefit, {})
            ends = {row.amount if row.kind == "cap" else row.lower for row in rows}
            if not ends.isdisjoint(passed):
                return benefit
        return None

    def listed(self, text: str, region: str | None, insurance: str | None) -> tuple[Listed, ...]:
        """Diseases, drugs and procedures of the text that clauses list.

        Where it names none, that which a treatment is for: 透析 tells 尿毒症.
        """
        told = _DENIED.sub("", text)
        if found := self.lists.find(told, region, insurance):
            return found
        treated = first_said(told, "treated")
        return self.lists.find(treated, region, insurance) if treated else ()

    def instead(
        self, text: str, about: str, understood: Sequence[tuple[int, int]], *, another: bool
    ) -> Named | None:
        """What a message names instead of the disease, procedure or drug asked about before."""
        return named_instead(text, about, understood, self.lists, another=another)

    def denied(self, text: str, about: str, region: str | None, insurance: str | None) -> set[str]:
        """The facts of what is listed and said not to be the case: 不是移植，是搭桥.

        Args:
            text: the message.
            about: the question before, which may have named it in full.
            region: the place whose lists count.
            insurance: the scheme; None: any.
        """
        names = [match["name"] or match["of_other"] for match in _DENIED.finditer(text)]
        before = self.lists.find(about, region, insurance) if names else ()
        meant = [item for name in names for item in before if name in item.name]
        meant += [item for name in names for item in self.lists.find(name, region, insurance)]
        return {fact for item in meant for fact in item.facts}


def insurances_with(region: str | None, benefit: str | None) -> tuple[str, ...]:
    """Return the insurances of a place that offer a benefit; without one, all of the place."""
    return tuple(
        insurance
        for (place, insurance), scheme in schemes().items()
        if place == region
        and (
            benefit is None
            or (benefit in scheme.benefits and scheme.benefits[benefit].excluded is None)
        )
    )
