"""The ledger: money moves from *open* into buckets, and no cent is lost."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tools.settlement.result import BUCKETS, FUNDS, Line

CENT = Decimal("0.01")
ZERO = Decimal(0)


def to_cents(amount: Decimal) -> Decimal:
    """Whole cents, a half rounded up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


class Ledger:
    """The money of one case, in yuan.

    A move takes from `open` and gives to one bucket, so the buckets add up to the total once
    nothing is open.
    """

    __slots__ = ("_rest", "lines", "open")

    def __init__(self, total: Decimal) -> None:
        self.open = total
        self.lines: list[Line] = []
        self._rest: Decimal | None = None

    def move(
        self,
        step: str,
        bucket: str,
        amount: Decimal,
        text: str,
        cites: tuple[str, ...],
        *,
        base: Decimal,
        rate: Decimal | None = None,
    ) -> None:
        """Move whole cents into a bucket; nothing to move leaves no line."""
        if amount:
            self.open -= amount
            self.lines.append(Line(step, text, base, rate, amount, bucket, cites))

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
