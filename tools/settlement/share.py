"""The fund's share of the expense: flat or by segments, within its caps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.settlement import policy, wording
from tools.settlement.ledger import ZERO, to_cents
from tools.settlement.run import Run

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Term:
    """A segment with the rate that holds for this case."""

    upto: Decimal | None
    rate: Decimal
    """The fund's share."""


@dataclass(slots=True)
class _Room:
    """What a cap still lets the fund pay."""

    cap: policy.Cap
    amount: Decimal
    left: Decimal


def share(step: policy.Share, run: Run) -> None:
    """Pay the fund's share of all that is open, as far as the caps reach."""
    row = run.find(step.rows)
    found = _terms(row, step, run) if row else None
    rooms = _rooms(step, run)
    if run.stuck or row is None or found is None or not run.ledger.open:
        return
    terms, cites = found
    for room in rooms:
        room.left = max(ZERO, room.amount - run.facts.amount(room.cap.used))
    paid, full = _pay(step, row, terms, cites, rooms, run)
    for room in rooms:
        key = usage_key(room.cap, run.pool)
        run.usage[key] = run.usage.get(key, ZERO) + paid
    if full:
        _beyond(full, step, run)


def usage_key(cap: policy.Cap, benefit: str) -> str:
    """Name of the year's counter that a cap uses up."""
    return f"{cap.used}:{cap.pool or benefit}"


def adjusted_rate(fund: Decimal, change: policy.Adjustment) -> Decimal:
    """A fund's share after one adjustment."""
    if change.fund_times is not None:
        fund *= change.fund_times
    if change.fund_less is not None:
        fund = max(ZERO, fund - change.fund_less)
    if change.patient_times is not None:
        fund = ONE - (ONE - fund) * change.patient_times
    return fund


def _terms(
    row: policy.ShareRow, step: policy.Share, run: Run
) -> tuple[list[Term], tuple[str, ...]] | None:
    """The segments for this case, and the clauses they come from."""
    local = run.facts.get("local_rate") if row.local_rate else None
    if local is None and row.not_stated:
        run.row_gap(row, step)
    if row.not_stated and not row.local_rate:
        return None
    terms = [Term(None, local)] if isinstance(local, Decimal) else []
    terms = terms or [_term(segment, run) for segment in row.terms if not row.local_rate]
    cites = row.cite or step.cite
    for change in step.adjust:
        if run.holds(change.when):
            terms = [Term(term.upto, adjusted_rate(term.rate, change)) for term in terms]
            cites += tuple(cite for cite in change.cite if cite not in cites)
    return terms, cites


def _term(segment: policy.Segment, run: Run) -> Term:
    bound = segment.upto
    if bound == "deductible":
        given = run.facts.get("deductible")
        if isinstance(given, Decimal):
            return Term(given, segment.rate)
        run.gap("起付线", "资料没有写明这次的起付线是多少", "deductible", ())
        return Term(ZERO, segment.rate)
    assert bound is None or isinstance(bound, Decimal)
    return Term(bound, segment.rate)


def _rooms(step: policy.Share, run: Run) -> list[_Room]:
    rooms = []
    for cap in step.caps:
        row = run.find(cap.rows)
        if row and row.amount is not None:
            rooms.append(_Room(cap, row.amount, ZERO))
    return rooms


def _pieces(terms: Sequence[Term], start: Decimal, rest: Decimal) -> Iterator[tuple[Decimal, Term]]:
    """The rest cut at the bounds, each piece with its segment; none is empty."""
    end = start + rest
    for term in terms:
        upto = end if term.upto is None else min(end, term.upto)
        if upto > start:
            yield upto - start, term
            start = upto


def _pay(
    step: policy.Share,
    row: policy.ShareRow,
    terms: Sequence[Term],
    cites: tuple[str, ...],
    rooms: Sequence[_Room],
    run: Run,
) -> tuple[Decimal, _Room | None]:
    """Settle piece by piece until a cap is used up; what was paid, and that cap."""
    ledger = run.ledger
    start, rest, paid = _start(step, run), ledger.rest, ZERO
    for piece, term in _pieces(terms, start, rest):
        full = min(
            (room for room in rooms if piece * term.rate > room.left),
            key=lambda room: room.left,
            default=None,
        )
        covered = full.left / term.rate if full else piece
        fund = full.left if full else min(to_cents(covered * term.rate), ledger.open)
        rest -= covered
        # The last piece takes what is open, so that no fraction of a cent is left behind.
        last = not rest and not full
        patient = ledger.open - fund if last else min(to_cents(covered - fund), ledger.open - fund)
        text = wording.piece(run.who(row.when), step.label, term, len(terms) > 1, start)
        _move(step, fund, patient, term.rate, covered, text, cites, run)
        start += covered
        paid += fund
        for room in rooms:
            room.left -= fund
        if full:
            ledger.rest = rest
            return paid, full
    return paid, None


def _start(step: policy.Share, run: Run) -> Decimal:
    """Where in the segments this visit's expense begins."""
    if step.runs_on == "layer":
        return ZERO
    before = run.facts.amount("year_expense_before") if step.runs_on == "year" else ZERO
    return before + run.ledger.total("deductible")


def _move(
    step: policy.Share,
    fund: Decimal,
    patient: Decimal,
    rate: Decimal,
    covered: Decimal,
    text: str,
    cites: tuple[str, ...],
    run: Run,
) -> None:
    base = to_cents(covered)
    payer = f"{text}，{wording.PAYERS[step.bucket]}付 {wording.percent(rate)}"
    yours = f"{text}，您付 {wording.percent(ONE - rate)}"
    run.ledger.move(step.kind, step.bucket, fund, payer, cites, base=base, rate=rate)
    run.ledger.move(step.kind, "coinsurance", patient, yours, cites, base=base, rate=ONE - rate)


def _beyond(room: _Room, step: policy.Share, run: Run) -> None:
    """The expense that a used-up cap no longer serves."""
    cap, ledger = room.cap, run.ledger
    if cap.beyond == "not_stated":
        run.gap(cap.not_stated, cap.text, None, cap.cite)
    elif cap.beyond == "over_cap":
        payer = wording.PAYERS[step.bucket]
        text = f"超过{payer}一年最多付的 {wording.yuan(room.amount)} 元，由您自己付"
        cites = cap.cite or step.cite
        ledger.move(step.kind, "over_cap", ledger.open, text, cites, base=ledger.open)
