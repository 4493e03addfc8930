"""The format of a policy file: one region, one insurance, all its benefits.

A benefit is a list of steps. A step has a table of rows; the row whose ``when`` fits the case
gives the figure. The JSON Schema of the files is generated from these classes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from tools.settlement.fields import Cites, Counter, Fund
from tools.settlement.tables import (
    Adjustment,
    AmountChange,
    AmountRow,
    Cap,
    Conditional,
    Part,
    PatientRow,
    RateChange,
    Row,
    ShareRow,
    StopRow,
    Switched,
    TreatRow,
)


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


_R = TypeVar("_R", bound=Row)


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
            change.counts or any(name == "admission_no" for name, _ in change.when)
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
    assume: dict[str, str] = Field(
        default_factory=dict, description="what an assumption says in this benefit"
    )
    readings: dict[str, Reading] = Field(default_factory=dict)
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
        default_factory=dict,
        description="facts whose values are fewer or named otherwise here: value = label",
    )
    benefits: dict[str, BenefitFile]
