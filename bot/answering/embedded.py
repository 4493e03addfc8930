"""The embedded answerer: policy tables, settlement tool and clauses, no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answering import clauses, estimates, figures
from bot.answering.asking import ask, ask_fact
from bot.answering.draft import Draft
from bot.reply import Status
from bot.retrieval import Passage, Retriever
from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from corpus.documents import Clause
from corpus.regions import Region
from tools.settlement import schemes

_INSURANCES = {"employee": "职工医保", "resident": "居民医保"}
_NEAR = 0.93
"""A clause of the other scheme whose score comes this near makes the scheme decisive."""


class EmbeddedAnswerer:
    """Answers from what the library and the policies hold.

    Args:
        retriever: searches the clauses.
        regions: the places covered.
    """

    def __init__(self, retriever: Retriever, regions: Mapping[str, Region]) -> None:
        self._retriever = retriever
        self._regions = regions

    def answer(self, inquiry: Inquiry) -> Draft:
        """Answer, ask for one decisive fact, or say that the documents don't say."""
        if inquiry.elsewhere:
            return self._uncovered(inquiry)
        if "region" in inquiry.several and (draft := figures.compare(inquiry)):
            return draft
        region = self._regions.get(inquiry.region or "")
        if region is None:
            return self._ask_region(inquiry)
        if (draft := self._from_tables(inquiry)) is not None:
            return draft
        return self._from_clauses(inquiry, region)

    def passages(self, inquiry: Inquiry) -> tuple[Passage, ...]:
        """Return the clauses that may answer, best first."""
        if inquiry.region is None:
            return ()
        return self._retriever.search(inquiry.text, inquiry.region, inquiry.insurance)

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        return self._retriever.clauses

    def _from_tables(self, inquiry: Inquiry) -> Draft | None:
        """Amounts and figures come from the policies, where they hold what is asked."""
        if inquiry.intent is Intent.ESTIMATE:
            if inquiry.insurance is None and self._scheme_open(inquiry):
                return self._ask_insurance()
            if (inquiry.region, inquiry.insurance) in schemes():
                return estimates.answer(inquiry, self.clauses)
            return None
        if inquiry.several and inquiry.intent is Intent.COMPARISON:
            return figures.compare(inquiry)
        if inquiry.kinds and inquiry.benefit:
            if inquiry.insurance is None and self._scheme_open(inquiry):
                return self._ask_insurance()
            return figures.answer(inquiry)
        return None

    def _scheme_open(self, inquiry: Inquiry) -> bool:
        """More than one scheme of the place has what is asked for."""
        fitting = [
            insurance
            for (region, insurance), scheme in schemes().items()
            if region == inquiry.region
            and (inquiry.benefit is None or inquiry.benefit in scheme.benefits)
        ]
        return len(fitting) > 1 and "insurance" not in inquiry.unknown

    def _from_clauses(self, inquiry: Inquiry, region: Region) -> Draft:
        passages = self.passages(inquiry)
        if not passages:
            return self._not_found(inquiry, region)
        if inquiry.insurance is None and _schemes_differ(passages, inquiry):
            return self._ask_insurance()
        return clauses.answer(inquiry, passages)

    def _ask_region(self, inquiry: Inquiry) -> Draft:
        choices = {region.id: region.name for region in self._regions.values()}
        lead = "各地的规定不一样，请问您的医保是在哪里参加的？"
        if inquiry.away:
            lead = "报销按参保地的规定算，请问您的医保是在哪里参加的？"
        return ask("region", lead, choices)

    def _ask_insurance(self) -> Draft:
        return ask("insurance", "职工医保和居民医保的规定不一样，请问您参加的是哪一种？", _INSURANCES)

    def _uncovered(self, inquiry: Inquiry) -> Draft:
        names = "、".join(region.name for region in self._regions.values())
        text = (
            f"我手上没有{inquiry.elsewhere}的医保资料，不敢乱说。"
            f"可以打 12393（国家医保服务热线）或 12333（人社服务热线），"
            f"也可以问{inquiry.elsewhere}的医保经办机构。我现在能回答的是{names}的医保。"
        )
        return Draft(Status.NOT_FOUND, text)

    def _not_found(self, inquiry: Inquiry, region: Region) -> Draft:
        scheme = _INSURANCES.get(inquiry.insurance or "", "医保")
        office = f"，或 {region.hotline}（{region.office}）" if region.hotline else ""
        text = (
            f"我手上的资料里没有写明您问的这件事（{region.name}{scheme}），不敢乱说。"
            f"可以打 12393（国家医保服务热线）{office}问。"
        )
        return Draft(Status.NOT_FOUND, text, follow_ups=self._samples(inquiry))

    def _samples(self, inquiry: Inquiry) -> tuple[str, ...]:
        """Offer questions that the documents of the place do answer."""
        fitting = [
            clause
            for clause in self.clauses.values()
            if clause.region == inquiry.region
            and clause.asks
            and inquiry.insurance in (None, clause.insurance)
        ]
        step = max(len(fitting) // 3, 1)
        return tuple(f"{clause.asks[0]}？" for clause in fitting[::step][:3])


def _schemes_differ(passages: Sequence[Passage], inquiry: Inquiry) -> bool:
    """The best clause speaks of one scheme only, and the other has one nearly as good."""
    first = passages[0]
    if first.clause.insurance == "both" or "insurance" in inquiry.unknown:
        return False
    return any(
        p.clause.insurance not in ("both", first.clause.insurance)
        and p.score >= _NEAR * first.score
        for p in passages[1:3]
    )
