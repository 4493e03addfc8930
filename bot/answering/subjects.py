"""What a question is about that not every city's documents speak of, such as premiums or dentures.

Where no clause of the place speaks of it, the nearest one would answer something else. The subjects
stand in ``subjects.toml``; whether a city's documents speak of one is looked up in its clauses.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.answering.choosing import of_other_benefit, of_others, open_to
from bot.retrieval import Passage
from bot.understanding.cues import first_said
from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from corpus.documents import Clause
from corpus.text import normalise
from tools.settlement import find_benefit

_FILE = Path(__file__).with_name("subjects.toml")
_OF_BENEFIT = {"deductible", "threshold"}
"""Kinds of figures that only a benefit has: a subject named beside them is said in passing."""
_BARE = 5
"""A message of so few characters (要钱不) is about what it leans on."""
_WITHIN = re.compile(
    r"其中|包括|包含|连|不算|除外|(?:住院|住了?院|手术|开刀)[^，。？]{0,6}(?:花|用了|总|一共)"
)
"""An expense is told as a part of a bill, or beside that of a stay."""
_PART = re.compile(r"[^，。？；]+")
_CARE = re.compile(
    r"住院|出院|备案|转院|转诊|起付|封顶|生孩子|分娩|剖腹|特药|大病|慢性?病|门[慢特统]"
)
"""What the asking part of a question may be about by itself."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject and how it is spoken of, in normalised text."""

    name: str
    """As a patient reads it."""
    asked: re.Pattern[str]
    written: re.Pattern[str]
    unless: re.Pattern[str] | None
    figures: bool = False
    """Whether it is a benefit, of which a deductible or a share may be asked."""
    apart: bool = False
    """Whether it is an expense of its own, and no part of the bill of a stay or a visit."""
    general: bool = False
    """Whether it is of the insurance as a whole: a clause on one benefit answers for that only."""

    def asked_in(self, text: str) -> list[tuple[int, int]]:
        """Where a question is about it, and doesn't only tell it before asking of care."""
        if self.unless and self.unless.search(text):
            return []
        found = [said.span() for said in self.asked.finditer(text)]
        asking = [part.span() for part in _PART.finditer(text) if _asks(part[0])]
        anywhere = not any(_CARE.search(text, *span) for span in asking)
        return [
            (begins, ends)
            for begins, ends in found
            if anywhere or any(begins < end and start < ends for start, end in asking)
        ]

    def written_in(self, clause: Clause) -> bool:
        """Whether a clause speaks of it; how patients ask for the clause doesn't count."""
        return bool(self.written.search(normalise(f"{clause.heading} {clause.text}")))

    def written_in_any(self, clauses: Iterable[Clause]) -> bool:
        """Whether one of the clauses speaks of it."""
        return any(map(self.written_in, clauses))


def asked_about(inquiry: Inquiry) -> tuple[Subject, ...]:
    """Return the subjects that a question is about; none where it asks for a benefit's figures."""
    of_bill = inquiry.intent is Intent.ESTIMATE and inquiry.known.benefit is not None
    if of_bill or not _OF_BENEFIT.isdisjoint(inquiry.kinds):
        billed = "expense" in inquiry.facts
        named = named_in(inquiry.text)
        apart = not _WITHIN.search(inquiry.message)
        return tuple(s for s in named if (s.apart and apart) or (s.figures and not billed))
    # A follow-up that asks of care by itself has left the subject before.
    own = _asks(inquiry.message) and _CARE.search(inquiry.message)
    bare = len(inquiry.message) <= _BARE and not (inquiry.kinds or _CARE.search(inquiry.message))
    leaning = inquiry.context if bare else ""
    return named_in(inquiry.message if own else f"{leaning} {inquiry.text}".strip())


def beyond(inquiry: Inquiry) -> bool:
    """Whether a share is asked of a benefit that is a subject, and not the one understood."""
    if "rate" not in inquiry.kinds or "cap" in inquiry.kinds:
        return False
    if inquiry.intent is Intent.ESTIMATE or "expense" in inquiry.facts or not inquiry.insurance:
        return False
    benefit = find_benefit(inquiry.region, inquiry.insurance, inquiry.benefit)
    names = (benefit.name, *benefit.also) if benefit else ()
    asked = (subject for subject in named_in(inquiry.message) if subject.figures)
    return any(not any(subject.asked.search(name) for name in names) for subject in asked)


def named_in(text: str) -> tuple[Subject, ...]:
    """Return the subjects that a normalised question is about.

    A longer one takes its words: 产假的生育津贴 is the allowance, not the leave.
    """
    found = {subject: spans for subject in _subjects() if (spans := subject.asked_in(text))}
    return tuple(
        subject
        for subject, spans in found.items()
        if not all(
            any(_within(span, wider) for other in found.values() for wider in other)
            for span in spans
        )
    )


def _within(span: tuple[int, int], wider: tuple[int, int]) -> bool:
    return span != wider and wider[0] <= span[0] and span[1] <= wider[1]


def unwritten(inquiry: Inquiry, clauses: Iterable[Clause]) -> tuple[str, ...]:
    """Return the names of the subjects asked about that no clause of the place speaks of."""
    if not (subjects := asked_about(inquiry)):
        return ()
    said = f"{inquiry.context} {inquiry.text}"
    own = [clause for clause in open_to(inquiry, clauses) if not of_others(clause, said)]
    at_large = [clause for clause in own if not of_other_benefit(clause, inquiry.benefit, said)]
    return tuple(s.name for s in subjects if not s.written_in_any(at_large if s.general else own))


def spoken_of(subjects: Iterable[Subject], passages: Iterable[Passage]) -> bool:
    """Whether a passage speaks of one of the subjects."""
    clauses = [passage.clause for passage in passages]
    return any(subject.written_in_any(clauses) for subject in subjects)


def on_subject(inquiry: Inquiry, ranked: Sequence[Passage]) -> Sequence[Passage]:
    """The passages in their order, those that speak of what is asked about first."""
    subjects = asked_about(inquiry)
    return sorted(ranked, key=lambda p: -sum(s.written_in(p.clause) for s in subjects))


def _asks(part: str) -> bool:
    return first_said(part, "intent") is not None


@cache
def _subjects() -> tuple[Subject, ...]:
    content = tomllib.loads(_FILE.read_text("utf-8"))
    words: dict[str, str] = content["words"]

    def pattern(said: Sequence[str]) -> re.Pattern[str]:
        joined = "|".join(said)
        for name, piece in words.items():
            joined = joined.replace(f"<{name}>", piece)
        return re.compile(joined)

    return tuple(
        Subject(
            name,
            asked=pattern(said["asked"]),
            written=pattern(said.get("written", said["asked"])),
            unless=pattern(said["unless"]) if "unless" in said else None,
            figures=said.get("figures", False),
            apart=said.get("apart", False),
            general=said.get("general", False),
        )
        for name, said in content["subjects"].items()
    )
