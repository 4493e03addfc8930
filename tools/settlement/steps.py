"""What each kind of step does with the money. The share has a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.settlement import policy, tables, wording
from tools.settlement.ledger import ZERO, to_cents
from tools.settlement.run import Run
from tools.settlement.share import share

OF = {"rest": "", "class_b": "乙类费用", "class_c": "丙类费用"}


def walk(steps: tuple[policy.AnyStep, ...], run: Run) -> None:
    """Take the steps in order until one ends the settlement."""
    for step in steps:
        if not step.when or run.holds(step.when):
            _DO[step.kind](step, run)
        if run.ended:
            return


def _treat_as(step: policy.TreatAs, run: Run) -> None:
    for row in step.rows:
        if run.holds(row.when):
            run.facts.treat_as(row.treated_as)
            return


def _stopped(step: policy.NotStated | policy.Excluded, run: Run) -> tables.StopRow | None:
    """The row that ends the settlement. An undecided row has its facts asked first."""
    undecided = []
    for row in step.rows:
        unknown = run.facts.unknown(row.when)
        if unknown == ():
            return row
        if unknown:
            undecided.append((row, unknown))
    for row, unknown in undecided:
        if row.if_stated:
            run.warnings.append(row.text)
        else:
            run.need(*unknown)
            run.ended = True
    return None


def _not_stated(step: policy.NotStated, run: Run) -> None:
    if row := _stopped(step, run):
        run.gap(row.not_stated or row.text, row.text, None, row.cite or step.cite)
        run.ended = True


def _excluded(step: policy.Excluded, run: Run) -> None:
    if row := _stopped(step, run):
        run.ended = True
        if not run.stuck:
            cites = row.cite or step.cite
            run.ledger.move(step.kind, "self_paid", run.ledger.open, lambda: row.text, cites)


def _account(step: policy.Account, run: Run) -> None:
    if run.stuck:
        return
    amount = min(run.facts.amount("account_balance"), run.ledger.open)
    run.ledger.move(step.kind, "personal_account", amount, lambda: "先用个人账户里的钱", step.cite)


def _limit(step: policy.Limit, run: Run) -> None:
    row = run.find_figure(step.rows, step)
    if row is None or run.stuck:
        return
    limit, used = row.figure, run.facts.amount(step.less) if step.less else ZERO
    over = max(ZERO, run.ledger.open - max(ZERO, limit - used))

    def text() -> str:
        spent = f"，今年已用 {wording.yuan(used)} 元" if used else ""
        figure = f"最多算 {wording.yuan(limit)} 元{spent}"
        return f"{step.label or '限额'}：{run.who(row.when)}{figure}，超出的由您自己付"

    run.ledger.move(step.kind, step.bucket, over, text, row.cite or step.cite)


def _daily_limit(step: policy.DailyLimit, run: Run) -> None:
    days, price = run.facts.get("bed_days"), run.facts.get("bed_price")
    if days is None and price is None:
        return
    run.need(*(n for n, v in (("bed_days", days), ("bed_price", price)) if v is None))
    row = run.find_figure(step.rows, step)
    if row is None or run.stuck:
        return
    assert isinstance(days, int)
    assert isinstance(price, Decimal)
    ceiling, cites = row.figure, row.cite or step.cite
    over = min(max(ZERO, price - ceiling) * days, run.ledger.open)

    def text() -> str:
        figure = f"{run.who(row.when)}每天最多 {wording.yuan(ceiling)} 元"
        return f"床位费：{figure}，{days} 天超出的部分由您自己付"

    run.ledger.move(step.kind, "over_limit", over, text, cites, base=price * days)


def _portion(step: policy.Portion, run: Run) -> None:
    part = run.facts.get(step.of)
    if not isinstance(part, Decimal):
        run.need(step.of)
    elif not run.stuck:
        out = max(ZERO, run.ledger.open - part)
        said = step.label or "不在补偿范围里的部分"
        run.ledger.move(step.kind, "coinsurance", out, lambda: f"{said}，由您自己付", step.cite)


def _pay_first(step: policy.PayFirst, run: Run) -> None:
    row = run.find_figure(step.rows, step)
    if row is None or run.stuck:
        return
    ledger, rate = run.ledger, row.share
    base = ledger.open if step.of == "rest" else run.facts.amount(step.of)
    amount = min(to_cents(base * rate), ledger.open)

    def text() -> str:
        subject = wording.subject(OF[step.of] or run.who(row.when))
        return f"{subject}先由您自己付 {wording.percent(rate)}"

    cites = row.cite or step.cite
    ledger.move(step.kind, "pay_first", amount, text, cites, base=base, rate=rate)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A deductible, how it came about, and the clauses it follows."""

    amount: Decimal
    said: Callable[[], str]
    cites: tuple[str, ...]


def _deductible(step: policy.Deductible, run: Run) -> None:
    given = run.facts.get("deductible") if step.given else None
    if isinstance(given, Decimal):
        said = f"按您说的 {wording.yuan(given)} 元"
        figure: _Figure | None = _Figure(given, lambda: said, step.cite)
    else:
        figure = _table_deductible(step, run)
    if figure is None or run.stuck:
        return
    due = figure
    before = run.facts.amount("year_expense_before") if step.per == "year" else ZERO

    def text() -> str:
        paid = f"，今年已付 {wording.yuan(min(before, due.amount))} 元" if before else ""
        return f"{step.label or '起付标准'}：{due.said()}{paid}"

    amount = min(max(ZERO, due.amount - before), run.ledger.open)
    run.ledger.move(step.kind, "deductible", amount, text, due.cites)


def _table_deductible(step: policy.Deductible, run: Run) -> _Figure | None:
    """The figure of the table with its adjustments; None where it is unknown or there is none."""
    row = run.find_figure(step.rows, step)
    if row is None:
        return None
    first = row.figure
    amount, cites, applied = first, row.cite or step.cite, []
    number = run.facts.get("admission_no") if step.counts_admissions else None
    for change in step.adjust:
        if not run.holds(change.when):
            continue
        if change.less_per_further_admission is not None and number is None:
            run.need("admission_no")
            continue
        changed = change.apply(amount, number - 1 if isinstance(number, int) else 0)
        if changed != amount:
            applied.append(change)
            cites += tuple(cite for cite in change.cite if cite not in cites)
            amount = changed
    total = to_cents(amount)

    def said() -> str:
        who = run.who(row.when)
        if number is not None and not applied:
            who += f"第 {number} 次住院"
        figure = f"{who} {wording.yuan(first)} 元".lstrip()
        steps = [wording.change_of(c, run.who(c.when), number) for c in applied]
        return "，".join([figure, *steps, *([f"即 {wording.yuan(total)} 元"] if steps else [])])

    return _Figure(total, said, cites)


def _quota(step: policy.Quota, run: Run) -> None:
    row = run.find_figure(step.rows, step)
    days = run.facts.get("bed_days") if step.per == "day" else 1
    if days is None:
        run.need("bed_days")
    if row is None or run.stuck or not isinstance(days, int):
        return
    each, ledger = row.figure, run.ledger
    label, cites = step.label or "定额", row.cite or step.cite

    def text() -> str:
        times = "" if step.per == "visit" else f" × {days} 天"
        figure = f"{run.who(row.when)}{label} {wording.yuan(each)} 元{times}"
        return f"{figure}，由{wording.PAYERS[step.bucket]}付"

    paid = each * days if step.in_full else min(each * days, ledger.open)
    ledger.move(step.kind, step.bucket, paid, text, cites)
    ledger.move(
        step.kind, "over_limit", ledger.open, lambda: f"超过{label}的部分，由您自己付", cites
    )


_DO: dict[str, Callable[[Any, Run], None]] = {
    "treat_as": _treat_as,
    "not_stated": _not_stated,
    "excluded": _excluded,
    "account": _account,
    "limit": _limit,
    "daily_limit": _daily_limit,
    "portion": _portion,
    "pay_first": _pay_first,
    "deductible": _deductible,
    "share": share,
    "quota": _quota,
}
