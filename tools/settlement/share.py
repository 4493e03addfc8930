"""The fund's share of the expense: flat or by segments, within its caps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.settlement import policy, tables, wording
from tools.settlement.ledger import ONE, ZERO, to_cents
from tools.settlement.run import Run
from tools.settlement.tables import Term


@dataclass(slots=True)
class _Room:
    """What a cap still lets the fund pay."""

    cap: tables.Cap
    amount: Decimal
    left: Decimal
    cites: tuple[str, ...]


def share(step: policy.Share, run: Run) -> None:
    """Pay the fund's share of all that is open, as far as the caps reach."""
    row = run.find(step.rows)
    basis = _basis(row, step, run) if row else None
    rooms = _rooms(step, run)
    if basis and run.ledger.open and not run.stuck:
        for room in rooms:
            room.left = max(ZERO, room.amount - run.facts.amount(room.cap.used))
        _Payment(step, basis, rooms, run).pay()


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a case is paid by."""

    row: tables.ShareRow
    terms: tuple[Term, ...]
    changes: tuple[tables.RateChange, ...]
    cites: tuple[str, ...]


def _basis(row: tables.ShareRow, step: policy.Share, run: Run) -> _Basis | None:
    """The segments for this case, and the clauses they come from; None where not stated."""
    local = run.facts.get("local_rate") if row.local_rate else None
    if local is None and row.not_stated:
        run.row_gap(row, step)
    if row.not_stated and not row.local_rate:
        return None
    terms = (Term(None, local),) if isinstance(local, Decimal) else row.terms
    changes = tuple(change for change in step.adjust if run.holds(change.when))
    cites = row.cite or step.cite
    for change in changes:
        terms = tuple(Term(term.upto, change.apply(term.rate)) for term in terms)
        cites += tuple(cite for cite in change.cite if cite not in cites)
    return _Basis(row, tuple(_bounded(term, run) for term in terms), changes, cites)


def _bounded(term: Term, run: Run) -> Term:
    """A term with its bound in yuan."""
    if term.upto != "deductible":
        return term
    given = run.facts.get("deductible")
    if not isinstance(given, Decimal):
        run.gap("起付标准", "资料没有写明这次的起付线是多少", "deductible", ())
        given = ZERO
    return Term(given, term.rate)


def _rooms(step: policy.Share, run: Run) -> list[_Room]:
    rooms = []
    for cap in step.caps:
        row = run.find_figure(cap.rows, cap)
        if row:
            rooms.append(_Room(cap, row.figure, ZERO, row.cite or cap.cite or step.cite))
    return rooms


class _Payment:
    """One share of one case: its pieces, segment by segment, until a cap is used up."""

    def __init__(self, step: policy.Share, basis: _Basis, rooms: Sequence[_Room], run: Run) -> None:
        self._step = step
        self._basis = basis
        self._rooms = rooms
        self._run = run

    def pay(self) -> None:
        ledger, paid = self._run.ledger, ZERO
        full: _Room | None = None
        rest = ledger.rest
        for start, piece, term in self._pieces(rest):
            full = self._full(piece * term.rate)
            covered = full.left / term.rate if full else piece
            fund = full.left if full else min(to_cents(covered * term.rate), ledger.open)
            rest -= covered
            left = ledger.open - fund
            # The last piece takes all that is open: no fraction of a cent is left behind.
            patient = min(to_cents(covered - fund), left) if full or rest else left
            self._move(start, covered, term, fund, patient)
            paid += fund
            for room in self._rooms:
                room.left -= fund
            if full:
                ledger.rest = rest
                break
        self._count(paid)
        if full:
            self._beyond(full)

    def _pieces(self, rest: Decimal) -> Iterator[tuple[Decimal, Decimal, Term]]:
        """The expense cut at the bounds: where a piece begins, how long it is, its segment."""
        start = self._start()
        end = start + rest
        for term in self._basis.terms:
            upto = min(end, term.upto) if isinstance(term.upto, Decimal) else end
            if upto > start:
                yield start, upto - start, term
                start = upto

    def _start(self) -> Decimal:
        """Where in the segments this visit's expense begins."""
        if self._step.runs_on == "layer":
            return ZERO
        return self._before() + self._run.ledger.total("deductible")

    def _before(self) -> Decimal:
        yearly = self._step.runs_on == "year"
        return self._run.facts.amount("year_expense_before") if yearly else ZERO

    def _full(self, fund: Decimal) -> _Room | None:
        """The cap that does not let the fund pay so much, the narrowest of several."""
        short = [room for room in self._rooms if fund > room.left]
        return min(short, key=lambda room: room.left, default=None)

    def _move(
        self, start: Decimal, covered: Decimal, term: Term, fund: Decimal, patient: Decimal
    ) -> None:
        step, ledger, base = self._step, self._run.ledger, to_cents(covered)

        def said(payer: str, rate: Decimal) -> str:
            return f"{self._what(start, term)}，{payer}付 {wording.percent(rate)}"

        ledger.move(
            step.kind,
            step.bucket,
            fund,
            lambda: said(wording.PAYERS[step.bucket], term.rate),
            self._basis.cites,
            base=base,
            rate=term.rate,
        )
        ledger.move(
            step.kind,
            "coinsurance",
            patient,
            lambda: said("您", ONE - term.rate),
            self._basis.cites,
            base=base,
            rate=ONE - term.rate,
        )

    def _what(self, start: Decimal, term: Term) -> str:
        """The part of the expense, and why its share is not the table's: 退休 750 元到 1 万元."""
        run, basis = self._run, self._basis
        label = self._step.label or ("今年累计" if self._before() else "")
        upper = term.upto if isinstance(term.upto, Decimal) else None
        where = wording.span(start, upper) if len(basis.terms) > 1 else ""
        part = wording.subject(run.who(basis.row.when), label, where) or "剩下的部分，"
        said = {name for name, _ in basis.row.when}
        payer = wording.PAYERS[self._step.bucket]
        why = (
            wording.subject(run.who(tuple(test for test in change.when if test[0] not in said)))
            + wording.change(change, payer)
            for change in basis.changes
        )
        return "，".join((part.removesuffix("，"), *why))

    def _count(self, paid: Decimal) -> None:
        usage = self._run.usage
        for room in self._rooms:
            key = room.cap.counter(self._run.benefit)
            usage[key] = usage.get(key, ZERO) + paid

    def _beyond(self, room: _Room) -> None:
        """The expense that a used-up cap no longer serves."""
        cap, step, run = room.cap, self._step, self._run
        if cap.beyond == "not_stated":
            run.gap(cap.not_stated, cap.text, None, cap.cite)
        elif cap.beyond == "over_cap":
            limit = f"超过{wording.PAYERS[step.bucket]}一年最多付的 {wording.yuan(room.amount)} 元"
            run.ledger.move(
                step.kind, "over_cap", run.ledger.open, lambda: f"{limit}，由您自己付", room.cites
            )
