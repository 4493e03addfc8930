"""Which of the clauses found answers best: a line of weights over what is seen of each.

Retrieval knows how near a clause is in meaning and words. What is asked for (a form of answer, care
elsewhere, one scheme) is known here. The weights stand in ``ranking.toml``, written by
``python -m evals ranking`` from the tuning questions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.answering.choosing import documents_told, holds
from bot.answering.naming import INSURANCES
from bot.retrieval import Passage
from bot.understanding.inquiry import Inquiry, speaks_of_care_elsewhere
from bot.understanding.topics import Intent, intent_of
from corpus.documents import Clause
from corpus.text import normalise, terms

WEIGHTS = Path(__file__).with_name("ranking.toml")

_OF_PAPERS = (Intent.DEADLINE, Intent.CONTACT)
_SILENT = ("没有写", "没写", "未写", "没有说明")
_BEHIND = 4.0
"""How far behind the clause just told another may be that answers what is said now."""
_MORE = 2
"""Terms of the message that it holds beyond those that the clause just told holds."""
_BESIDE = 2.5
"""How far behind the first the clause on the way may be in which one came to care elsewhere."""
_SUDDEN = re.compile(
    r"急[性症诊病救]|突[发然]|抢救|昏[迷倒]|晕[倒过厥]|休克|不省人事|倒[下在地]|大出血|救护车|心梗|脑[梗出]|中风"
)
_UNREGISTERED = re.compile(r"[没未]有?(?:备案|办)")
_NEW_CARD = re.compile(
    r"(?:补|换|重[新做办制])[^，。？]{0,6}卡|卡[^，。？]{0,6}(?:补|换|重[新做办制])[^，。？]{0,2}[了过的好]"
)
"""A card was replaced."""
_DISTRICT = re.compile(r".{2,3}?(?P<name>[^区县市社小园校病]{2})[区县]")
"""The district that a document of a city is on: 无锡锡山区居民医保联合定点."""
_FAILS = re.compile(r"[刷划用读认][^，。？]{0,2}不|不(?:能用|好用|认|灵)|失灵|失效|没反应")
_BEGINNING = 60
"""Characters in which a clause says that the documents leave the question open."""


def rank(inquiry: Inquiry, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages, the one that most likely answers first; the weights' sum is their score."""
    weights = _weights()
    scored = (
        replace(passage, score=sum(weights[name] * value for name, value in seen.items()))
        for seen, passage in zip(features(inquiry, passages), passages, strict=True)
    )
    ranked = _moved_on(inquiry, sorted(scored, key=lambda passage: -passage.score))
    ranked = _of_others_last(inquiry, ranked)
    return _new_card_first(inquiry, _own_way_first(inquiry, ranked))


def _of_others_last(inquiry: Inquiry, ranked: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """What holds for another scheme, or for a district that isn't spoken of, comes last."""
    return tuple(sorted(ranked, key=lambda passage: _of_others(inquiry, passage.clause)))


def _of_others(inquiry: Inquiry, clause: Clause) -> bool:
    schemes = {scheme for scheme, name in INSURANCES.items() if name in clause.section}
    if inquiry.insurance and len(schemes) == 1 and inquiry.insurance not in schemes:
        return True
    part = _DISTRICT.match(clause.title)
    return part is not None and part["name"] not in f"{inquiry.text}{inquiry.context}"


def _new_card_first(inquiry: Inquiry, ranked: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Of a card that doesn't work, the clause on new cards is told to one who has just got one."""
    if not _NEW_CARD.search(inquiry.text) or not _FAILS.search(inquiry.text):
        return ranked
    least = ranked[0].score - _BEHIND if ranked else 0.0
    found = [p for p in ranked if p.score >= least and _NEW_CARD.search(p.clause.section)]
    return _first(found[:1], ranked)


def _own_way_first(inquiry: Inquiry, ranked: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Of sudden illness, or of going unregistered, tells the clause on that.

    One on registering in time comes later, however much it speaks of care elsewhere.
    """
    said = inquiry.away and _SUDDEN.search(inquiry.text)
    sudden = bool(said) or inquiry.facts.get("route") == "emergency"
    stays = inquiry.away or inquiry.facts.get("item") == "inpatient"
    unregistered = stays and inquiry.facts.get("route") == "unregistered"
    if not (sudden or unregistered) or inquiry.intent in _OF_PAPERS or not ranked:
        return ranked
    least = ranked[0].score - _BESIDE
    papers = inquiry.intent is Intent.MATERIALS
    found = [
        p
        for p in ranked
        if p.score >= least
        and (
            _on_sudden(p.clause, away=inquiry.away)
            if sudden
            else _UNREGISTERED.search(p.clause.section)
        )
        and (not papers or "带" in p.clause.text)
    ]
    return _first(found[:1], ranked)


def _first(chosen: Sequence[Passage], ranked: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages in their order, but for those chosen, which come first."""
    return (*chosen, *(p for p in ranked if p not in chosen))


def _on_sudden(clause: Clause, *, away: bool) -> bool:
    """Whether a clause is on sudden illness, at home or elsewhere as the case is."""
    elsewhere = speaks_of_care_elsewhere(clause.heading)
    return "急" in (clause.text if elsewhere and away else clause.section) and elsewhere == away


def _moved_on(inquiry: Inquiry, ranked: Sequence[Passage]) -> tuple[Passage, ...]:
    """The clause just told yields to one of its document that holds more of what is said now.

    It stands first because of the question that it answered, which goes on in this one.
    """
    first = ranked[0] if ranked else None
    if first is None or first.clause.id not in inquiry.known.sources:
        return tuple(ranked)
    said = terms(inquiry.message)
    near = [p for p in ranked if p.score >= first.score - _BEHIND]
    beside = [p for p in near if p.clause.document == first.clause.document]
    more = max(beside, key=lambda p: holds(p, said))
    if holds(more, said) < holds(first, said) + _MORE:
        return tuple(ranked)
    return _first([more], ranked)


def features(inquiry: Inquiry, passages: Sequence[Passage]) -> list[dict[str, float]]:
    """What is seen of each passage, by name; about 0 to 1 each."""
    nearest = max((passage.cosine for passage in passages), default=0.0)
    question = normalise(inquiry.text)
    told = documents_told(inquiry)
    asked, said = terms(inquiry.text), terms(inquiry.message)
    return [
        {
            "score": p.score,
            "cosine": 10 * (p.cosine - nearest),
            "coverage": p.coverage,
            "lexical": p.lexical / 20,
            "said": _held(said, p.clause.text),
            "heading": _held(asked, p.clause.heading),
            "asks": _held(asked, " ".join(p.clause.asks)),
            "section_told": _held(terms(p.clause.section), question),
            "ask_told": max((_held(terms(ask), question) for ask in p.clause.asks), default=0.0),
            "form": _form(inquiry, p.clause),
            "elsewhere": _elsewhere(inquiry, p.clause),
            "list": float(inquiry.intent is Intent.LIST and bool(p.clause.lists)),
            "going_on": float(p.clause.document in told),
            "told": float(p.clause.id in inquiry.known.sources),
            "silent": float(is_silent(p.clause)),
        }
        for p in passages
    ]


def is_silent(clause: Clause) -> bool:
    """Whether a clause says first of all that the documents leave the question open."""
    return any(word in clause.text[:_BEGINNING] for word in _SILENT)


def _held(wanted: Iterable[str], text: str) -> float:
    """The share of the terms, by length, that a text holds."""
    text = normalise(text)
    lengths = [(len(term), term in text) for term in wanted]
    return sum(n for n, held in lengths if held) / max(sum(n for n, _ in lengths), 1)


def _form(inquiry: Inquiry, clause: Clause) -> float:
    """The share of a clause's asks, its section among them, that want the same form of answer."""
    wanted = [_intent(text) is inquiry.intent for text in (*clause.asks, clause.section)]
    return sum(wanted) / len(wanted)


@cache
def _intent(text: str) -> Intent:
    return intent_of(text) or Intent.OTHER


def _elsewhere(inquiry: Inquiry, clause: Clause) -> float:
    """1 where question and clause both speak of care elsewhere, -1 where only the clause does."""
    if not speaks_of_care_elsewhere(clause.heading):
        return 0.0
    return 1.0 if inquiry.away else -1.0


@cache
def _weights() -> Mapping[str, float]:
    return tomllib.loads(WEIGHTS.read_text("utf-8"))
