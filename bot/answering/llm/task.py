"""What is asked of the model for one inquiry, and how its words become the draft.

Where the code has computed the answer, the model only words the lead, and the code's own lines
stay below it; where the answer is a clause, the model words the whole. A small model words leads
only: it reads the embedded answer instead of the clauses, and doesn't call the tool itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bot.answering.draft import Draft, mark, marked, marks, number_marks
from bot.answering.llm.text import without_citations
from bot.answering.naming import labels, yuan
from bot.reply import Status
from bot.understanding.inquiry import Inquiry
from bot.understanding.topics import Intent
from corpus.documents import Clause
from tools.settlement import FACTS

_PROMPTS = Path(__file__).parent / "prompts"
_CLAUSES = 4
_CLAUSE_CHARS = 700
"""Of a clause that the model reads."""
_SMALL_CHARS = 130
"""That a small model reads: on two busy cores it takes a second for 20."""
_QUESTION_CHARS = 400
_OPENING = re.compile(r"^\*\*([^*\d]{1,20}。)\*\*")
_CITATION = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Task:
    """One question for the model."""

    inquiry: Inquiry
    draft: Draft
    """The embedded answer."""
    clauses: tuple[Clause, ...]
    """Those offered; ``[1]`` of the model's text is the first."""
    told: tuple[str, ...]
    """What the patient has said of the case, as the code has understood it.

    Only this vouches for a figure of the patient's: to a model that agrees with "上次说报销100%",
    100% has no source.
    """
    small: bool = False
    """For a model that is slow to read and to write."""

    @property
    def settles(self) -> bool:
        """Whether the answer is a settlement."""
        return self.draft.estimate is not None

    @property
    def computed(self) -> bool:
        """Whether the figures of the answer are the code's."""
        return self.settles or bool(self.draft.figures)

    @property
    def calls(self) -> bool:
        """Whether the model has to call the tool; for a small one the code has called it."""
        return self.settles and not self.small

    @property
    def leads(self) -> bool:
        """Whether the model words only the beginning, over the code's own lines."""
        return self.computed or self.small

    @property
    def system(self) -> str:
        """What the model is told once and for all: the same words first, they are read once."""
        return prompt("small" if self.small else "system")

    @property
    def opening(self) -> str:
        """Yes or no, where the embedded answer has decided it."""
        found = None if self.computed else _OPENING.match(self.draft.text)
        return found[1] if found else ""

    @property
    def findings(self) -> str:
        """The embedded answer as plain text."""
        return number_marks(self.draft.text, frozenset())[0].replace("**", "")

    @property
    def replaced(self) -> str:
        """What of the embedded answer the model's words stand for."""
        return self.draft.text.partition("\n")[0]

    @property
    def kept(self) -> str:
        """What of the embedded answer stands below the model's words."""
        if not self.leads:
            return ""
        if self.computed and not self.settles:
            return self.draft.text if "\n" in self.draft.text else ""
        return self.draft.text.partition("\n")[2]

    def offering(self, passages: Iterable[Clause]) -> Task:
        """Return the task with further clauses that may answer, best first."""
        offered = {clause.id: clause for clause in (*self.clauses, *passages)}
        return replace(self, clauses=tuple(offered.values())[:_CLAUSES])

    def question(self) -> str:
        """Return the prompt."""
        parts = [f"<问题>{_inert(self.inquiry.text[:_QUESTION_CHARS])}</问题>"]
        if self.small:
            return "\n".join([*parts, f"<结论>{_first_lines(self.findings)}</结论>"])
        parts.append(f"<已知>{_inert('；'.join(self.told))}</已知>")
        if self.settles:
            return "\n".join([*parts, prompt("settle")])
        if self.computed:
            return "\n".join([*parts, f"<结论>{self.findings}</结论>", prompt("computed")])
        for number, clause in enumerate(self.clauses, 1):
            text = _inert(f"{clause.heading}\n{clause.text[:_CLAUSE_CHARS]}")
            parts.append(f'<资料 编号="{number}">{text}</资料>')
        parts.append(prompt("answer"))
        if self.opening:
            parts.append(prompt("opening").format(opening=self.opening))
        return "\n".join(parts)

    def answer(self, text: str) -> Draft:
        """Make the draft of the model's cleaned text."""
        if not self.leads:
            text = _CITATION.sub(lambda n: mark(self.clauses[int(n[1]) - 1].id), text)
            return self.draft.with_text(self.opened(text), "llm")
        lead = self.opened(without_citations(text))
        if not self.computed or not self.kept:
            lead += marks(marked(self.replaced))
        return self.draft.with_text(f"{lead}\n{self.kept}".rstrip("\n"), "llm")

    def opened(self, text: str) -> str:
        """Put yes or no before the model's words."""
        if not self.opening:
            return text
        return f"**{self.opening}**" + text.removeprefix(self.opening.rstrip("。")).lstrip("。，")


def task_of(
    inquiry: Inquiry, draft: Draft, clauses: Mapping[str, Clause], *, small: bool = False
) -> Task | None:
    """Return what to ask of the model; None where the embedded draft is the answer.

    Args:
        inquiry: what is asked.
        draft: the embedded answer.
        clauses: all by id.
        small: the model is a small one.
    """
    if draft.status is not Status.ANSWERED:
        return None
    if inquiry.intent is Intent.ESTIMATE and draft.estimate is None:
        return None  # several cases side by side: a table without need of words
    cited = tuple(clauses[clause] for clause in marked(draft.text) if clause in clauses)
    return Task(inquiry, draft, cited[:_CLAUSES], _told(inquiry, draft), small) if cited else None


@cache
def prompt(name: str) -> str:
    """Return a prompt of the folder ``prompts``."""
    return (_PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def _told(inquiry: Inquiry, draft: Draft) -> tuple[str, ...]:
    names = {"region": inquiry.region, "insurance": inquiry.insurance, "benefit": inquiry.benefit}
    told = [
        str(labels(inquiry.region, inquiry.insurance, name).get(value, value))
        for name, value in names.items()
        if value
    ]
    for name, value in inquiry.facts.items():
        # A share that the patient names is theirs only where the settlement was told to use it.
        if name in FACTS and (FACTS[name].kind != "rate" or draft.estimate):
            told.append(_fact(inquiry, name, value))
    return tuple(told)


def _fact(inquiry: Inquiry, name: str, value: str | int | bool) -> str:
    fact = FACTS[name]
    match fact.kind:
        case "amount":
            return f"{fact.label} {yuan(str(value))} 元"
        case "rate":
            return f"{fact.label} {float(value):.0%}"
        case "integer":
            return fact.number[0].format(value)
    own = labels(inquiry.region, inquiry.insurance, name)
    return fact.phrase(value, own) or f"{fact.label}：{own.get(value, value)}"


def _first_lines(text: str) -> str:
    """Return the first lines of a text, as many as a small model has time to read."""
    lines = text.splitlines()
    while len(lines) > 1 and sum(map(len, lines)) > _SMALL_CHARS:
        lines.pop()
    return "\n".join(lines)


def _inert(text: str) -> str:
    """Keep a text from closing the marks that show it as data."""
    return text.replace("<", "〈").replace(">", "〉")
