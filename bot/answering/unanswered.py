"""What is said where the documents don't answer: whom to ask, what could be asked instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.answering.choosing import open_to
from bot.answering.draft import Draft, mark
from bot.answering.institutions import Institution
from bot.answering.naming import INSURANCES
from bot.reply import Status
from bot.understanding.inquiry import Inquiry
from bot.understanding.lists import sentences
from corpus.documents import Clause
from corpus.regions import Region

# The hotlines in these texts are the product's own, not a document's: each text vouches for itself.


def uncovered(place: str, regions: Iterable[Region]) -> Draft:
    """Say that there are no documents of the place where the patient is insured."""
    names = "、".join(region.name for region in regions)
    return _silent(
        f"我手上没有{place}的医保资料，不敢乱说。"
        f"可以打 12393（国家医保服务热线）或 12333（人社服务热线），"
        f"也可以问{place}的医保经办机构。我现在能回答的是{names}的医保。"
    )


def other_county(
    inquiry: Inquiry, region: Region, clauses: Mapping[str, Clause], office: Institution | None
) -> Draft:
    """Say that the city's figures aren't those of a county with a pool of its own; who knows."""
    county = inquiry.county or ""
    excluding = (
        mark(clause.id)
        for clause in open_to(inquiry, clauses.values())
        if any(county in said and "没有写" in said for said in sentences(clause))
    )
    whom = f"{county}的医保经办机构"
    if office is not None:
        whom = f"{office.name}（{office.told('，')}）{mark(office.clause.id)}"
    return _silent(
        f"{county}的医保是单独统筹的，我手上的资料没有写，"
        f"只写了{region.name}市区的标准，不敢套用。{next(excluding, '')}"
        f"可以打 12393（国家医保服务热线），或问{whom}。"
    )


def not_found(
    inquiry: Inquiry, region: Region, clauses: Mapping[str, Clause], subjects: Sequence[str] = ()
) -> Draft:
    """Say that the documents don't say, and who may know; name the subjects that they lack."""
    asked = "和".join(f"“{name}”" for name in subjects) or "您问的这件事"
    scheme = INSURANCES.get(inquiry.insurance or "", "医保")
    office = ""
    if region.hotline:
        office = f"，或 {region.hotline}（{region.office}）{mark(region.cite)}"
    return _silent(
        f"我手上的资料里没有写明{asked}（{region.name}{scheme}），不敢乱说。"
        f"可以打 12393（国家医保服务热线）{office}问。",
        _samples(inquiry, clauses),
    )


def noted(inquiry: Inquiry, region: Region, clauses: Mapping[str, Clause]) -> Draft:
    """Take down who the patient is, and ask what the question is."""
    scheme = INSURANCES.get(inquiry.insurance or "", "医保")
    text = f"好，记下了：{region.name}{scheme}。您想问什么？比如能报多少、怎么办、要带什么。"
    return Draft(Status.CLARIFY, text, follow_ups=_samples(inquiry, clauses))


def _silent(text: str, samples: tuple[str, ...] = ()) -> Draft:
    return Draft(Status.NOT_FOUND, text, follow_ups=samples, figures=frozenset({text}))


def _samples(inquiry: Inquiry, clauses: Mapping[str, Clause]) -> tuple[str, ...]:
    """Offer questions that the documents of the place do answer."""
    fitting = [
        clause
        for clause in clauses.values()
        if clause.region == inquiry.region
        and clause.asks
        and inquiry.insurance in (None, clause.insurance)
    ]
    step = max(len(fitting) // 3, 1)
    return tuple(f"{clause.asks[0]}？" for clause in fitting[::step][:3])
