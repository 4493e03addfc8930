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
    nothing is open. Where nobody reads the explanation, only the sums are kept.
    """

    __slots__ = ("_explains", "_rest", "_sums", "lines", "open")

    def __init__(self, total: Decimal, *, explains: bool) -> None:
        self.open = total
        self.lines: list[Line] = []
        self._sums: dict[str, Decimal] = {}
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

        The base is what is open, unless another is given.
        """
        if not amount:
            return
        if self._explains:
            base = self.open if base is None else base
            self.lines.append(Line(step, text(), base, rate, amount, bucket, cites))
        self.open -= amount
        self._sums[bucket] = self._sums.get(bucket, ZERO) + amount

    @property
    def rest(self) -> Decimal:
        """The expense still open, unrounded where a cap has cut it between two cents."""
        return self.open if self._rest is None else self._rest

    @rest.setter
    def rest(self, exact: Decimal) -> None:
        self._rest = exact

    def total(self, *buckets: str) -> Decimal:
        """Money in these buckets, or in all."""
        return sum((self._sums.get(each, ZERO) for each in buckets or self._sums), ZERO)

    def buckets(self) -> dict[str, Decimal]:
        """Money by bucket, in the order of `BUCKETS`."""
        return {name: self._sums[name] for name in BUCKETS if name in self._sums}

    def fund_total(self) -> Decimal:
        """What all funds pay."""
        return self.total(*FUNDS)
