"""Amounts and figures from the policies, where they hold what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering import clauses, comparing, estimates, figures, unanswered
from bot.answering.asking import ask, ask_insurance
from bot.answering.choosing import citing, clauses_of, of_care_elsewhere, words_of
from bot.answering.conditions import for_others
from bot.answering.draft import Draft, marked, marks
from bot.answering.listing import Listing, asks_of_list
from bot.answering.naming import INSURANCES
from bot.answering.ranking import is_silent, rank
from bot.answering.search import Search
from bot.reply import Status
from bot.retrieval import Passage
from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from bot.understanding.world import insurances_with
from corpus.documents import Clause, document_of
from corpus.regions import Region
from corpus.text import terms
from tools.settlement import find_benefit, schemes

_SURE = 0.93
"""Confidence of a clause that answers instead of the policy tables."""
_FAR = 4.0
"""How far its score is above those of the clauses that the tables' answer rests on."""
_NEAR = 3
"""Clauses near in words that are looked at before any search by meaning."""
_SUBJECT = 2
"""So many characters tell what a question is about."""
_OPERATED = re.compile(
    r"手术|开刀|搭桥|(?:装|放|做)[个了]?支架|[割切]除?(?=[^，。]{1,6}(?:[，。？]|$))|换(?:[膝髋]|关节|瓣膜)"
)
"""What is done to those who stay in hospital."""
_NOT_SIGNED_UP = re.compile(
    r"[没未](?:有|去|来得及|顾上)*(?:登记|备案|鉴定|认定|签约|申请|办(?:卡|证|门|下来)|批)(?!.{0,8}外地)"
    r"|(?:登记|备案|鉴定|认定|签约|办[卡证本下好])[^，。？]{0,3}(?:之前|以前|前)"
)
"""Something was done or bought before signing up for a benefit."""
_SIGNS_UP = re.compile(r"怎么[办申签]|申请|签约|登记|备案|认定|鉴定|约定")
_FURTHER = re.compile(r"[几多两]次院|第[二三]次|再次")
_COVERED = 0.8
"""Share of the question's words that a clause must hold to tell the benefit."""


class Tables:
    """Answers from the policies.

    Args:
        search: tells whether a clause says it better than a table.
        listing: what lists have.
    """

    def __init__(self, search: Search, listing: Listing) -> None:
        self._search = search
        self._listing = listing

    def answer(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """Amounts and figures come from the policies, where they hold what is asked."""
        if excluded := _excluded(inquiry) or self._for_others(inquiry):
            return excluded
        if _away_only(inquiry):
            return None
        compares = inquiry.intent is Intent.COMPARISON and (
            inquiry.several
            if inquiry.kinds or comparing.chooses(inquiry)
            else inquiry.several.keys() - {"benefit", "item"}
        )
        if inquiry.intent is not Intent.ESTIMATE and not inquiry.kinds and not compares:
            return None
        if inquiry.county:
            office = self._listing.office(inquiry.county)
            return unanswered.other_county(inquiry, region, self._search.clauses, office)
        if inquiry.intent is Intent.ESTIMATE:
            return self._estimate(inquiry)
        if compares:
            return self._compare(inquiry)
        return self._of_figures(inquiry, region)

    def _of_further_stay(self, inquiry: Inquiry) -> Draft | None:
        """What is written of further stays, where it says that this is left open."""
        documents = set(map(document_of, _policies_clauses(inquiry)))
        own = (c for c in self._search.clauses.values() if c.document in documents)
        open_ = (c for c in own if _FURTHER.search(c.section) and is_silent(c))
        return next(map(clauses.answer_open, open_), None)

    def _for_others(self, inquiry: Inquiry) -> Draft | None:
        """Say that the benefit asked about is for others than the patient."""
        documents = set(map(document_of, _policies_clauses(inquiry) if inquiry.benefit else ()))
        own = (c for c in self._search.clauses.values() if c.document in documents)
        if not (found := for_others(inquiry.text, inquiry.insurance, own)):
            return None
        # What they get instead is asked for in figures, and is not written.
        return replace(clauses.answer_unmet(*found), status=Status.NOT_FOUND)

    def _of_figures(self, inquiry: Inquiry, region: Region) -> Draft | None:
        """A figure of the tables, unless a list or another clause is what is asked about."""
        if draft := self._not_signed_up(inquiry):
            return draft
        if self._elsewhere_answered(inquiry):
            return None
        if asks_of_list(inquiry) and (off := self._listing.off(inquiry, region)):
            return off
        if inquiry.benefit is None:
            if self._listed_in_both(inquiry):
                return ask_insurance()
            inquiry = self._with_benefit(_of_case(inquiry))
        if _counts_stays(inquiry):
            return self._of_further_stay(inquiry)
        draft = self._figure(inquiry)
        if draft and self._another_document_tells(inquiry, draft):
            return None
        listed = self._listing.find(inquiry)
        if draft and listed and asks_of_list(inquiry):
            on_list = clauses.answer_listed(inquiry, listed, self._search.clauses)
            return replace(draft, text=f"{on_list.text}\n\n{draft.text}")
        return draft

    def _listed_in_both(self, inquiry: Inquiry) -> bool:
        """Each scheme has a list, for a benefit of its own, with the disease asked about."""
        found = () if inquiry.insurance else self._listing.find(inquiry)
        on = {self._search.clauses[item.clause].insurance: item.benefit for item in found}
        return on.keys() >= INSURANCES.keys() and len(set(on.values())) > 1

    def _not_signed_up(self, inquiry: Inquiry) -> Draft | None:
        """What a benefit's document tells one who hasn't signed up for it, instead of a share."""
        benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
        if benefit is None or inquiry.away or not _NOT_SIGNED_UP.search(inquiry.message):
            return None
        documents = set(map(document_of, _policies_clauses(inquiry)))
        found = self._search.near(inquiry, f"{benefit.name} {inquiry.message}", "登记备案")
        own = [
            p
            for p in found
            if p.clause.document in documents and _SIGNS_UP.search(p.clause.section)
        ]
        asks = replace(inquiry, intent=Intent.OTHER, kinds=())
        return clauses.answer(asks, own[:1]) if own else None

    def _elsewhere_answered(self, inquiry: Inquiry) -> bool:
        """The question's subject stands in a clause near it, but in none of the benefit's."""
        if len(inquiry.subject) < _SUBJECT or not inquiry.benefit:
            return False
        listed = self._listing.find(inquiry)
        if any(item.benefit == inquiry.benefit for item in listed) or (
            listed and inquiry.benefit == "inpatient"
        ):
            return False  # The subject is what the benefit is for, or the illness of a stay.
        near = self._search.by_words(inquiry, inquiry.text, _NEAR)
        if not near or any(inquiry.benefit == benefit for _, benefit in citing(near[0].id)):
            return False
        policy = clauses_of(inquiry.region or "", inquiry.insurance or "", inquiry.benefit or "")
        own = " ".join(
            words_of(clause) for name in policy if (clause := self._search.clauses.get(name))
        )
        foreign = [term for term in terms(inquiry.subject) if term not in own]
        held = [term for term in foreign if any(term in words_of(clause) for clause in near)]
        return bool(foreign) and len(held) * 2 >= len(foreign)

    def _another_document_tells(self, inquiry: Inquiry, draft: Draft) -> bool:
        """Of its own documents the table knows all; a look at the words spares most a search."""
        documents = set(map(document_of, marked(draft.text) or _policies_clauses(inquiry)))
        near = self._search.by_words(inquiry, inquiry.text, _NEAR)
        if near and near[0].document in documents:
            return False
        better = better_told(inquiry, draft, rank(inquiry, self._search.passages(inquiry)))
        return better is not None and better.document not in documents

    def _compare(self, inquiry: Inquiry) -> Draft | None:
        """Figures side by side, in the scheme told, or in all where they are the same."""
        if asks_of_list(inquiry) and not inquiry.kinds:
            return None
        inquiry = self._with_benefit(inquiry)
        if inquiry.insurance or "insurance" in inquiry.several or not self._scheme_open(inquiry):
            return comparing.compare(inquiry)
        of_schemes = (comparing.compare(replace(inquiry, insurance=name)) for name in INSURANCES)
        found = [draft for draft in of_schemes if draft]
        same = len({draft.figures for draft in found}) == 1
        return found[0] if same else ask_insurance() if found else None

    def _estimate(self, inquiry: Inquiry) -> Draft | None:
        if inquiry.insurance is None and "insurance" not in inquiry.unknown:
            return ask_insurance()
        if (inquiry.region, inquiry.insurance) not in schemes():
            return None
        return estimates.answer(inquiry, self._search.clauses)

    def _figure(self, inquiry: Inquiry) -> Draft | None:
        if inquiry.insurance is None and inquiry.benefit and self._scheme_open(inquiry):
            only = figures.only_scheme(inquiry, tuple(INSURANCES))
            if only and self._other_tells(inquiry, only):
                return ask_insurance()
            if only:
                inquiry = replace(inquiry, insurance=only)
            elif same := figures.shared(inquiry, tuple(INSURANCES)):
                return same
            else:
                having = (figures.holds(replace(inquiry, insurance=name)) for name in INSURANCES)
                return ask_insurance() if any(having) else None
        open_ = inquiry.benefit is None and "benefit" not in inquiry.unknown
        if open_ and (not inquiry.subject or not self._search.passages(inquiry)):
            offered = figures.benefits_with(inquiry)
            if len(offered) > 1:
                return ask("benefit", "请问您问的是哪一项待遇？", offered)
            inquiry = replace(inquiry, benefit=next(iter(offered), None))
        return figures.answer(inquiry, self._search.clauses)

    def _other_tells(self, inquiry: Inquiry, scheme: str) -> bool:
        """Whether a clause near in words is of the other scheme: what isn't a figure there."""
        near = self._search.by_words(inquiry, inquiry.text, _NEAR)
        return any(clause.insurance not in (scheme, "both") for clause in near)

    def _with_benefit(self, inquiry: Inquiry) -> Inquiry:
        """Take the benefit from the best clause, where policies cite it for one benefit."""
        if inquiry.benefit is not None:
            return inquiry
        graded = "hospital_level" in (*inquiry.facts, *inquiry.several)
        before = "deductible" in inquiry.kinds and not inquiry.away
        operated = _OPERATED.search(inquiry.text) and inquiry.facts.get("item") != "outpatient"
        bare = (graded or before) and len(inquiry.subject) < _SUBJECT
        if bare or operated or "admission_no" in inquiry.facts:
            # 三级医院报几成, 起付线多少, and nothing else, or an operation: one stays there.
            of_stay = replace(inquiry, benefit="inpatient")
            of_schemes = (replace(of_stay, insurance=name) for name in _open_schemes(inquiry))
            if any(map(figures.holds, of_schemes)):
                return of_stay
        for passage in self._search.passages(inquiry)[:1]:
            cited = [
                (insurance, benefit)
                for insurance, benefit in citing(passage.clause.id)
                if inquiry.insurance in (None, insurance)
            ]
            words = words_of(passage.clause)
            on_subject = all(term in words for term in terms(inquiry.subject))
            if cited and on_subject and passage.coverage >= _COVERED:
                return replace(inquiry, benefit=cited[0][1])
        if inquiry.away and ("route" in inquiry.facts or "pay_first" in inquiry.kinds):
            # Going elsewhere tells the benefit, where just one has a figure for it.
            schemes_ = (replace(inquiry, insurance=name) for name in _open_schemes(inquiry))
            of_each = map(figures.benefits_with, schemes_)
            offered = {benefit for offers in of_each for benefit in offers}
            if len(offered) == 1:
                return replace(inquiry, benefit=offered.pop())
        return inquiry

    def _scheme_open(self, inquiry: Inquiry) -> bool:
        """More than one scheme of the place has what is asked for."""
        fitting = insurances_with(inquiry.region, inquiry.benefit)
        return len(fitting) > 1 and "insurance" not in inquiry.unknown


def better_told(inquiry: Inquiry, draft: Draft, ranked: Sequence[Passage]) -> Clause | None:
    """Return the clause that is surely meant, far ahead of those that a draft rests on."""
    if not ranked or ranked[0].confidence < _SURE:
        return None
    first, *others = ranked
    own = set(marked(draft.text)) or _policies_clauses(inquiry)
    if first.clause.id in own:
        return None
    if inquiry.benefit in first.clause.lists:
        return None  # A list of what the benefit is for holds none of its figures.
    near = any(p.score >= first.score - _FAR for p in others if p.clause.id in own)
    return None if near else first.clause


def _policies_clauses(inquiry: Inquiry) -> set[str]:
    """Return what the benefit asked about rests on, in each scheme that may be meant."""
    where, benefit = inquiry.region or "", inquiry.benefit or ""
    return {c for name in _open_schemes(inquiry) for c in clauses_of(where, name, benefit)}


def _open_schemes(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the scheme told; all where none is."""
    return (inquiry.insurance,) if inquiry.insurance else tuple(INSURANCES)


def _counts_stays(inquiry: Inquiry) -> bool:
    """What comes before the share of a further stay is asked, of which no policy says anything."""
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    further = int(inquiry.facts.get("admission_no", 1)) > 1 and "deductible" in inquiry.kinds
    return further and benefit is not None and "admission_no" not in benefit.facts


def _away_only(inquiry: Inquiry) -> bool:
    """The benefit is that of care elsewhere, and the patient says to be treated at home."""
    told_home = inquiry.facts.get("route") == "local" and not inquiry.away
    return told_home and of_care_elsewhere(inquiry)


def _of_case(inquiry: Inquiry) -> Inquiry:
    """Take the benefit of the estimate before, where it has a figure of the kind asked for."""
    case = inquiry.known.case
    if case is None or case.benefit is None or inquiry.insurance is None:
        return inquiry
    of_case = replace(inquiry, benefit=case.benefit)
    return of_case if figures.holds(of_case) else inquiry


def _excluded(inquiry: Inquiry) -> Draft | None:
    """Say that the scheme excludes the benefit, where it does."""
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    if benefit is None or benefit.excluded is None:
        return None
    return Draft(Status.ANSWERED, f"{benefit.excluded.text}。{marks(benefit.excluded.cite)}")
