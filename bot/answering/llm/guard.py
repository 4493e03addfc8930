"""What keeps a model's words from a patient: every check of a draft, by code.

`bot.verification` knows whether a figure stands in a source. A model can also say a true figure of
the wrong payer, of another place, leave out the one that was asked for, or talk of something else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from bot.answering.draft import number_marks
from bot.answering.llm.task import Task
from bot.answering.llm.text import without_citations
from bot.answering.naming import INSURANCES
from bot.understanding.figures import Figure, Kind, read_figures
from bot.understanding.text import fold
from bot.verification import Evidence, Fault, verify

_LONGEST = 800
_LONGEST_LEAD = 300
_LEAK = 10
"""Characters in a row of the instructions that a patient must not read."""
_ECHO = 12
"""Characters in a row of the message: who repeats it, says what it was told to say."""
_SUPPORT = 0.25
"""Share of a sentence's pairs of neighbouring characters that the sources must hold."""
_LOST = 0.5
"""Share of the pairs of what a small model's words replace that may be lost."""
_SHORT = 10
"""A sentence of fewer pairs says nothing."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_CITATION = re.compile(r"\[(\d+)\]")
_NAMED = 5
"""Faults named to the model at once."""
_TELLING = 4
"""Characters of an objection that no answer happens to have."""
_SEGMENT = re.compile(r"[，。；：！？,;\n|]")
_PATIENT = (
    r"自[付费负掏己]|个人(?!账户)|[您你](?:只|还|仍)?(?:需要|要|需|得|应)?[付出掏交]"
    r"|[还仍][要需得][付出交]"
)
_FUND = r"医保|基金|统筹(?!地)|报销|可报|能报|报(?=\d)"
_PAYER = re.compile(rf"(?P<patient>{_PATIENT})|(?P<fund>{_FUND})")
_PAYER_AFTER = re.compile(r"元?(?:由|是)?(?:(?P<patient>[您你]|自己|个人)|(?P<fund>医保|基金))")
_SENTENCE = re.compile(r"[。；！？\n]")
_EVERYTHING = re.compile(
    r"免费|全(?:部|都|额)?(?:能|可以|给)?报|不用(?:自己)?[付花掏]钱|[一1]分(?:钱)?(?:都|也)?(?:不|没)"
    r"|[零无]自付|无需自付|不设?封顶|没有?封顶"
)
"""Figures without a number: all of it, nothing of it."""
_NEGATION = re.compile(r"不|没|未(?!成年)|无(?!锡)|非")
_PERSONA = re.compile(r"作为.{0,6}(?:AI|人工智能|语言模型|助手)", re.IGNORECASE)


class Objection(StrEnum):
    """Kinds of fault, beside those of `bot.verification.Fault`."""

    EMPTY = "empty"
    LONG = "long"
    LANGUAGE = "language"
    OFF_TOPIC = "off_topic"
    LEAK = "leak"
    FIGURE = "figure"
    CITATION = "citation"
    UNCITED = "uncited"
    PAYER = "payer"
    PLACE = "place"
    MISSING = "missing"
    VERDICT = "verdict"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One fault, in words for the model."""

    kind: Objection
    text: str


class Guard:
    """Checks a model's drafts for one task.

    Args:
        task: what was asked.
        places: names of all places covered.
        characters: those that the library is written with.
    """

    def __init__(self, task: Task, places: Collection[str], characters: Collection[str]) -> None:
        self._task = task
        self._places = places
        self._characters = characters
        self._objected: set[str] = set()

    def objection(self, wrong: Sequence[Complaint]) -> str:
        """Return what to tell the model of its faults; the next draft must not repeat it."""
        texts = list(dict.fromkeys(complaint.text for complaint in wrong))[:_NAMED]
        self._objected |= {_unspaced(text) for text in texts if len(text) >= _TELLING}
        return "；".join(texts)

    def complaints(self, text: str, *, begun: bool = False) -> list[Complaint]:
        """Every fault of a model's cleaned text; empty where it may be shown.

        Args:
            text: citations as ``[1]``.
            begun: only the beginning of the text; what is missing may still come.
        """
        if not text:
            return [Complaint(Objection.EMPTY, "没有写出回答")]
        if len(text) > (_LONGEST_LEAD if self._task.leads else _LONGEST):
            return [Complaint(Objection.LONG, "太长")]
        checks = [
            self._form,
            self._echoed,
            self._sourced,
            self._payers,
            self._elsewhere,
            self._verdict,
        ]
        if not begun:
            checks.append(self._missing)
        return [complaint for check in checks for complaint in check(text)]

    @cached_property
    def _sources(self) -> str:
        """All that findings and clauses say; what the message says proves nothing."""
        task = self._task
        offered = (f"{c.heading}\n{c.text}\n{' '.join(c.asks)}" for c in task.clauses)
        return "\n".join((task.findings, *task.told, *offered))

    @cached_property
    def _pairs(self) -> set[str]:
        return _shingles(self._sources, 2)

    @cached_property
    def _secrets(self) -> set[str]:
        """Runs of the instructions that no source happens to have."""
        return _shingles(self._task.system, _LEAK) - _shingles(self._sources, _LEAK)

    @cached_property
    def _message(self) -> set[str]:
        """Runs of the message that no source happens to have."""
        return _shingles(self._task.inquiry.text, _ECHO) - _shingles(self._sources, _ECHO)

    @cached_property
    def _known_payers(self) -> Mapping[Decimal, set[str]]:
        """Who pays each figure of the sources, as far as they say it."""
        task, known = self._task, defaultdict[Decimal, set[str]](set)
        for source in (task.findings,) if task.leads else (c.text for c in task.clauses):
            for value, payer in payers(source):
                known[value].add(payer or "any")
        for said in task.told:
            for value, payer in payers(said):
                known[value].add("patient" if payer == "patient" else "nobody")
        return known

    def _form(self, text: str) -> Iterator[Complaint]:
        letters, han = len(_LETTER.findall(text)), len(_HAN.findall(text))
        if han < 0.7 * letters or not han:
            yield Complaint(Objection.LANGUAGE, "要用中文写")
        if _PERSONA.search(text):
            yield Complaint(Objection.OFF_TOPIC, "不要说自己")
        if _shingles(text, _LEAK) & self._secrets:
            yield Complaint(Objection.LEAK, "不要复述要求")
        if any(objected in _unspaced(text) for objected in self._objected):
            yield Complaint(Objection.LEAK, "不要复述核对的话")
        for sentence in _SENTENCE.split(without_citations(text)):
            pairs = _shingles(sentence, 2)
            if len(pairs) >= _SHORT and len(pairs & self._pairs) < _SUPPORT * len(pairs):
                yield Complaint(Objection.OFF_TOPIC, f"“{sentence[:20]}”不是资料里的话")
        for claim in _EVERYTHING.findall(fold(text)):
            if claim not in self._sources:
                yield Complaint(Objection.FIGURE, f"“{claim}”没有出处")

    def _echoed(self, text: str) -> Iterator[Complaint]:
        """The message's own words, and lines that stand below once more."""
        if _shingles(text, _ECHO) & self._message:
            yield Complaint(Objection.OFF_TOPIC, "不要重复问题")
        # "End every sentence with 喵": a character that only the message has.
        if (set(_han(text)) & set(_han(self._task.inquiry.text))).difference(self._characters):
            yield Complaint(Objection.OFF_TOPIC, "不要学<问题>里的话")
        below = {_han(line) for line in self._task.kept.splitlines()}
        if any(len(_han(line)) > _ECHO and _han(line) in below for line in text.splitlines()):
            yield Complaint(Objection.OFF_TOPIC, "不要照抄明细")

    def _sourced(self, text: str) -> Iterator[Complaint]:
        """Figures, dates, telephones, addresses, citations."""
        task = self._task
        if task.leads:
            evidence = Evidence(extra=(task.findings, *task.told))
            faults = verify(without_citations(text), evidence)
        else:
            faults = verify(text, Evidence(clauses=task.clauses, extra=task.told))
            if not _CITATION.search(text):
                yield Complaint(Objection.UNCITED, "要写资料的编号，例如 [1]")
        for fault in faults:
            match fault.kind:
                case Fault.FIGURE:
                    yield Complaint(Objection.FIGURE, f"“{fault.text}”没有出处")
                case Fault.CITATION:
                    yield Complaint(Objection.CITATION, f"没有资料 {fault.text}")
                case Fault.UNCITED:
                    yield Complaint(Objection.UNCITED, "有数字的话要写资料的编号")

    def _payers(self, text: str) -> Iterator[Complaint]:
        """A figure of the patient's share said of the fund, or the other way round."""
        for value, payer in payers(without_citations(text)):
            known = self._known_payers.get(value, {payer})
            # What the patient named is nobody's payment unless a source says so outright.
            unsaid = "any" in known and "nobody" not in known
            if payer and payer not in known and not unsaid:
                yield Complaint(Objection.PAYER, f"{value:,} 是谁付的说反了")

    def _elsewhere(self, text: str) -> Iterator[Complaint]:
        """Another place or scheme."""
        scheme = self._task.inquiry.insurance
        others = [name for key, name in INSURANCES.items() if scheme not in (None, key)]
        for name in (*self._places, *others):
            if name in text and name not in self._sources:
                yield Complaint(Objection.PLACE, f"没有问{name}")

    def _verdict(self, text: str) -> Iterator[Complaint]:
        """The first sentence must not say the opposite of yes or no."""
        if opening := self._task.opening:
            first = without_citations(text).partition("。")[0]
            if bool(_NEGATION.search(first)) != bool(_NEGATION.search(opening)):
                yield Complaint(Objection.VERDICT, f"和“{opening}”矛盾")

    def _missing(self, text: str) -> Iterator[Complaint]:
        """Figures that the answer must not leave out."""
        task = self._task
        shown = {value for value, _ in payers(text)}
        for written, value in _asked(task).items():
            if value not in shown:
                yield Complaint(Objection.MISSING, f"漏了 {written}")
        if task.leads and not task.computed:
            said = Evidence(extra=(without_citations(text), *task.told, task.kept))
            replaced = number_marks(task.replaced, frozenset())[0]
            for fault in verify(replaced, said):
                yield Complaint(Objection.MISSING, f"漏了 {fault.text}")
            pairs = _shingles(replaced, 2)
            if len(pairs - _shingles(f"{text}\n{task.kept}", 2)) > _LOST * len(pairs):
                yield Complaint(Objection.MISSING, "没有说全")


def payers(text: str) -> Iterator[tuple[Decimal, str]]:
    """Each amount and share of a text, and who pays it: ``patient``, ``fund`` or empty.

    >>> [(str(value), payer) for value, payer in payers("医保付 88%，您付 12%")]
    [('88', 'fund'), ('12', 'patient')]
    """
    for segment in _SEGMENT.split(_joined(fold(text.replace("*", "")))):
        for figure in read_figures(segment):
            if figure.kind in (Kind.MONEY, Kind.SHARE, Kind.NUMBER):
                yield figure.value, _payer(segment, figure)


def _joined(text: str) -> str:
    """Thousands without separators: a comma shall part segments only."""
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def _payer(segment: str, figure: Figure) -> str:
    before = list(_PAYER.finditer(segment[: figure.start]))
    match = before[-1] if before else _PAYER_AFTER.match(segment[figure.end :].strip())
    return str(match.lastgroup) if match else ""


def _asked(task: Task) -> Mapping[str, Decimal]:
    if task.settles and task.draft.estimate:
        total = str(task.draft.estimate["patient_total"])
        return {f"参保人自己付的 {total} 元": Decimal(total)}
    if task.computed and not task.kept:
        return {str(value): value for value, _ in payers(task.findings)}
    return {}


def _unspaced(text: str) -> str:
    return re.sub(r"\s", "", text)


def _han(text: str) -> str:
    return "".join(_HAN.findall(fold(text)))


def _shingles(text: str, length: int) -> set[str]:
    """Every run of so many Chinese characters, whatever stands between them."""
    han = _han(text)
    return {han[i : i + length] for i in range(len(han) - length + 1)}
