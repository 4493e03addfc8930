"""The clauses that may answer an inquiry: by its words, and by what it leans on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering import subjects
from bot.answering.choosing import GROUPS, documents_told, fits_care, holds, open_to
from bot.retrieval import Passage, Retriever
from bot.understanding.inquiry import Inquiry
from bot.understanding.lists import sentences
from bot.understanding.topics import with_stays_named
from corpus.documents import Clause
from corpus.text import terms
from tools.settlement import FACTS

_SEE = re.compile(r"见《(?P<title>[^》]+)》的“(?P<section>[^”]+)”")
_REACHES = ("省内", "跨省")
_AWAY = "异地就医 备案"
"""What a question about care elsewhere is about, where it doesn't say so itself."""
_SHORT = 14
"""A message of so many characters may lean on the question before it."""
_POINTS_BACK = re.compile(
    r"[这那]种|[这那]样|^那|那边|也要|还要|到时候?|[这那]个(?:备案|手续|证明?|卡|单子?|表|待遇|病)|(?:新|旧|原来|补办?|办好?)的[^，。？]{0,2}(?:还|来不及|没|要|呢)|^要是|^如果|^换成|这[次回]|上次|刚才"
)


class Search:
    """Looks for clauses of the place and scheme of an inquiry.

    Args:
        retriever: searches the clauses of all places.
    """

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        return self._retriever.clauses

    def passages(self, inquiry: Inquiry) -> tuple[Passage, ...]:
        """Return the clauses that may answer, best first."""
        return _of_case(inquiry, self._found(inquiry))

    def _found(self, inquiry: Inquiry) -> tuple[Passage, ...]:
        if inquiry.region is None:
            return ()
        found = self.near(inquiry, inquiry.text)
        if (about := subjects.asked_about(inquiry)) and not subjects.spoken_of(about, found):
            # "交上去几天能打到卡里" shares no word with the clause that speaks of it.
            named = self.near(inquiry, inquiry.text, *(subject.name for subject in about))
            found = named if subjects.spoken_of(about, named) else found
        if inquiry.context and (
            not found or _leans(inquiry.message) or all(_too_far(inquiry, p.clause) for p in found)
        ):
            # "去窗口办要带什么" is about what was asked before, if a clause of that speaks of it.
            within = self.near(inquiry, inquiry.text, inquiry.context)
            said = terms(inquiry.message)
            if within and (not found or holds(within[0], said) >= holds(found[0], said)):
                return within
            there = {passage.clause.id for passage in found}
            going_on = documents_told(inquiry)
            found += tuple(
                p for p in within if p.clause.document in going_on and p.clause.id not in there
            )
        if not found and inquiry.benefit == "inpatient":
            # "我住的医院，最多能出来几个小时" speaks of a stay without its name.
            found = self.near(inquiry, with_stays_named(inquiry.text))
        if not found and inquiry.away:
            found = self.near(inquiry, inquiry.text, _AWAY)
        return found

    def near(self, inquiry: Inquiry, text: str, *hints: str) -> tuple[Passage, ...]:
        """Return the clauses near a text, and near what the conversation adds to it."""
        return self._retriever.search(
            text,
            inquiry.region or "",
            inquiry.insurance,
            hints=tuple(filter(None, hints)),
            going_on=documents_told(inquiry),
        )

    def by_words(self, inquiry: Inquiry, text: str, count: int) -> tuple[Clause, ...]:
        """Return the clauses that share words with a text; quick."""
        found = self._retriever.by_words(text, inquiry.region or "", inquiry.insurance, count)
        return tuple(clause for clause in found if fits_care(clause, inquiry))

    def referred(self, inquiry: Inquiry, ranked: Sequence[Passage]) -> Sequence[Passage]:
        """Put the clause first that the best one refers the patient's group to.

        健康扶贫患者还要审批，见《…》的“…”.
        """
        said = f"{inquiry.context} {inquiry.text}"
        first = ranked[0].clause
        told = [
            g for g in GROUPS if re.search(g.said, said) and not re.search(g.titles, first.title)
        ]
        for sentence in sentences(first):
            see = _SEE.search(sentence)
            if not see or not any(re.search(group.titles, sentence) for group in told):
                continue
            for clause in open_to(inquiry, self.clauses.values()):
                if (clause.title, clause.section) == (see["title"], see["section"]):
                    rest = (p for p in ranked[1:] if p.clause.id != clause.id)
                    return (replace(ranked[0], clause=clause), *rest)
        return ranked

    def finds(self, text: str, region: str) -> bool:
        """Whether a place has a clause near a text."""
        return bool(self._retriever.search(text, region))


def _of_case(inquiry: Inquiry, found: Sequence[Passage]) -> tuple[Passage, ...]:
    """Leave out clauses for another way of going elsewhere than the one spoken of.

    Documents on the several ways have sections of the same name. The way is named, told before, or
    that of the last answer; care in another province has documents of its own.
    """
    ways = _reaches_named(inquiry)
    near = [p for p in found if not _too_far(inquiry, p.clause)]
    near = [p for p in near if fits_care(p.clause, inquiry)] or near
    if "route" in inquiry.facts:
        # 长期异地就医（已备案）
        ways.append(FACTS["route"].values[str(inquiry.facts["route"])].partition("（")[0])
    told = documents_told(inquiry)
    own = [p for p in near if any(way in p.clause.title for way in ways)]
    own = own or [p for p in near if p.clause.document in told]
    sections = {p.clause.section for p in own}
    return tuple(p for p in near if p in own or p.clause.section not in sections) or tuple(found)


def _too_far(inquiry: Inquiry, clause: Clause) -> bool:
    """Whether a clause is on care in another province and not that spoken of, or the reverse."""
    ways = _reaches_named(inquiry)
    reach = inquiry.reach or (ways[0] if len(ways) == 1 else "")
    far = [other for other in _REACHES if reach and other != reach]
    return reach not in clause.heading and any(other in clause.heading for other in far)


def _reaches_named(inquiry: Inquiry) -> list[str]:
    return [reach for reach in _REACHES if reach in inquiry.message]


def _leans(message: str) -> bool:
    """Whether a message may lean on the question before it."""
    return len(message) <= _SHORT or bool(_POINTS_BACK.search(message))
