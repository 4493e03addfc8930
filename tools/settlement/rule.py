"""One rule of a policy, as a sentence with its figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.settlement.conditions import Conditions
from tools.settlement.ledger import ZERO

RuleKind = Literal[
    "account",
    "adjustment",
    "bed_fee",
    "cap",
    "condition",
    "deductible",
    "excluded",
    "limit",
    "not_stated",
    "pay_first",
    "portion",
    "quota",
    "rate",
    "reading",
    "threshold",
    "treated_as",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a policy that the known facts don't contradict."""

    kind: RuleKind
    text: str
    """One plain Chinese sentence with the figure."""
    cites: tuple[str, ...] = ()
    when: Conditions = ()
    """Facts still unknown that the row depends on, and the values it is for."""
    usual: bool = True
    """Whether it is for a patient of whom nothing special is known: see `Fact.assumed`."""
    amount: Decimal | None = None
    """Yuan, adjustments for known facts worked in."""
    rate: Decimal | None = None
    """The fund's share; of ``pay_first`` the patient's."""
    lower: Decimal = ZERO
    upper: Decimal | None = None
    """Bounds of a segment in yuan."""
    payer: str = ""
    """The fund's bucket, for ``rate``, ``cap`` and ``quota``."""
    reading: str = ""
    """The reading of the documents in which the row does not hold; of kind ``reading`` its name."""
    ask: str | None = None
    """For ``not_stated``: the fact that fills the gap, where the patient may know it."""

    @property
    def cite(self) -> str | None:
        """The main clause; None where the documents are silent."""
        return self.cites[0] if self.cites else None
