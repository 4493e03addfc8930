"""The tables of a policy file: rows with figures, adjustments, caps.

A part that belongs to one reading of the document only carries ``only = "<reading>"`` (in force in
that alternative alone) or ``unless = "<reading>"`` (in force in all others).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.settlement.fields import Amount, Cites, Counter, OtherFacts, Rate, When

ZERO = Decimal(0)


class Part(BaseModel):
    """Anything in a policy file: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Switched(Part):
    """A part that a reading can switch on or off."""

    only: str | None = Field(None, description="the one alternative reading this is for")
    unless: str | None = Field(None, description="the alternative reading this is not for")

    def is_on(self, reading: str | None) -> bool:
        """Whether it is in force in an alternative reading; None is the reading picked."""
        return self.only in (None, reading) and (self.unless is None or self.unless != reading)


class Cited(Switched):
    """A part and the clauses it follows."""

    cite: Cites = Field((), description="on a row: where it differs from the step's own")


class Conditional(Cited):
    """A part for some cases only."""

    when: When = ()


class Row(Conditional):
    """One row of a table."""

    text: str = Field("", description="plain Chinese for the patient, where the figure needs it")


class FigureRow(Row):
    """A row with exactly one of its figures, ``none``, or ``not_stated``."""

    none: bool = Field(False, description="nothing applies here, such as no deductible")
    not_stated: str = Field("", description="what the documents don't state, in Chinese")
    ask: Literal["local_rate", "deductible"] | None = Field(
        None, description="the fact that fills the gap, where the patient may know it"
    )

    @model_validator(mode="after")
    def _one_figure(self) -> FigureRow:
        names = ("amount", "patient", "fund", "segments", "local_rate", "none", "not_stated")
        values = ((name, getattr(self, name, None)) for name in names)
        given = [name for name, value in values if value or isinstance(value, Decimal)]
        if "local_rate" in given and "not_stated" in given:  # what is missing without the rate
            given.remove("not_stated")
        if len(given) != 1:
            raise ValueError(f"a row gives one figure, none or not_stated; this one: {given}")
        return self


class AmountRow(FigureRow):
    """A row of amounts in yuan."""

    amount: Amount | None = None
    plus: Amount = Field(ZERO, description="added, where the clause words it so")

    @functools.cached_property
    def figure(self) -> Decimal:
        """The amount in full; zero where the row gives none."""
        return (self.amount or ZERO) + self.plus


class PatientRow(FigureRow):
    """A row of shares that the patient pays first."""

    patient: Rate | None = Field(None, description="the patient's share")

    @property
    def share(self) -> Decimal:
        """The patient's share; zero where the row gives none."""
        return self.patient or ZERO


class Segment(Part):
    """A part of the expense and its share; the last one has no ``upto``."""

    upto: Amount | Literal["deductible"] | None = Field(
        default=None, description="upper bound in yuan, included; or the case's deductible"
    )
    fund: Rate | None = None
    patient: Rate | None = None

    @model_validator(mode="after")
    def _one_share(self) -> Segment:
        if (self.fund is None) == (self.patient is None):
            raise ValueError("a segment gives either fund or patient")
        return self


@dataclass(frozen=True, slots=True)
class Term:
    """A segment as the engine takes it."""

    upto: Decimal | Literal["deductible"] | None
    rate: Decimal
    """The fund's share."""


class ShareRow(FigureRow):
    """A row of the fund's share, or the patient's, as the clause words it."""

    fund: Rate | None = Field(None, description="the fund's share")
    patient: Rate | None = Field(None, description="the patient's share")
    local_rate: bool = Field(False, description="the share that the case states as local_rate")
    segments: tuple[Segment, ...] = ()

    @model_validator(mode="after")
    def _bounds_rise(self) -> ShareRow:
        bounds = [segment.upto for segment in self.segments]
        if bounds and (bounds[-1] is not None or None in bounds[:-1]):
            raise ValueError("every segment but the last has upto")
        known = [bound for bound in bounds if isinstance(bound, Decimal)]
        if known != sorted(set(known)):
            raise ValueError("the bounds of segments must rise")
        return self

    @functools.cached_property
    def terms(self) -> tuple[Term, ...]:
        """The row as segments; a flat share is one segment without bound."""
        segments = self.segments
        if self.fund is not None or self.patient is not None:
            segments = (Segment(fund=self.fund, patient=self.patient),)
        return tuple(
            Term(each.upto, each.fund if each.fund is not None else 1 - (each.patient or ZERO))
            for each in segments
        )


class StopRow(Row):
    """A row of a step that ends the settlement."""

    text: str = Field(min_length=1, description="plain Chinese for the patient")
    if_stated: bool = Field(False, description="tested only where the patient stated the facts")
    not_stated: str = Field("", description="what the documents don't state, in Chinese")


class TreatRow(Row):
    """A row that has a case treated as another."""

    treated_as: OtherFacts = Field(alias="as")


class Adjustment(Conditional):
    """A change to a figure, applied in the order of the file."""

    @model_validator(mode="after")
    def _one_change(self) -> Adjustment:
        names = set(type(self).model_fields) - set(Conditional.model_fields)
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError(f"an adjustment gives one of: {', '.join(sorted(names))}")
        return self

    @property
    def counts(self) -> bool:
        """Whether it goes by the number of admissions."""
        return False

    @property
    def is_floor(self) -> bool:
        """Whether it is a lowest amount."""
        return False


class AmountChange(Adjustment):
    """A change to a deductible."""

    times: Rate | None = Field(None, description="multiplied by this")
    less_per_further_admission: Amount | None = Field(
        None, description="this much less for each admission of the year after the first"
    )
    at_least: Amount | None = Field(None, description="never below this")

    @property
    def counts(self) -> bool:  # noqa: D102
        return self.less_per_further_admission is not None

    @property
    def is_floor(self) -> bool:  # noqa: D102
        return self.at_least is not None

    def apply(self, amount: Decimal, further: int) -> Decimal:
        """The changed amount, not yet rounded; ``further`` admissions came before."""
        if self.times is not None:
            return amount * self.times
        if self.less_per_further_admission is not None:
            return max(ZERO, amount - self.less_per_further_admission * further)
        return max(amount, self.at_least or ZERO)


class RateChange(Adjustment):
    """A change to a share."""

    fund_times: Rate | None = Field(None, description="the fund's share is multiplied by this")
    fund_less: Rate | None = Field(None, description="points off the fund's share: 0.10 is ten")
    patient_times: Rate | None = Field(None, description="the patient's share is multiplied")

    def apply(self, fund: Decimal) -> Decimal:
        """The fund's changed share."""
        if self.fund_times is not None:
            return fund * self.fund_times
        if self.fund_less is not None:
            return max(ZERO, fund - self.fund_less)
        return 1 - (1 - fund) * (self.patient_times or ZERO)


class Cap(Cited):
    """A limit on what a fund pays in a year."""

    rows: tuple[AmountRow, ...]
    used: Counter = Field("year_fund_before", description="the fact that says what is used up")
    pool: str = Field("", description="caps of one name are one cap; the benefit's own if empty")
    beyond: Literal["over_cap", "next_step", "not_stated"] = Field(
        "over_cap", description="where the expense goes that the cap no longer serves"
    )
    not_stated: str = ""
    text: str = ""

    @property
    def table(self) -> Sequence[Row]:
        """Its rows."""
        return self.rows

    def counter(self, benefit: str) -> str:
        """Name of the year's counter that it limits."""
        return f"{self.used}:{self.pool or benefit}"
