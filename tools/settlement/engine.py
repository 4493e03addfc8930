"""Settling one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.settlement import case as cases
from tools.settlement import wording
from tools.settlement.case import Case
from tools.settlement.coverage import PolicyError
from tools.settlement.facts import FACTS, INSURANCES
from tools.settlement.result import Alternative, Assumption, Gap, Missing, Settlement, Status
from tools.settlement.run import Facts, Run
from tools.settlement.scheme import Benefit, Scheme, Schemes, schemes
from tools.settlement.steps import walk

YEAR_EXPENSE = ("deductible", "coinsurance", "over_cap")
"""The patient's buckets that count for the year, beside what the funds pay."""


def settle(case: Mapping[str, object], known: Schemes | None = None) -> Settlement:
    """Settle one case.

    >>> settle({"region": "wuxi", "insurance": "employee", "benefit": "inpatient",
    ...         "expense": "15000", "employment": "working", "hospital_level": "2"}).fund_total
    Decimal('12640.00')

    Args:
        case: the contract's fields; amounts in yuan as strings, integers or `Decimal`.
        known: other schemes than the product's own.

    Raises:
        InvalidCase: a field can't be right.
    """
    known = schemes() if known is None else known
    checked = cases.parse(case, known)
    words = (checked.region, checked.insurance, checked.benefit)
    scheme = known.get((checked.region, checked.insurance))
    names = ("region", "insurance", "benefit")
    missing = [
        _missing_word(name, scheme, known)
        for name, word in zip(names, words, strict=True)
        if not word
    ]
    if missing:
        return Settlement("need_facts", *words, missing=tuple(missing))
    benefit = scheme.benefits.get(checked.benefit) if scheme else None
    if scheme is None or benefit is None:
        return Settlement("not_stated", *words, gaps=(_absent(checked, scheme, known),))
    return _Settling(scheme, benefit, checked).result()


class _Settling:
    """One case under one benefit."""

    def __init__(self, scheme: Scheme, benefit: Benefit, case: Case) -> None:
        self._scheme = scheme
        self._benefit = benefit
        self._case = case

    def result(self) -> Settlement:
        excluded = self._benefit.excluded
        if excluded:
            what = f"{self._scheme.name}{self._benefit.name}"
            gap = Gap(what, excluded.text, None, excluded.cite[0])
            return self._answer("not_stated", gaps=(gap,))
        run = self._run()
        if run.missing:
            missing = tuple(self._missing(name) for name in FACTS if name in run.missing)
            return self._answer("need_facts", missing=missing)
        if run.gaps:
            return self._answer(
                "not_stated",
                gaps=tuple(run.gaps),
                lines=tuple(run.ledger.lines),
                assumptions=self._assumptions(run),
            )
        return self._settled(run)

    def _run(self, reading: str | None = None) -> Run:
        benefit, facts = self._benefit, Facts(self._case.facts)
        base = facts.stated(benefit.base)
        run = Run(
            benefit.id,
            facts,
            base if isinstance(base, Decimal) else None,
            self._scheme.values,
            explains=reading is None,
        )
        if run.stuck:
            run.need(benefit.base)
        run.set_aside(facts.amount("self_paid"))
        walk(benefit.variants[reading] if reading else benefit.steps, run)
        return run

    def _settled(self, run: Run) -> Settlement:
        ledger = run.ledger
        if ledger.open:
            raise PolicyError(f"{self._scheme.name} {self._benefit.id}: no step takes the rest")
        total = ledger.total()
        fund = ledger.fund_total()
        alternatives = self._alternatives(run, total)
        year = {"year_expense_before": fund + ledger.total(*YEAR_EXPENSE)}
        year["account_balance"] = ledger.total("personal_account")
        return self._answer(
            "settled",
            run.warnings,
            total=total,
            fund_total=fund,
            patient_total=total - fund,
            buckets=ledger.buckets(),
            lines=tuple(ledger.lines),
            assumptions=self._assumptions(run),
            alternatives=tuple(alternatives),
            usage=run.usage | year,
        )

    def _alternatives(self, main: Run, total: Decimal) -> list[Alternative]:
        """The other readings that change the figure, each computed alone."""
        fund, found = main.ledger.fund_total(), []
        for name, reading in self._benefit.readings.items():
            run = self._run(name)
            other = run.ledger.fund_total()
            if run.missing or run.gaps or other == fund:
                continue
            main.facts.assumed.update(run.facts.assumed)
            text = wording.alternative(reading.text, other, total - other)
            cite = reading.cite[0] if reading.cite else None
            found.append(Alternative(name, text, other, total - other, cite))
        return found

    def _assumptions(self, run: Run) -> tuple[Assumption, ...]:
        own = self._benefit.assume
        return tuple(
            Assumption(name, run.facts.assumed[name], own.get(name) or fact.assumption)
            for name, fact in FACTS.items()
            if name in run.facts.assumed
        )

    def _missing(self, name: str) -> Missing:
        fact = FACTS[name]
        return Missing(name, fact.question, self._benefit.choices.get(name, ()))

    def _answer(self, status: Status, warned: Sequence[str] = (), **more: Any) -> Settlement:
        case = self._case
        notes = [note.text for note in self._benefit.notes]
        warnings = (*warned, *notes, wording.warning(self._scheme.as_of))
        return Settlement(
            status, case.region, case.insurance, case.benefit, warnings=warnings, **more
        )


def _missing_word(name: str, scheme: Scheme | None, known: Schemes) -> Missing:
    """Region, insurance or benefit is unsaid."""
    if name == "region":
        return Missing(name, "请问是在哪里参加的医保？", tuple(known.regions))
    if name == "insurance":
        return Missing(name, "请问参加的是职工医保还是居民医保？", tuple(INSURANCES))
    benefits = scheme.benefits if scheme else known.benefits
    return Missing(name, "请问要算哪一项待遇？", tuple(benefits))


def _absent(case: Case, scheme: Scheme | None, known: Schemes) -> Gap:
    """The documents have no such scheme, or the scheme no such benefit."""
    name = scheme.name if scheme else known.regions[case.region] + INSURANCES[case.insurance]
    what = name + (known.benefits[case.benefit] if scheme else "待遇")
    return Gap(what, f"资料没有写明{what}")
