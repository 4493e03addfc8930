"""The embedded answerer: policy tables, settlement tool and clauses, no model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from bot import texts
from bot.answering import clauses, estimates, figures, forms, subjects, unanswered
from bot.answering.answerer import Watch, unwatched
from bot.answering.asking import ask
from bot.answering.choosing import (
    OF_FORM,
    citing,
    clauses_of,
    documents_told,
    holds,
    open_to,
    schemes_differ,
    words_of,
)
from bot.answering.draft import Draft, mark
from bot.answering.institutions import Institutions
from bot.answering.naming import INSURANCES
from bot.answering.ranking import rank
from bot.memory import Turn
from bot.reply import Status
from bot.retrieval import Passage, Retriever
from bot.screening import subject
from bot.understanding.inquiry import Inquiry
from bot.understanding.lists import Lists, enumerated, sentences
from bot.understanding.topics import Intent
from bot.understanding.world import insurances_with
from corpus.documents import Clause
from corpus.regions import Region
from corpus.text import terms
from tools.settlement import schemes

_ON_LIST = re.compile(
    r"算|属于|包括|包含|能办|能不能办|可以办|办得了|在不在|在[^，。院区市]{0,6}[里内](?:面|头)?(?=$|[吗么嘛？，。不])|哪一?类|第?几类|类还是|能享受|纳入"
)
_LISTED = re.compile(
    r"(?:哪[些几两\d一二三四五六七八九十]*[种个类]?|什么)(?:慢性|特殊|大)*(?:病|药(?!店|房)|项目|手术)"
    r"|病种|几种|多少种|(?:病|特药|项目)(?:都|是)?有哪些"
)
_AROUND = 6
"""Clauses looked through for a list of institutions."""
_MOVES = re.compile(r"^(?:那|要是|如果)?[^，。]{0,3}(?:去|到|在|换)")
"""那去杭州看呢 is about another hospital than the last question."""
_ANOTHER = re.compile(
    r"^(?:那|要是|如果|换)?[^，。？]{1,14}(?:呢|有吗|有没有|行吗|行不行|可以吗|能吗)"
)
"""那七院呢 asks of another hospital what was asked of the last one."""
_OF_STEPS = (Intent.PROCEDURE, Intent.MATERIALS, Intent.DEADLINE)
"""A hospital named in such a question is where one is, not what is asked about."""
_AWAY = "异地就医 备案"
"""What a question about care elsewhere is about, where it doesn't say so itself."""
_VISITOR = "外地医保来看病"
_FOR_VISITORS = re.compile(r"(?:外[地省]|异地|别处)的?(?:人|医保|参保)[^，。]{0,6}[来在到能]")
_SHORT = 14
"""A message of so many characters may lean on the question before it."""
_POINTS_BACK = re.compile(
    r"[这那]种|[这那]样|^那|那边|也要|还要|到时候?|[这那]个(?:备案|手续|证明?|卡|单子?|表|待遇|病)|^要是|^如果|^换成"
)
_NEAR = 3
"""Among so many clauses found is one that the question is about."""
_COVERED = 0.8
"""Share of the question's words that a clause must hold to tell the benefit."""


class EmbeddedAnswerer:
    """Answers from what the library and the policies hold.

    Args:
        retriever: searches the clauses.
        regions: the places covered.
    """

    def __init__(self, retriever: Retriever, regions: Mapping[str, Region]) -> None:
        self._retriever = retriever
        self._regions = regions
        self._lists = Lists(retriever.clauses.values())
        self._institutions = Institutions(retriever.clauses.values())

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
        if "region" in inquiry.several and (draft := self._across_places(inquiry)):
            return draft
        region = self._regions.get(inquiry.region or "")
        if region is None:
            return self._ask_region(inquiry)
        if _asks_nothing(inquiry):
            return unanswered.noted(inquiry, region, self.clauses)
        if lacking := subjects.unwritten(inquiry, self.clauses.values()):
            return unanswered.not_found(inquiry, region, self.clauses, lacking)
        if (draft := self._from_tables(inquiry, region)) is not None:
            return draft
        return self._from_clauses(inquiry, region)

    def passages(self, inquiry: Inquiry) -> tuple[Passage, ...]:
        """Return the clauses that may answer, best first."""
        if inquiry.region is None:
            return ()
        found = self._search(inquiry, inquiry.text)
        if (about := subjects.asked_about(inquiry)) and not subjects.spoken_of(about, found):
            # "交上去几天能打到卡里" shares no word with the clause that speaks of it.
            named = self._search(inquiry, inquiry.text, *(subject.name for subject in about))
            found = named if subjects.spoken_of(about, named) else found
        if inquiry.context and (not found or _leans(inquiry.message)):
            # "去窗口办要带什么" is about what was asked before, if a clause of that speaks of it.
            within = self._search(inquiry, inquiry.text, inquiry.context)
            said = terms(inquiry.message)
            if within and (not found or holds(within[0], said) >= holds(found[0], said)):
                return within
            there = {passage.clause.id for passage in found}
            going_on = documents_told(inquiry)
            found += tuple(
                p for p in within if p.clause.document in going_on and p.clause.id not in there
            )
        if not found and inquiry.away:
            found = self._search(inquiry, inquiry.text, _AWAY)
        return found

    def _search(self, inquiry: Inquiry, text: str, *hints: str) -> tuple[Passage, ...]:
        return self._retriever.search(
            text,
            inquiry.region or "",
            inquiry.insurance,
            hints=tuple(filter(None, hints)),
            going_on=documents_told(inquiry),
        )

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        return self._retriever.clauses

    def _across_places(self, inquiry: Inquiry) -> Draft | None:
        """The places' figures side by side; else what their clauses say."""
        if draft := figures.compare(inquiry):
            return draft
        beside = []
        for place in map(str, inquiry.several["region"]):
            there = replace(inquiry, region=place)
            if not (found := rank(there, self._search(there, inquiry.text))):
                return None
            beside.append((self._regions[place].name, found[0]))
        return clauses.beside_each_other(inquiry, beside)

    def _from_tables(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Amounts and figures come from the policies, where they hold what is asked."""
        if excluded := _excluded(inquiry):
            return excluded
        if _away_only(inquiry):
            return None
        compares = inquiry.intent is Intent.COMPARISON and (
            inquiry.several if inquiry.kinds else inquiry.several.keys() - {"benefit", "item"}
        )
        if inquiry.intent is not Intent.ESTIMATE and not inquiry.kinds and not compares:
            return None
        if inquiry.county:
            office = self._institutions.of_place(inquiry.county)
            return unanswered.other_county(inquiry.county, region, office)
        if inquiry.intent is Intent.ESTIMATE:
            return self._estimate(inquiry)
        if compares:
            return self._compare(inquiry)
        if self._elsewhere_answered(inquiry):
            return None
        if _ON_LIST.search(inquiry.text) and (off := self._off_lists(inquiry, region)):
            return off
        draft = self._figure(inquiry)
        listed = self._lists.find(inquiry.text, inquiry.region, inquiry.insurance)
        if draft and listed and _ON_LIST.search(inquiry.text):
            on_list = clauses.answer_listed(inquiry, listed, self.clauses)
            return replace(draft, text=f"{on_list.text}\n\n{draft.text}")
        return draft

    def _elsewhere_answered(self, inquiry: Inquiry) -> bool:
        """The question's subject stands in a clause near it, but in none of the benefit's."""
        if not (inquiry.subject and inquiry.benefit):
            return False
        listed = self._lists.find(inquiry.text, inquiry.region, inquiry.insurance)
        if any(item.benefit == inquiry.benefit for item in listed):
            return False  # The subject is what the benefit is for.
        near = self._retriever.by_words(inquiry.text, inquiry.region or "", inquiry.insurance, 3)
        if not near or any(inquiry.benefit == benefit for _, benefit in citing(near[0].id)):
            return False
        policy = clauses_of(inquiry.region or "", inquiry.insurance or "", inquiry.benefit or "")
        own = " ".join(
            words_of(self.clauses[clause]) for clause in policy if clause in self.clauses
        )
        foreign = [term for term in terms(inquiry.subject) if term not in own]
        held = [term for term in foreign if any(term in words_of(clause) for clause in near)]
        return bool(foreign) and len(held) * 2 >= len(foreign)

    def _compare(self, inquiry: Inquiry) -> Draft | None:
        """Figures side by side, in the scheme told, or in all where they are the same."""
        inquiry = self._with_benefit(inquiry)
        if inquiry.insurance or "insurance" in inquiry.several or not self._scheme_open(inquiry):
            return figures.compare(inquiry)
        of_schemes = (figures.compare(replace(inquiry, insurance=name)) for name in INSURANCES)
        found = [draft for draft in of_schemes if draft]
        same = len({draft.figures for draft in found}) == 1
        return found[0] if same else self._ask_insurance() if found else None

    def _estimate(self, inquiry: Inquiry) -> Draft | None:
        if inquiry.insurance is None and self._scheme_open(inquiry):
            return self._ask_insurance()
        if (inquiry.region, inquiry.insurance) not in schemes():
            return None
        return estimates.answer(inquiry, self.clauses)

    def _figure(self, inquiry: Inquiry) -> Draft | None:
        if inquiry.benefit is None:
            inquiry = self._with_benefit(_of_case(inquiry))
        if inquiry.insurance is None and inquiry.benefit and self._scheme_open(inquiry):
            if only := figures.only_scheme(inquiry, tuple(INSURANCES)):
                inquiry = replace(inquiry, insurance=only)
            elif not figures.same_everywhere(inquiry, tuple(INSURANCES)):
                return self._ask_insurance()
            else:
                inquiry = replace(inquiry, insurance=next(iter(INSURANCES)))
        open_ = inquiry.benefit is None and "benefit" not in inquiry.unknown
        if open_ and (not inquiry.subject or not self.passages(inquiry)):
            offered = figures.benefits_with(inquiry)
            if len(offered) > 1:
                return ask("benefit", "请问您问的是哪一项待遇？", offered)
            inquiry = replace(inquiry, benefit=next(iter(offered), None))
        return figures.answer(inquiry, self.clauses)

    def _with_benefit(self, inquiry: Inquiry) -> Inquiry:
        """Take the benefit from the best clause, where policies cite it for one benefit."""
        if inquiry.benefit is not None:
            return inquiry
        for passage in self.passages(inquiry)[:1]:
            cited = [
                (insurance, benefit)
                for insurance, benefit in citing(passage.clause.id)
                if inquiry.insurance in (None, insurance)
            ]
            words = words_of(passage.clause)
            on_subject = all(term in words for term in terms(inquiry.subject))
            if cited and on_subject and passage.coverage >= _COVERED:
                return replace(inquiry, benefit=cited[0][1])
        return inquiry

    def _scheme_open(self, inquiry: Inquiry) -> bool:
        """More than one scheme of the place has what is asked for."""
        fitting = insurances_with(inquiry.region, inquiry.benefit)
        return len(fitting) > 1 and "insurance" not in inquiry.unknown

    def _from_clauses(self, inquiry: Inquiry, region: Region) -> Draft:
        if draft := self._of_institution(inquiry, region):
            return draft
        if listing := self._list_of(inquiry):
            return clauses.answer_list(listing)
        if draft := self._off_lists(inquiry, region):
            return draft
        if not (passages := self.passages(inquiry)):
            return unanswered.not_found(inquiry, region, self.clauses)
        if inquiry.insurance is None and schemes_differ(passages, inquiry):
            return self._ask_insurance()
        if draft := self._from_lists(inquiry, passages):
            return draft
        ranked = forms.answering(inquiry, subjects.on_subject(inquiry, rank(inquiry, passages)))
        if not ranked:
            return unanswered.not_found(inquiry, region, self.clauses)
        return clauses.answer(inquiry, ranked)

    def _of_institution(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Tell of the institution named, where a list of them is what the question is about."""
        if (another := self._of_last_list(inquiry, region)) is not None:
            return another
        # The city is left out of the words searched for, but is part of a hospital's name.
        named = self._institutions.named(inquiry.message, region.id)
        if not _MOVES.search(inquiry.message):
            named = named or self._institutions.named(inquiry.text, region.id)
        if named is None or inquiry.intent in _OF_STEPS:
            return None
        asked = self._institutions.unnamed(inquiry.text, region.id)
        around = list(self._retriever.by_words(asked, region.id, inquiry.insurance, _AROUND))
        if not named.found:
            # A name that no list has draws none of them nearer.
            around = [*(passage.clause for passage in self.passages(inquiry)[:1]), *around]
        near = [clause for clause in around[:_NEAR] if self._institutions.lists(clause)]
        if near and (rows := [f for f in named.found if f.clause in around]):
            return clauses.answer_institution(inquiry, max(rows, key=lambda f: len(f.block.cells)))
        lacking = [clause for clause in around if self._institutions.may_list(clause, named)]
        if near and lacking and inquiry.intent is Intent.MEMBERSHIP:
            return clauses.answer_unlisted(lacking[:1], named.name)
        return None

    def _of_last_list(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Tell whether the list of institutions just told names another one: 那七院呢, 金坛有吗."""
        told = [self.clauses[name] for name in inquiry.known.sources if name in self.clauses]
        lists = [clause for clause in told if self._institutions.lists(clause)]
        if not lists or not _ANOTHER.search(inquiry.message):
            return None
        rows = [row for clause in lists for row in self._institutions.rows(clause)]
        if named := self._institutions.named(inquiry.message, region.id):
            names = {found.name for found in named.found}
            own = [row for row in rows if row.name in names] or [
                found for found in named.found if len(found.block.cells) > 1
            ]
            if own:
                asks = replace(inquiry, intent=Intent.MEMBERSHIP)
                return clauses.answer_institution(asks, own[0])
            lacking = [clause for clause in lists if self._institutions.may_list(clause, named)]
            return clauses.answer_unlisted(lacking[:1], named.name) if lacking else None
        there = [row for row in rows if row.name[:2] in inquiry.message]
        there = [row for row in there if not row.name.startswith((region.name, *region.also))]
        return clauses.answer_of_place(there) if there else None

    def _list_of(self, inquiry: Inquiry) -> list[Clause]:
        """The clauses that list the diseases, drugs or procedures of the benefit asked about."""
        if inquiry.intent is not Intent.LIST or not _LISTED.search(inquiry.text):
            return []
        told = {f"{fact}={value}" for fact, value in inquiry.facts.items()}
        own = self._lists_of(inquiry, {inquiry.benefit or ""})
        if inquiry.insurance is None:
            own = [clause for clause in own if clause.insurance == "both"]
        return [clause for clause in own if told & set(clause.lists)] or own

    def _lists_of(self, inquiry: Inquiry, benefits: Set[str]) -> list[Clause]:
        """The clauses that list what benefits are for."""
        return [
            clause
            for clause in open_to(inquiry, self.clauses.values())
            if not benefits.isdisjoint(clause.lists[:1])
        ]

    def _from_lists(self, inquiry: Inquiry, passages: Sequence[Passage]) -> Draft | None:
        """Tell whether a disease, drug or procedure is on the list that was found."""
        asks = bool(_ON_LIST.search(inquiry.text))
        if inquiry.intent in OF_FORM or (inquiry.intent is not Intent.MEMBERSHIP and not asks):
            return None
        near = {passage.clause.id for passage in passages[: 3 if asks else 1]}
        scheme = None if "insurance" in inquiry.several else inquiry.insurance
        found = self._lists.find(inquiry.text, inquiry.region, scheme)
        of = inquiry.benefit if asks else None
        on_topic = [
            item for item in found if scheme is None or item.clause in near or item.benefit == of
        ]
        if on_topic:
            return clauses.answer_listed(inquiry, on_topic, self.clauses)
        return None

    def _off_lists(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Tell that the disease, drug or procedure asked about is on none of the lists meant."""
        asks = inquiry.intent is Intent.MEMBERSHIP or (
            inquiry.intent is Intent.OTHER and _ON_LIST.search(inquiry.text)
        )
        if not asks or "insurance" in inquiry.several:
            return None
        name = self._lists.asked_for(inquiry.message, _topic_names(region))
        if not name or self._lists.find(inquiry.text, region.id, inquiry.insurance):
            return None
        if self._is_written(name, inquiry):
            return None
        rest = inquiry.text.replace(name, "")
        near = [passage.clause for passage in self._search(inquiry, rest)[:_NEAR]]
        near = near or list(self._retriever.by_words(rest, region.id, inquiry.insurance, 1))
        near = [clause for clause in near if clause.lists or enumerated(clause)]
        benefits = {clause.lists[0] for clause in near if clause.lists}
        if not near and inquiry.benefit and _ON_LIST.search(inquiry.text):
            benefits = {inquiry.benefit}
        lists = self._lists_of(inquiry, benefits) or near[:1]
        return clauses.answer_unlisted(lists, name) if lists else None

    def _is_written(self, name: str, inquiry: Inquiry) -> bool:
        """Whether a clause speaks of the name, be it in a question that it answers."""
        return any(
            name in " ".join((*clause.asks, *sentences(clause)))
            for clause in open_to(inquiry, self.clauses.values())
        )

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
        if _asks_nothing(inquiry):
            return False
        return not any(self._retriever.search(inquiry.text, region) for region in self._regions)

    def _ask_insurance(self) -> Draft:
        return ask(
            "insurance", "职工医保和居民医保的规定不一样，请问您参加的是哪一种？", INSURANCES
        )

    def _of_visitor(self, inquiry: Inquiry) -> Draft | None:
        """What the documents of the place of care say of patients who are insured elsewhere."""
        region = self._regions.get(inquiry.visits or "")
        if region is None or inquiry.intent is Intent.ESTIMATE or inquiry.kinds:
            return None
        inquiry = replace(inquiry, region=region.id)
        if draft := self._of_institution(inquiry, region):
            return draft
        found = self._search(inquiry, inquiry.text, _VISITOR)
        for_visitors = [p for p in found if _FOR_VISITORS.search(" ".join(p.clause.asks))]
        return clauses.answer(inquiry, for_visitors[:1]) if for_visitors else None

    def _uncovered(self, inquiry: Inquiry, place: str) -> Draft:
        office = self._institutions.of_place(place) if inquiry.intent is Intent.CONTACT else None
        if office is not None:
            return clauses.answer_institution(inquiry, office)
        return unanswered.uncovered(place, self._regions.values())


def _away_only(inquiry: Inquiry) -> bool:
    """The benefit is that of care elsewhere, and the patient says to be treated at home."""
    scheme = schemes().get((inquiry.region or "", inquiry.insurance or ""))
    benefit = scheme.benefits.get(inquiry.benefit or "") if scheme else None
    told_home = inquiry.facts.get("route") == "local" and not inquiry.away
    return told_home and benefit is not None and "route" in benefit.assume


def _of_case(inquiry: Inquiry) -> Inquiry:
    """Take the benefit of the estimate before, where it has a figure of the kind asked for."""
    case = inquiry.known.case
    if case is None or case.benefit is None or inquiry.insurance is None:
        return inquiry
    of_case = replace(inquiry, benefit=case.benefit)
    return of_case if figures.holds(of_case) else inquiry


def _leans(message: str) -> bool:
    """Whether a message may lean on the question before it."""
    return len(message) <= _SHORT or bool(_POINTS_BACK.search(message))


def _topic_names(region: Region) -> tuple[str, ...]:
    """Names of a place and its benefits, which are no diseases, drugs or procedures."""
    own = (scheme for (place, _), scheme in schemes().items() if place == region.id)
    benefits = [name for s in own for b in s.benefits.values() for name in (b.name, *b.also)]
    return (region.name, *region.also, *benefits)


def _excluded(inquiry: Inquiry) -> Draft | None:
    """Say that the scheme excludes the benefit, where it does."""
    scheme = schemes().get((inquiry.region or "", inquiry.insurance or ""))
    benefit = scheme.benefits.get(inquiry.benefit or "") if scheme else None
    if benefit is None or benefit.excluded is None:
        return None
    cites = "".join(map(mark, benefit.excluded.cite))
    return Draft(Status.ANSWERED, f"{benefit.excluded.text}。{cites}")


def _asks_nothing(inquiry: Inquiry) -> bool:
    """The message only tells who the patient is."""
    return (
        inquiry.intent is Intent.OTHER
        and not inquiry.kinds
        and not inquiry.benefit
        and not inquiry.subject
    )
