"""The format of a policy file: one region, one insurance, all its benefits.

A benefit is a list of steps. A step has a table of rows; the row whose ``when`` fits the case
gives the figure. Steps and rows that belong to one reading of the document only carry
``only = "<reading>"`` (in force in that alternative alone) or ``unless = "<reading>"`` (in force
in all others). The JSON Schema of the files is generated from these classes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.settlement.fields import Amount, Cites, Counter, Fund, OtherFacts, Rate, When

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


_R = TypeVar("_R", bound=Row)


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


class AmountChange(Adjustment):
    """A change to a deductible."""

    times: Rate | None = Field(None, description="multiplied by this")
    less_per_further_admission: Amount | None = Field(
        None, description="this much less for each admission of the year after the first"
    )
    at_least: Amount | None = Field(None, description="never below this")

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


class Step(Conditional):
    """What all steps share."""

    label: str = Field("", description="what the patient reads, where it is not the usual term")

    @property
    def table(self) -> Sequence[Row]:
        """Its rows, if it has any."""
        return ()

    @property
    def changes(self) -> Sequence[Adjustment]:
        """Its adjustments, if it has any."""
        return ()

    @property
    def limits(self) -> Sequence[Cap]:
        """Its caps, if it has any."""
        return ()

    @property
    def is_switched(self) -> bool:
        """Whether a reading changes something in it."""
        return any(part.only or part.unless for part in self.parts if part is not self)

    @property
    def counts_admissions(self) -> bool:
        """Whether it depends on which admission of the year this is."""
        return False

    @property
    def parts(self) -> Iterator[Switched]:
        """Itself and everything in it that a reading can switch."""
        yield self
        yield from self.table
        yield from self.changes
        for cap in self.limits:
            yield cap
            yield from cap.rows


class Table(Step, Generic[_R]):
    """A step with rows."""

    rows: tuple[_R, ...]

    @property
    def table(self) -> Sequence[_R]:  # noqa: D102
        return self.rows


class TreatAs(Table[TreatRow]):
    """视同: a case is settled as if some facts were others."""

    kind: Literal["treat_as"]


class NotStated(Table[StopRow]):
    """资料没有写明: the documents are silent on these cases."""

    kind: Literal["not_stated"]


class Excluded(Table[StopRow]):
    """不予支付: the fund pays nothing in these cases; all that is open is the patient's."""

    kind: Literal["excluded"]


class Account(Step):
    """个人账户: the balance of the personal account is used first."""

    kind: Literal["account"]


class Limit(Table[AmountRow]):
    """限额: only so much of the expense counts."""

    kind: Literal["limit"]
    less: Counter | None = Field(None, description="what the year has already used up of it")
    bucket: Literal["over_limit", "over_cap"] = "over_limit"


class DailyLimit(Table[AmountRow]):
    """床位费限额: a ceiling a day on the bed fee, where the bed fee is stated."""

    kind: Literal["daily_limit"]


class Portion(Step):
    """补偿范围: only a stated part of the base enters; the rest is the patient's."""

    kind: Literal["portion"]
    of: Literal["class_b_burden"]


class PayFirst(Table[PatientRow]):
    """先行自付: a share that the patient pays before the deductible."""

    kind: Literal["pay_first"]
    of: Literal["rest", "class_b", "class_c"] = "rest"


class Deductible(Table[AmountRow]):
    """起付标准: what the patient pays before the fund begins."""

    kind: Literal["deductible"]
    adjust: tuple[AmountChange, ...] = ()
    per: Literal["visit", "year"] = "visit"
    given: bool = Field(False, description="a deductible that the case states replaces this one")

    @property
    def changes(self) -> Sequence[AmountChange]:  # noqa: D102
        return self.adjust

    @functools.cached_property
    def counts_admissions(self) -> bool:  # noqa: D102
        return any(
            change.less_per_further_admission is not None
            or any(name == "admission_no" for name, _ in change.when)
            for change in self.adjust
        )


class Share(Table[ShareRow]):
    """按比例支付: the fund's share of what is left, flat or by segments, within its caps."""

    kind: Literal["share"]
    adjust: tuple[RateChange, ...] = ()
    caps: tuple[Cap, ...] = ()
    bucket: Fund = "pooled_fund"
    runs_on: Literal["year", "visit", "layer"] = Field(
        "visit",
        description="segments count the year's expense, this visit's (deductible included in "
        "both), or what reaches this step",
    )

    @property
    def changes(self) -> Sequence[RateChange]:  # noqa: D102
        return self.adjust

    @property
    def limits(self) -> Sequence[Cap]:  # noqa: D102
        return self.caps


class Quota(Table[AmountRow]):
    """定额: the fund pays up to a fixed amount."""

    kind: Literal["quota"]
    per: Literal["visit", "day"] = "visit"
    in_full: bool = Field(False, description="the whole quota, even above the expense")
    bucket: Fund = "pooled_fund"


AnyStep = Annotated[
    TreatAs
    | NotStated
    | Excluded
    | Account
    | Limit
    | DailyLimit
    | Portion
    | PayFirst
    | Deductible
    | Share
    | Quota,
    Field(discriminator="kind"),
]


class Reading(Part):
    """Another way to read the document; the steps as they stand are the one picked."""

    text: str = Field(min_length=1, description="the other reading in a few Chinese words")
    cite: Cites = ()


class Note(Part):
    """A condition of the benefit that no figure shows."""

    text: str = Field(min_length=1)
    cite: Cites


class BenefitFile(Part):
    """One benefit as the file has it."""

    name: str = Field(description="Chinese name")
    also: tuple[str, ...] = Field((), description="other names that patients use")
    base: Literal["expense", "personal_burden", "remaining_cash"] = "expense"
    excluded: Note | None = Field(None, description="the whole benefit is not stated or excluded")
    notes: tuple[Note, ...] = ()
    assume: dict[str, str] = Field({}, description="what an assumption says in this benefit")
    readings: dict[str, Reading] = {}
    steps: tuple[AnyStep, ...] = ()
    then_as: str = Field("", description="the benefit whose steps follow after these")


class PolicyFile(Part):
    """A whole policy file."""

    region: str = Field(pattern=r"^[a-z_]+$")
    region_name: str
    insurance: Literal["employee", "resident"]
    name: str
    as_of: str = Field(description="date of the documents: YYYY, YYYY-MM or unknown")
    values: dict[str, dict[str | bool, str]] = Field(
        {}, description="facts whose values are fewer or named otherwise here: value = label"
    )
    benefits: dict[str, BenefitFile]
