"""What is known of clauses: the words they hold, the schemes and policies they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bot.retrieval import Passage
from bot.understanding.facts import PLACES
from bot.understanding.inquiry import Inquiry, speaks_of_care_elsewhere
from bot.understanding.topics import Intent
from corpus.documents import Clause, document_of
from corpus.regions import load_regions
from corpus.text import normalise
from tools.settlement import find_benefit, rules, schemes


@dataclass(frozen=True, slots=True)
class Group:
    """A group of patients that a document is on, as regular expressions."""

    titles: str
    said: str
    name: str


GROUPS = (
    Group("离休", "离休", "离休人员"),
    Group("公务员", "公务员", "享受公务员医疗补助的人"),
    Group("救助|扶贫|贫困", "低保|困难|贫困|特困|五保|建档立卡", "困难群众"),
)

OF_FORM = (
    Intent.MATERIALS,
    Intent.CONTACT,
    Intent.DEADLINE,
    Intent.LIST,
    Intent.PROCEDURE,
)
"""What clauses are written for: their headings and asks say so in the same words."""
_NEAR = 0.93
"""A clause of the other scheme whose score comes this near makes the scheme decisive."""


def schemes_differ(passages: Sequence[Passage], inquiry: Inquiry) -> bool:
    """The best clause speaks of one scheme only, and the other has one nearly as good."""
    first = passages[0]
    if first.clause.insurance == "both" or "insurance" in inquiry.unknown:
        return False
    return any(
        p.clause.insurance not in ("both", first.clause.insurance)
        and p.score >= _NEAR * first.score
        for p in passages[1:3]
    )


def holds(passage: Passage, said: Iterable[str]) -> int:
    """Return how many of the words the clause holds."""
    words = words_of(passage.clause)
    return sum(term in words for term in said)


def documents_told(inquiry: Inquiry) -> frozenset[str]:
    """Return the documents that the last answer rests on."""
    return frozenset(map(document_of, inquiry.known.sources))


def open_to(inquiry: Inquiry, clauses: Iterable[Clause]) -> list[Clause]:
    """Return the clauses of the place and scheme asked about; of both where none is told."""
    return [
        clause
        for clause in clauses
        if clause.region == inquiry.region
        and clause.insurance in (inquiry.insurance or clause.insurance, "both")
    ]


def of_others(clause: Clause, text: str) -> bool:
    """Whether a clause is of the rules of 离休 patients, of whom a text doesn't speak.

    They are settled apart from all others: what is written for them is written for nobody else.
    """
    apart = GROUPS[0]
    return bool(re.search(apart.titles, clause.title) and not re.search(apart.said, text))


def of_other_benefit(clause: Clause, benefit: str | None, text: str) -> bool:
    """Whether a clause's document is on one benefit, not that asked about nor one that is named.

    What is written of 住院 or 门诊 is of care as such.
    """
    on = _benefit_of(clause.document)
    if on in (None, benefit, *PLACES) or speaks_of_care_elsewhere(clause.title):
        return False
    own = (
        scheme.benefits.get(on)
        for (where, _), scheme in schemes().items()
        if where == clause.region
    )
    names = [name for found in own if found for name in (found.name, *found.also)]
    told = any(re.search(g.titles, clause.title) and re.search(g.said, text) for g in GROUPS)
    return not told and not any(name in text for name in names)


@cache
def _benefit_of(document: str) -> str | None:
    """The one benefit whose policy rests on a document; None where there are several or none."""
    found = {
        benefit
        for (place, insurance), scheme in schemes().items()
        for benefit in scheme.benefits
        if any(document_of(c) == document for c in clauses_of(place, insurance, benefit))
    }
    return found.pop() if len(found) == 1 else None


def of_care_elsewhere(inquiry: Inquiry) -> bool:
    """Whether the benefit asked about is that of care elsewhere, by its policy."""
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    return benefit is not None and "route" in benefit.assume


def words_of(clause: Clause) -> str:
    """Return all that a clause says, its heading and asks included, normalised."""
    return normalise(" ".join((clause.heading, clause.text, *clause.asks)))


@cache
def clauses_of(region: str, insurance: str, benefit: str) -> frozenset[str]:
    """Return the ids of the clauses that a benefit's policy rests on; none where there is none."""
    if find_benefit(region, insurance, benefit) is None:
        return frozenset()
    return frozenset(cite for rule in rules(region, insurance, benefit, {}) for cite in rule.cites)


def citing(clause: str) -> list[tuple[str, str]]:
    """Return insurance and benefit of the policies that rest on a clause."""
    region = clause.partition("/")[0]
    return [
        (insurance, benefit)
        for (place, insurance), scheme in schemes().items()
        if place == region
        for benefit in scheme.benefits
        if clause in clauses_of(place, insurance, benefit)
    ]


@cache
def benefits_in(title: str, region: str) -> frozenset[str]:
    """Return the benefits of a place that a document's title names, the longest names first."""
    own = [scheme for (place, _), scheme in schemes().items() if place == region]
    names = {n: id_ for s in own for id_, b in s.benefits.items() for n in (b.name, *b.also)}
    found = set()
    for name in sorted(names, key=len, reverse=True):
        if name in title:
            found.add(names[name])
            title = title.replace(name, " ")
    return frozenset(found)


def fits_care(clause: Clause, inquiry: Inquiry) -> bool:
    """Whether a clause on care in one city elsewhere (上海) is on the care spoken of."""
    care = inquiry.known.care
    named = {city for city in _cities_of_lists() if city in clause.heading}
    if not care or not named:
        return True
    of_outpatients = "门诊" in clause.heading and "住院" not in clause.heading
    stays = inquiry.facts.get("item") == "inpatient"
    return not named.isdisjoint(care) and not (of_outpatients and stays)


@cache
def _cities_of_lists() -> frozenset[str]:
    """Cities whose hospitals a covered place's documents list, and its counties of their own."""
    regions = load_regions()
    return frozenset(c for r in regions for c in (*r.hospitals_elsewhere, *r.separate))
