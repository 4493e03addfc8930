"""The embedded answerer: policy tables, settlement tool and clauses, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import texts
from bot.answering import clauses, comparing, forms, persons, subjects, unanswered
from bot.answering.answerer import Watch, unwatched
from bot.answering.asking import ask, ask_insurance
from bot.answering.choosing import of_other_benefit, open_to, schemes_differ
from bot.answering.conditions import stays_briefly, unmet
from bot.answering.draft import Draft, marked
from bot.answering.listing import Listing
from bot.answering.membership import kinds_of
from bot.answering.naming import INSURANCES
from bot.answering.ranking import is_silent, rank
from bot.answering.routes import placeless, registering
from bot.answering.search import Search
from bot.answering.tables import Tables, better_told
from bot.memory import Turn
from bot.reply import Status
from bot.retrieval import Passage, Retriever
from bot.screening import subject
from bot.understanding.cues import cues, first_said
from bot.understanding.gazetteer import same_province
from bot.understanding.going_on import asks
from bot.understanding.inquiry import Inquiry, speaks_of_care_elsewhere
from bot.understanding.topics import Intent
from corpus.documents import Clause
from corpus.regions import Region
from tools.settlement import FACTS, find_benefit

_VISITOR = "外地医保来看病"
_FOR_VISITORS = re.compile(
    r"(?<!办)(?<!办了)(?:外[地省]|异地|别处)的?(?:人|医保|参保)[^，。]{0,4}(?:来|[能可]在)"
)
_UNDOES = re.compile(r"取消|注销|作废")
"""One who gives a registration up doesn't ask whether one is entitled to it."""
_OF_PATIENT = {"employment", "student", "hardship", "age"}
_BEST = 3
"""Clauses whose conditions are held against the message."""


class EmbeddedAnswerer:
    """Answers from what the library and the policies hold.

    Args:
        retriever: searches the clauses.
        regions: the places covered.
    """

    def __init__(self, retriever: Retriever, regions: Mapping[str, Region]) -> None:
        self._regions = regions
        self._search = Search(retriever)
        self._listing = Listing(self._search)
        self._tables = Tables(self._search, self._listing)

    def answer(
        self,
        inquiry: Inquiry,
        history: Sequence[Turn] = (),  # noqa: ARG002
        within: float | None = None,  # noqa: ARG002 - a few milliseconds are always within
        watch: Watch = unwatched,  # noqa: ARG002 - and nothing to watch
    ) -> Draft:
        """Answer, ask for one decisive fact, or say that the documents don't say."""
        if inquiry.elsewhere:
            return self._of_visitor(inquiry) or self._uncovered(inquiry, inquiry.elsewhere)
        if inquiry.each and (draft := persons.of_each(inquiry.each, self.clauses)):
            return draft
        if "region" in inquiry.several and (draft := self._across_places(inquiry)):
            return draft
        region = self._regions.get(inquiry.region or "")
        if region is None:
            return self._ask_region(inquiry)
        if _asks_nothing(inquiry):
            return unanswered.noted(inquiry, region, self.clauses)
        if lacking := subjects.unwritten(inquiry, self.clauses.values()):
            return unanswered.not_found(inquiry, region, self.clauses, lacking)
        draft = self._of_place(inquiry, region)
        if draft.status is Status.NOT_FOUND and self._other_scheme_open(inquiry):
            # The name of a benefit told the scheme, but documents of the other one may answer.
            other = self._of_place(replace(inquiry, insurance=None, benefit=None), region)
            if other.status is Status.ANSWERED:
                return other
        return self._of_one_scheme(inquiry, self._listing.with_other_scheme(inquiry, draft))

    def _of_one_scheme(self, inquiry: Inquiry, draft: Draft) -> Draft:
        """Say whose rules were told, where the patient didn't tell the scheme."""
        if draft.status is not Status.ANSWERED or inquiry.insurance:
            return draft
        told = {c.insurance for id_ in marked(draft.text) if (c := self.clauses.get(id_))}
        if len(told) != 1 or not (own := INSURANCES.get(told.pop())):
            return draft
        (other,) = {*INSURANCES.values()} - {own}
        if other[:2] in draft.text:
            return draft
        note = f"上面说的是{own}。参加的是{other}的话，告诉我，我再查。"
        return replace(draft, text=f"{draft.text}\n\n{note}")

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        return self._search.clauses

    def passages(self, inquiry: Inquiry) -> tuple[Passage, ...]:
        """Return the clauses that may answer, best first."""
        return self._search.passages(inquiry)

    def _across_places(self, inquiry: Inquiry) -> Draft | None:
        """The places' figures side by side; else what their clauses say."""
        return comparing.compare(inquiry) or self._each_by_itself(inquiry)

    def _each_by_itself(self, inquiry: Inquiry) -> Draft | None:
        """Answer each side's question by itself, one under the other."""
        told: dict[str, Draft] = {}
        for label, side in comparing.sides(inquiry):
            region = self._regions[side.region or ""]
            side = self._reaching(side, region) if "care" in inquiry.several else side
            draft = self._of_place(side, region)
            if draft.status is Status.CLARIFY:
                return draft
            told[label] = draft
        first = {marked(draft.text)[:1] for draft in told.values()}
        if "care" in inquiry.several and len(first) == 1:
            return next(iter(told.values()))  # One clause tells of each place.
        return comparing.beside(told)

    def _reaching(self, side: Inquiry, region: Region) -> Inquiry:
        """The question of one place of care in the documents' words, where none is on the place."""
        (place,) = side.known.care
        inside = same_province(place, region)
        named = place in self._places_named(region)
        text = side.text if named else side.text.replace(place, "省内外地" if inside else "外省")
        return replace(side, reach="省内" if inside else "跨省", text=text)

    def _places_named(self, region: Region) -> str:
        """The headings of a region's clauses, some of which are on a city."""
        return " ".join(clause.heading for clause in self._of(region.id))

    def _other_scheme_open(self, inquiry: Inquiry) -> bool:
        """Whether the scheme is only guessed, and the place has documents of the other one."""
        others = (c.insurance not in ("both", inquiry.insurance) for c in self._of(inquiry.region))
        return _scheme_guessed(inquiry) and any(others)

    def _of(self, region: str | None) -> Iterator[Clause]:
        return (clause for clause in self.clauses.values() if clause.region == region)

    def _of_place(self, inquiry: Inquiry, region: Region) -> Draft:
        # What is asked of another benefit than that of the tables is told by clauses.
        of_tables = not subjects.beyond(inquiry)
        return (
            (self._tables.answer(inquiry, region) if of_tables else None)
            or self._each_way(inquiry)
            or self._from_clauses(inquiry, region)
        )

    def _tells_apart(self, inquiry: Inquiry) -> bool:
        """Whether the documents say another thing of each place of care."""
        region = self._regions[inquiry.region or ""]
        places, named = inquiry.several["care"], self._places_named(region)
        return len({same_province(str(place), region) for place in places}) > 1 or any(
            str(place) in named for place in places
        )

    def _each_way(self, inquiry: Inquiry) -> Draft | None:
        """Answer for care at home and each way of going elsewhere, where figures don't."""
        compares = inquiry.intent is Intent.COMPARISON
        if not (compares and comparing.WAYS & inquiry.several.keys()):
            return None
        if "care" in inquiry.several and not self._tells_apart(inquiry):
            return None
        ways = [FACTS["route"].values[str(way)] for way in inquiry.several.get("route", ())]
        of_all = rank(inquiry, self.passages(inquiry))[:1] if ways else ()
        if any(all(way.partition("（")[0] in p.clause.text for way in ways) for p in of_all):
            return None  # One clause tells of each way.
        return self._each_by_itself(inquiry)

    def _from_clauses(self, inquiry: Inquiry, region: Region) -> Draft:
        inquiry = registering(inquiry)
        if draft := self._listing.of_institution(inquiry, region):
            return draft
        if draft := self._listing.whole(inquiry):
            return draft
        if draft := self._listing.off(inquiry, region):
            return draft
        open_scheme = replace(inquiry, insurance=None) if _scheme_guessed(inquiry) else inquiry
        text, passages, best_first = self._looked_up(open_scheme)
        inquiry = replace(inquiry, text=text)
        if not passages:
            return self._silent(inquiry, region)
        if inquiry.insurance is None and schemes_differ(passages, inquiry):
            return ask_insurance()
        ranked: Sequence[Passage] = self._search.referred(
            inquiry, _own_benefit(inquiry, best_first)
        )
        open_ = open_to(inquiry, self.clauses.values())
        if kinds := kinds_of(inquiry.message, ranked[0].clause, open_):
            return clauses.answer_list(kinds)
        if draft := self._unmet(inquiry, ranked):
            return draft
        on = self._listing.on(inquiry, passages)
        if on and better_told(inquiry, on, ranked) is None:
            return on
        ranked = forms.answering(inquiry, subjects.on_subject(inquiry, ranked))
        if not ranked:
            return self._silent(inquiry, region)
        return clauses.answer(inquiry, ranked)

    def _silent(self, inquiry: Inquiry, region: Region) -> Draft:
        """Nothing of the documents fits: say so, or ask what one who only told a case wants."""
        told = inquiry.intent is Intent.OTHER and not (inquiry.kinds or asks(inquiry.text))
        of_whom = told and inquiry.known.person is not None
        answer = unanswered.noted if of_whom else unanswered.not_found
        return answer(inquiry, region, self.clauses)

    def _looked_up(self, inquiry: Inquiry) -> tuple[str, Sequence[Passage], Sequence[Passage]]:
        """The words in which clauses were found, these, and these with the best one first."""
        passages = self.passages(inquiry)
        ranked = rank(inquiry, passages)
        if inquiry.away and not _first_on_care_elsewhere(ranked):
            other = placeless(inquiry, self.clauses.values())
            found = self.passages(other) if other.text != inquiry.text else ()
            if _first_on_care_elsewhere(anew := rank(other, found)):
                return other.text, found, anew
        if inquiry.intent is Intent.PROCEDURE and ranked and ranked[0].clause.lists:
            # The disease told before the question draws its list near, which tells no steps.
            other = replace(inquiry, text=_asking_part(inquiry))
            found = self.passages(other)
            if (anew := rank(other, found)) and not anew[0].clause.lists:
                return other.text, found, anew
        return inquiry.text, passages, ranked

    def _unmet(self, inquiry: Inquiry, ranked: Sequence[Passage]) -> Draft | None:
        """Say that a condition of what was found, or of its document, isn't met."""
        if inquiry.intent not in (Intent.MEMBERSHIP, Intent.OTHER):
            return None
        if _UNDOES.search(inquiry.message):
            return None
        found = unmet(inquiry.message, inquiry.insurance, self._with_document(inquiry, ranked))
        silent = is_silent(subjects.on_subject(inquiry, ranked)[0].clause)
        if found is None or (silent and not _asks_to_register(inquiry)):
            return None
        return clauses.answer_unmet(*found)

    def _with_document(self, inquiry: Inquiry, ranked: Sequence[Passage]) -> Iterator[Clause]:
        """The first clauses found, then the whole document of the first."""
        yield from (passage.clause for passage in ranked[:_BEST])
        document = ranked[0].clause.document
        open_ = open_to(inquiry, self.clauses.values())
        yield from (c for c in open_ if c.document == document)
        if _asks_to_register(inquiry):
            # How long one has to live elsewhere is told once for all that rests on it.
            yield from (c for c in open_ if speaks_of_care_elsewhere(c.heading))

    def _ask_region(self, inquiry: Inquiry) -> Draft:
        if self._nowhere(inquiry):
            return Draft(Status.OUT_OF_SCOPE, texts.NOT_OURS, follow_ups=texts.SAMPLE_QUESTIONS)
        choices: dict[Any, str] = {region.id: region.name for region in self._regions.values()}
        lead = "各地的规定不一样，请问您的医保是在哪里参加的？"
        if inquiry.away:
            lead = "报销按参保地的规定算，请问您的医保是在哪里参加的？"
        if inquiry.insurance is None and inquiry.intent is Intent.ESTIMATE:
            lead += "是职工医保还是居民医保？"
        return ask("region", lead, choices)

    def _nowhere(self, inquiry: Inquiry) -> bool:
        """Nothing of the question is insurance's, and no place's documents answer it."""
        if inquiry.benefit or inquiry.away or subject.is_care(inquiry.text):
            return False
        if subject.is_errand(inquiry.text) or (inquiry.facts and not inquiry.subject):
            return False
        if _asks_nothing(inquiry):
            return False
        if subjects.named_in(inquiry.text):
            return False
        return not any(self._search.finds(inquiry.text, region) for region in self._regions)

    def _of_visitor(self, inquiry: Inquiry) -> Draft | None:
        """What the documents of the place of care say of patients who are insured elsewhere."""
        region = self._regions.get(inquiry.visits or "")
        if region is None or inquiry.intent is Intent.ESTIMATE or inquiry.kinds:
            return None
        inquiry = replace(inquiry, region=region.id)
        if draft := self._listing.of_visited(inquiry, region):
            return draft
        found = self._search.near(inquiry, inquiry.text, _VISITOR)
        for_visitors = [p for p in found if _FOR_VISITORS.search(" ".join(p.clause.asks))]
        return clauses.answer(inquiry, for_visitors[:1]) if for_visitors else None

    def _uncovered(self, inquiry: Inquiry, place: str) -> Draft:
        if office := self._listing.asked_office(inquiry, place):
            return clauses.answer_institution(inquiry, office)
        return unanswered.uncovered(place, self._regions.values())


def _own_benefit(inquiry: Inquiry, ranked: Sequence[Passage]) -> Sequence[Passage]:
    """Of care elsewhere as such tells no clause on what one benefit pays there, where others do."""
    if not inquiry.away or inquiry.benefit:
        return ranked
    said = f"{inquiry.context} {inquiry.text}"
    return sorted(ranked, key=lambda p: of_other_benefit(p.clause, None, said))


def _asks_to_register(inquiry: Inquiry) -> bool:
    """Whether one who is elsewhere for a short time asks of care there, and hasn't fallen ill."""
    briefly = inquiry.away and stays_briefly(inquiry.message)
    return briefly and inquiry.facts.get("route") in (None, "long_term")


def _scheme_guessed(inquiry: Inquiry) -> bool:
    """Whether nothing that was told of the patient tells the scheme."""
    told = first_said(inquiry.conversation, "implied_insurance")
    return inquiry.known.implied and told is None and _OF_PATIENT.isdisjoint(inquiry.facts)


def _asking_part(inquiry: Inquiry) -> str:
    """The parts of a question that ask, after the name of the benefit."""
    asks = [cue for name, cue in cues("intent") if name == inquiry.intent]
    parts = re.split(r"[，。？；]", inquiry.text)
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    asking = (part for part in parts if any(cue.search(part) for cue in asks))
    return " ".join((benefit.name if benefit else "", *asking)).strip()


def _first_on_care_elsewhere(ranked: Sequence[Passage]) -> bool:
    return any(speaks_of_care_elsewhere(passage.clause.heading) for passage in ranked[:1])


def _asks_nothing(inquiry: Inquiry) -> bool:
    """The message only tells who the patient is."""
    return (
        inquiry.intent is Intent.OTHER
        and not inquiry.kinds
        and not inquiry.benefit
        and not inquiry.subject
        and inquiry.facts.get("route") != "emergency"
    )
