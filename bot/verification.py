"""No figure without a source: checks a draft before a patient sees it.

Every amount, share, count, date, telephone and web address of a draft, in whatever writing, must
stand in a clause that the draft cites, in the settlement, or in the patient's own words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.understanding.figures import Figure, Kind, read_figures
from bot.understanding.text import fold
from corpus.documents import Clause

_CITATION = re.compile(r"[\[【](\d+(?:[ ,，、-]+\d+)*)[\]】]")
_CLAUSE_ID = re.compile(r"\[+([\w-]+/[\w-]+#[\w-]+)\]+")
_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
_LIST_MARKER = re.compile(
    rf"^[ >|#*-]*(?:\(?\d{{1,2}}[)、.](?!\d)|第?{_HAN_NUMBER}[、步]|\({_HAN_NUMBER}\))",
    re.MULTILINE,
)
_CHOICE = re.compile(r"[①-⑳⑴-⒇](?![①-⑳⓪⑴-⒇]|[%％‰成折元块万千百])")
_MARKUP = re.compile(r"<[^<>]{0,200}>|[*`~_]")
_SPACING = re.compile(r"(?<=\d) +(?=[㐀-鿿%‰])|(?<=[㐀-鿿]) +(?=\d)")
_SENTENCE_END = re.compile(r"[。;!?\n|]")
_PARAMETER = re.compile(r"起付|门槛|封顶|限额|最高|最多|比例|额度|上限")
_PAYS = re.compile(r"(?:付|报|报销|支付|承担|出|补助?|到手)[^,了过]{0,4}$")
_IS_PAID = re.compile(
    r"^[^,]{0,4}(?:医保|基金|统筹|您|自己|个人)[^,了过]{0,2}(?:付|报|支付|承担|出)(?!了|过)"
)
_QUOTED = re.compile(r"您[^,。]{0,3}(?:说|提|讲|问|写|给|告诉|列)[^,。]{0,8}$")
_AFFIRMED = re.compile(r"没错|正确|是的|是对|对的|属实")
_YEARLY = re.compile(r"年度|每年|全年|年内|当年|本年")
_YEAR = Figure(0, 0, Kind.COUNT, Decimal(12), unit="month")
_LIST_ITEM = "item"
_TIME_UNITS = frozenset({"day", "workday", "month", "hour", "age"})
_SHORTEST_LOCAL_NUMBER = 7
"""Digits of a telephone without its area code."""


class Fault(StrEnum):
    """What is wrong with a draft."""

    FIGURE = "figure"
    """A figure that no source gives."""
    CITATION = "citation"
    """A citation of a clause that wasn't offered."""
    UNCITED = "uncited"
    """A paragraph with figures of the policy, but without a citation."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault; ``text`` is the draft's own writing."""

    kind: Fault
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a draft may rest on."""

    clauses: Sequence[Clause] = ()
    """The clauses that ``[1]``, ``[2]``… of the draft mean, in this order."""
    settlement: Mapping[str, Any] | None = None
    """The settlement tool's result."""
    patient: Sequence[str] = ()
    """The patient's own messages."""
    extra: Collection[str] = ()
    """Further figures that the policy tables give, as written: ``"88%"``, ``"12393"``."""


def verify(draft: str, evidence: Evidence) -> list[Violation]:
    """Every fault of the draft; empty where it may be shown."""
    draft = _CHOICE.sub(" ", html.unescape(draft))
    cited, violations = _citations(draft, evidence.clauses)
    sources = _Sources.of(draft, cited, evidence)
    vouched = False
    for paragraph in re.split(r"\n\s*\n", draft):
        # A table or list speaks under the citation of the sentence that announces it.
        continues = vouched and bool(re.match(r"\s*(?:[|>*-]|\d+[.、])", paragraph))
        vouched = continues or bool(_CITATION.search(paragraph))
        figures = list(_figures(paragraph))
        wrong = [w.text for w in figures if not sources.vouch_for(w)]
        violations += [Violation(Fault.FIGURE, text) for text in wrong]
        if not vouched and any(sources.only_policy_gives(w) for w in figures):
            violations.append(Violation(Fault.UNCITED, paragraph.strip()))
    return list(dict.fromkeys(violations))


def _citations(draft: str, clauses: Sequence[Clause]) -> tuple[list[Clause], list[Violation]]:
    """The clauses cited, and the citations of others."""
    cited: dict[int, Clause] = {}
    wrong = []
    for match in _CITATION.finditer(draft):
        for number in map(int, re.findall(r"\d+", match[1])):
            if 1 <= number <= len(clauses):
                cited[number] = clauses[number - 1]
            else:
                wrong.append(Violation(Fault.CITATION, f"[{number}]"))
    offered = {clause.id for clause in clauses}
    wrong += [Violation(Fault.CITATION, c) for c in _CLAUSE_ID.findall(draft) if c not in offered]
    return list(cited.values()), wrong


@dataclass(frozen=True, slots=True)
class _Written:
    """A figure of the draft as it is written, and its sentence before and after it."""

    figure: Figure
    text: str
    before: str
    after: str


def _figures(text: str) -> Iterator[_Written]:
    """The figures of a text; markers of its structure are none."""
    text = fold(_MARKUP.sub("", _CLAUSE_ID.sub(" ", _CITATION.sub(" ", text))))
    text = _SPACING.sub("", _LIST_MARKER.sub(" ", text))
    for figure in read_figures(text):
        if figure.kind is not Kind.LABEL:
            before = _SENTENCE_END.split(text[: figure.start])[-1]
            after = _SENTENCE_END.split(text[figure.end :])[0]
            yield _Written(figure, text[figure.start : figure.end], before, after)


def _all_figures(text: str) -> tuple[Figure, ...]:
    """The figures of a source; 年度 and 每年 say twelve months."""
    figures = tuple(written.figure for written in _figures(text))
    return (*figures, _YEAR) if _YEARLY.search(text) else figures


@lru_cache(maxsize=2048)
def _clause_figures(clause: Clause) -> tuple[Figure, ...]:
    return _all_figures(f"{clause.title}\n{clause.section}\n{clause.as_of}\n{clause.text}")


@dataclass(frozen=True, slots=True)
class _Sources:
    """What vouches for a figure."""

    policy: _Known
    """Cited clauses and the settlement."""
    extra: _Known
    patient: _Known

    @classmethod
    def of(cls, draft: str, cited: Sequence[Clause], evidence: Evidence) -> _Sources:
        policy, extra, patient = _Known(), _Known(), _Known()
        for clause in cited:
            policy.add(*_clause_figures(clause))
        policy.learn_settlement(evidence.settlement or {})
        for text in evidence.extra:
            extra.learn(text)
        # 两件事 may announce a list of two.
        extra.counts.add((Decimal(len(_LIST_MARKER.findall(draft))), _LIST_ITEM))
        for text in evidence.patient:
            patient.learn(text)
        return cls(policy, extra, patient)

    def vouch_for(self, written: _Written) -> bool:
        """Whether the figure has a source.

        What the patient said is no source for policy: a share, a threshold or a part of the bill
        that only they named may be quoted ("您说的 90%"), not stated.
        """
        figure = written.figure
        if self.policy.gives(figure) or self.extra.gives(figure):
            return True
        if not self.patient.gives(figure):
            return False
        sentence = written.before + written.after
        told = _PARAMETER.search(sentence) or _PAYS.search(written.before)
        if figure.kind is not Kind.SHARE and not told and not _IS_PAID.search(written.after):
            return True
        return bool(_QUOTED.search(written.before)) and not _AFFIRMED.search(sentence)

    def only_policy_gives(self, written: _Written) -> bool:
        """Whether the figure rests on a clause or the settlement alone."""
        figure = written.figure
        known = self.extra.gives(figure) or self.patient.gives(figure)
        return self.policy.gives(figure) and not known


@dataclass(slots=True)
class _Known:
    """Figures of the sources, by what they count."""

    numbers: set[Decimal] = field(default_factory=set)
    money: set[Decimal] = field(default_factory=set)
    shares: set[Decimal] = field(default_factory=set)
    counts: set[tuple[Decimal, str]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    """Dates, telephones, web addresses."""

    def learn(self, text: str) -> None:
        """Take in the figures of a text."""
        self.add(*_all_figures(text))

    def add(self, *figures: Figure) -> None:
        """Take in figures."""
        for figure in figures:
            if figure.code:
                self.codes.add(figure.code)
                continue
            for value in (figure.value, figure.upper):
                if value is not None:
                    self._add(figure, value)

    def _add(self, figure: Figure, value: Decimal) -> None:
        if figure.kind is Kind.COUNT:
            self.counts.add((value, figure.unit))
        elif figure.kind is Kind.SHARE:
            self.shares.add(value)
        elif figure.kind is Kind.MONEY:
            self.money.add(value)
        else:
            self.numbers.add(value)

    def learn_settlement(self, settlement: Mapping[str, Any]) -> None:
        """Take in a settlement: its texts, amounts, and rates with the other side's share."""
        texts = []
        for name, value in _leaves(settlement):
            number = _decimal(value)
            if number is None:
                texts.append(str(value))
            elif name == "rate":
                self.shares |= {number * 100, 100 - number * 100}
            else:
                self.numbers.add(number)
        self.learn("\n".join(texts))

    def gives(self, figure: Figure) -> bool:
        """Whether the sources have this figure, in any writing."""
        if figure.kind is Kind.DATE:
            return any(
                code.startswith(figure.code) or code.endswith(figure.code) for code in self.codes
            )
        if figure.code:
            return self._has_code(figure.code)
        return all(self._has(figure, v) for v in (figure.value, figure.upper) if v is not None)

    def _has_code(self, code: str) -> bool:
        local = len(code) >= _SHORTEST_LOCAL_NUMBER and code.isdigit()
        return (
            code in self.codes
            or (code.isdigit() and Decimal(code) in self.numbers)
            or (local and any(known.endswith(code) for known in self.codes))
        )

    def _has(self, figure: Figure, value: Decimal) -> bool:
        if figure.kind is Kind.SHARE:
            return value in self.shares
        if value in self.numbers:
            return True
        if figure.kind is Kind.MONEY:
            return value in self.money
        if figure.unit in _TIME_UNITS:
            return (value, figure.unit) in self.counts
        if figure.kind is Kind.COUNT:
            things = {known for known, unit in self.counts if unit not in _TIME_UNITS}
            return value == 1 or value in things  # 一家医院: an article
        counted = any(value == known for known, unit in self.counts if unit != _LIST_ITEM)
        return counted or value in self.money or self._has_code(f"{value:f}")


def _leaves(node: object, name: str = "") -> Iterator[tuple[str, object]]:
    """The values of nested data with their keys, but for citations: clauses vouch themselves."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key != "cite":
                yield from _leaves(value, str(key))
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _leaves(value, name)
    elif node is not None and not isinstance(node, bool):
        yield name, node


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
