"""The ledger: money moves from *open* into buckets, and no cent is lost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from tools.settlement.result import BUCKETS, FUNDS, Line

CENT = Decimal("0.01")
ZERO = Decimal(0)
ONE = Decimal(1)


def to_cents(amount: Decimal) -> Decimal:
    """Whole cents, a half rounded up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


class Ledger:
    """The money of one case, in yuan.

    A move takes from `open` and gives to one bucket, so the buckets add up to the total once
    nothing is open.
    """

    __slots__ = ("_explains", "_rest", "lines", "open")

    def __init__(self, total: Decimal, *, explains: bool) -> None:
        self.open = total
        self.lines: list[Line] = []
        self._explains = explains
        self._rest: Decimal | None = None

    def move(
        self,
        step: str,
        bucket: str,
        amount: Decimal,
        text: Callable[[], str],
        cites: tuple[str, ...],
        *,
        base: Decimal | None = None,
        rate: Decimal | None = None,
    ) -> None:
        """Move whole cents into a bucket; nothing to move leaves no line.

        The text is only put into words where somebody will read it. The base is what is open,
        unless another is given.
        """
        if amount:
            said = text() if self._explains else ""
            base = self.open if base is None else base
            self.open -= amount
            self.lines.append(Line(step, said, base, rate, amount, bucket, cites))

    @property
    def rest(self) -> Decimal:
        """The expense still open, unrounded where a cap has cut it between two cents."""
        return self.open if self._rest is None else self._rest

    @rest.setter
    def rest(self, exact: Decimal) -> None:
        self._rest = exact

    def total(self, *buckets: str) -> Decimal:
        """Money in these buckets."""
        return sum((line.amount for line in self.lines if line.bucket in buckets), ZERO)

    def buckets(self) -> dict[str, Decimal]:
        """Money by bucket, in the order of `BUCKETS`."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            sums[line.bucket] = sums.get(line.bucket, ZERO) + line.amount
        return {name: sums[name] for name in BUCKETS if name in sums}

    def fund_total(self) -> Decimal:
        """What all funds pay."""
        return self.total(*FUNDS)
