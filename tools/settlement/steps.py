"""What each kind of step does with the money. The share has a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tools.settlement import policy, wording
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


def _stopped(step: policy.NotStated | policy.Excluded, run: Run) -> policy.StopRow | None:
    """The row that ends the settlement. An undecided row has its facts asked first."""
    for row in step.rows:
        unknown = run.facts.unknown(row.when)
        if unknown == ():
            return row
        if unknown and not row.if_stated:
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
            ledger = run.ledger
            cites = row.cite or step.cite
            ledger.move(step.kind, "self_paid", ledger.open, row.text, cites, base=ledger.open)


def _account(step: policy.Account, run: Run) -> None:
    if run.stuck:
        return
    ledger = run.ledger
    amount = min(run.facts.amount("account_balance"), ledger.open)
    ledger.move(
        step.kind, "personal_account", amount, "先用个人账户里的钱", step.cite, base=ledger.open
    )


def _limit(step: policy.Limit, run: Run) -> None:
    row = run.find(step.rows)
    if row is None or run.stuck or row.amount is None:
        return
    used = run.facts.amount(step.less) if step.less else ZERO
    ledger = run.ledger
    over = max(ZERO, ledger.open - max(ZERO, row.amount - used))
    subject = run.who(row.when)
    text = f"{step.label or '限额'}：{subject}最多算 {wording.yuan(row.amount)} 元"
    text += f"，今年已用 {wording.yuan(used)} 元" if used else ""
    text += "，超出的由您自己付"
    ledger.move(step.kind, step.bucket, over, text, row.cite or step.cite, base=ledger.open)


def _daily_limit(step: policy.DailyLimit, run: Run) -> None:
    days, price = run.facts.get("bed_days"), run.facts.get("bed_price")
    if days is None and price is None:
        return
    run.need(*(n for n, v in (("bed_days", days), ("bed_price", price)) if v is None))
    row = run.find(step.rows)
    if run.stuck or row is None or row.amount is None:
        return
    assert isinstance(days, int)
    assert isinstance(price, Decimal)
    over = min(max(ZERO, price - row.amount) * days, run.ledger.open)
    subject = run.who(row.when)
    text = f"床位费：{subject}每天最多 {wording.yuan(row.amount)} 元，{days} 天超出的部分由您自己付"
    run.ledger.move(step.kind, "over_limit", over, text, row.cite or step.cite, base=price * days)


def _portion(step: policy.Portion, run: Run) -> None:
    part = run.facts.get(step.of)
    if not isinstance(part, Decimal):
        run.need(step.of)
    elif not run.stuck:
        ledger = run.ledger
        text = f"{step.label or '不在补偿范围里的部分'}，由您自己付"
        out = max(ZERO, ledger.open - part)
        ledger.move(step.kind, "coinsurance", out, text, step.cite, base=ledger.open)


def _pay_first(step: policy.PayFirst, run: Run) -> None:
    row = run.find(step.rows)
    if row is None or run.stuck or row.patient is None:
        return
    ledger = run.ledger
    base = ledger.open if step.of == "rest" else run.facts.amount(step.of)
    amount = min(to_cents(base * row.patient), ledger.open)
    subject = wording.subject(OF[step.of] or run.who(row.when))
    text = f"{subject}先由您自己付 {wording.percent(row.patient)}"
    cites = row.cite or step.cite
    ledger.move(step.kind, "pay_first", amount, text, cites, base=base, rate=row.patient)


def _deductible(step: policy.Deductible, run: Run) -> None:
    label = step.label or "起付标准"
    given = run.facts.get("deductible") if step.given else None
    if isinstance(given, Decimal):
        figure, text, cites = given, f"{label}：按您说的 {wording.yuan(given)} 元", step.cite
    else:
        computed = _computed_deductible(step, run, label)
        if computed is None:
            return
        figure, text, cites = computed
    if run.stuck:
        return
    before = run.facts.amount("year_expense_before") if step.per == "year" else ZERO
    if before:
        text += f"，今年已付 {wording.yuan(min(before, figure))} 元"
    ledger = run.ledger
    amount = min(max(ZERO, figure - before), ledger.open)
    ledger.move(step.kind, "deductible", amount, text, cites, base=ledger.open)


def _computed_deductible(
    step: policy.Deductible, run: Run, label: str
) -> tuple[Decimal, str, tuple[str, ...]] | None:
    """The figure of the table with its adjustments; None where it is unknown or there is none."""
    row = run.find(step.rows)
    if row is None or row.none:
        return None
    if row.amount is None:
        run.row_gap(row, step)
        return None
    figure, cites, said = row.amount, row.cite or step.cite, []
    further = 0
    for change in step.adjust:
        if not run.holds(change.when):
            continue
        if change.less_per_further_admission is not None:
            number = run.facts.get("admission_no")
            if not isinstance(number, int):
                run.need("admission_no")
                continue
            further = number - 1
        changed = adjusted(figure, change, further)
        if changed != figure:
            said.append(_said(change, further, run))
            cites += tuple(cite for cite in change.cite if cite not in cites)
            figure = changed
    subject = run.who(row.when)
    figure = to_cents(figure)
    subject = run.who(row.when)
    if not said and counts_admissions(step):
        subject += f"第 {run.facts.get('admission_no')} 次住院"
    text = "，".join(
        [f"{label}：{subject} {wording.yuan(row.amount)} 元".replace("： ", "："), *said]
    )
    return figure, text + (f"，即 {wording.yuan(figure)} 元" if said else ""), cites


def counts_admissions(step: policy.AnyStep) -> bool:
    """Whether a step depends on which admission of the year this is."""
    return any(
        change.less_per_further_admission is not None
        or any(name == "admission_no" for name, _ in change.when)
        for change in step.changes
    )


def adjusted(figure: Decimal, change: policy.Adjustment, further: int) -> Decimal:
    """A deductible after one adjustment, not yet rounded; ``further`` admissions came before."""
    if change.times is not None:
        figure *= change.times
    if change.less_per_further_admission is not None:
        figure -= change.less_per_further_admission * further
    return max(figure, change.at_least or ZERO)


def _said(change: policy.Adjustment, further: int, run: Run) -> str:
    if change.less_per_further_admission is not None:
        less = wording.yuan(change.less_per_further_admission * further)
        return f"第 {further + 1} 次住院减 {less} 元"
    return run.who(change.when) + wording.change(change, "")


def _quota(step: policy.Quota, run: Run) -> None:
    row = run.find(step.rows)
    days = run.facts.get("bed_days") if step.per == "day" else 1
    if days is None:
        run.need("bed_days")
    if row is None:
        return
    if row.amount is None:
        run.row_gap(row, step)
    if run.stuck or row.amount is None or not isinstance(days, int):
        return
    ledger = run.ledger
    quota = row.amount * days
    subject = run.who(row.when)
    figure = f"{wording.yuan(row.amount)} 元" + ("" if step.per == "visit" else f" × {days} 天")
    cites = row.cite or step.cite
    paid = quota if step.in_full else min(quota, ledger.open)
    payer = wording.PAYERS[step.bucket]
    label = step.label or "定额"
    ledger.move(
        step.kind,
        step.bucket,
        paid,
        f"{subject}{label} {figure}，{payer}付",
        cites,
        base=ledger.open,
    )
    ledger.move(
        step.kind,
        "over_limit",
        ledger.open,
        f"超过{label}的部分，由您自己付",
        cites,
        base=ledger.open,
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
