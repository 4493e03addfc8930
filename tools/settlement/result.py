"""What a settlement tells: plain values, ready for every channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from tools.settlement.facts import Value

Status = Literal["settled", "need_facts", "not_stated"]

PATIENT = {
    "self_paid": "全自费",
    "over_limit": "超限价自费",
    "pay_first": "先行自付",
    "deductible": "起付标准",
    "coinsurance": "按比例自付",
    "over_cap": "超封顶线",
    "personal_account": "个人账户",
}
FUNDS = {
    "pooled_fund": "统筹基金",
    "critical_illness": "大病保险",
    "civil_servant": "公务员补助",
    "assistance": "医疗救助",
}
BUCKETS: Mapping[str, str] = PATIENT | FUNDS
"""Where money can go, and its Chinese name; the patient's part first, then the funds."""


class ClauseText(Protocol):
    """What a citation shows of a clause; `corpus.documents.Clause` has it."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def section(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Line:
    """One move of money, in yuan; all lines of a settled case add up to its total."""

    step: str
    text: str
    base: Decimal
    """The money the move is worked out on."""
    rate: Decimal | None
    """The bucket's own share of the base; None where the move is no share."""
    amount: Decimal
    bucket: str
    cites: tuple[str, ...]
    """Ids of the clauses it follows, the main one first; none for money outside the catalogue."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A fact nobody stated, and the value taken for it."""

    fact: str
    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """The other figure, where the document can be read in another way."""

    reading: str
    text: str
    fund_total: Decimal
    patient_total: Decimal
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that decides the figure and that nobody stated."""

    fact: str
    question: str
    choices: tuple[str | bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure that the case needs and the documents don't give."""

    what: str
    text: str
    ask: str | None = None
    """The fact that fills the gap, where the patient may know it: local_rate or deductible."""
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """The result of one case. The three totals are None unless it is settled."""

    status: Status
    region: str
    insurance: str
    benefit: str
    total: Decimal | None = None
    fund_total: Decimal | None = None
    patient_total: Decimal | None = None
    buckets: Mapping[str, Decimal] = field(default_factory=dict)
    """Money by bucket, in the order of `BUCKETS`; empty buckets are left out."""
    lines: tuple[Line, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    missing: tuple[Missing, ...] = ()
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()
    usage: Mapping[str, Decimal] = field(default_factory=dict)
    """What the case adds to the year's counters; see `tools.settlement.year`."""

    def to_json(self, clauses: Mapping[str, ClauseText] | None = None) -> dict[str, Any]:
        """The answer of ``POST /api/estimate``.

        Args:
            clauses: the library by clause id; a citation that it lacks carries the id alone.
        """
        known = clauses or {}
        return {
            "status": self.status,
            "region": self.region,
            "insurance": self.insurance,
            "benefit": self.benefit,
            "total": money(self.total),
            "fund_total": money(self.fund_total),
            "patient_total": money(self.patient_total),
            "buckets": {name: money(amount) for name, amount in self.buckets.items()},
            "lines": [_line(line, known) for line in self.lines],
            "assumptions": [
                {"fact": a.fact, "value": _plain(a.value), "text": a.text} for a in self.assumptions
            ],
            "alternatives": [
                {
                    "reading": a.reading,
                    "text": a.text,
                    "fund_total": money(a.fund_total),
                    "patient_total": money(a.patient_total),
                    "cite": _cite(a.cite, known),
                }
                for a in self.alternatives
            ],
            "missing": [
                {"fact": m.fact, "question": m.question, "choices": list(m.choices)}
                for m in self.missing
            ],
            "gaps": [
                {"what": g.what, "text": g.text, "ask": g.ask, "cite": _cite(g.cite, known)}
                for g in self.gaps
            ],
            "warnings": list(self.warnings),
        }


def _line(line: Line, clauses: Mapping[str, ClauseText]) -> dict[str, Any]:
    main, *others = line.cites or (None,)
    return {
        "step": line.step,
        "text": line.text,
        "base": money(line.base),
        "rate": None if line.rate is None else _plain(line.rate),
        "amount": money(line.amount),
        "bucket": line.bucket,
        "cite": _cite(main, clauses),
        "more_cites": [_cite(other, clauses) for other in others],
    }


def _cite(clause_id: str | None, clauses: Mapping[str, ClauseText]) -> dict[str, str | None] | None:
    if clause_id is None:
        return None
    clause = clauses.get(clause_id)
    return {
        "clause": clause_id,
        "source": clause.source if clause else None,
        "title": clause.title if clause else None,
        "section": clause.section if clause else None,
        "quote": clause.text if clause else None,
    }


def money(amount: Decimal | None) -> str | None:
    """An amount as JSON has it."""
    return None if amount is None else f"{amount:.2f}"


def _plain(value: Value) -> str | bool | int:
    """A value as JSON has it; a figure without trailing zeros, as a string."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
