"""The rules behind a benefit, as sentences: for questions about figures, and for ``show``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from tools.settlement import conditions, policy, tables, wording
from tools.settlement.conditions import Allowed, Conditions
from tools.settlement.facts import FACTS, Value
from tools.settlement.ledger import ZERO, to_cents
from tools.settlement.rule import Rule, RuleKind
from tools.settlement.scheme import Benefit, Scheme, schemes
from tools.settlement.steps import OF

_R = TypeVar("_R", bound=tables.Row)


def rules(
    region: str, insurance: str, benefit: str, facts: Mapping[str, Value]
) -> tuple[Rule, ...]:
    """The rows of a benefit that the facts don't contradict, in the order of settling.

    The facts are in the contract's words; what they leave out is unknown, never assumed.

    Raises:
        KeyError: no such scheme or benefit.
    """
    scheme = schemes()[region, insurance]
    return of_benefit(scheme, scheme.benefits[benefit], facts)


def of_benefit(scheme: Scheme, benefit: Benefit, facts: Mapping[str, Value]) -> tuple[Rule, ...]:
    """As `rules`, for a scheme at hand."""
    notes = tuple(Rule("condition", note.text, note.cite) for note in benefit.notes)
    if benefit.excluded:
        return (Rule("excluded", benefit.excluded.text, benefit.excluded.cite), *notes)
    rows = list(_Table(scheme, benefit.steps, facts).rules())
    readings = []
    for name, reading in benefit.readings.items():
        text = f"资料也可以理解为：{reading.text}"
        if any(row.reading == name and row.kind == "deductible" for row in rows):
            rows, other = _otherwise(rows, name, _Table(scheme, benefit.variants[name], facts))
            text += "，那样" + "；".join(other) if other else ""
        readings.append(Rule("reading", text, reading.cite, reading=name))
    return (*rows, *notes, *readings)


def _otherwise(rows: Sequence[Rule], name: str, table: _Table) -> tuple[list[Rule], list[str]]:
    """The rows, and the deductibles that another reading makes another figure; the rest is free."""
    others = {row.when: row for row in table.rules() if row.kind == "deductible"}
    found: list[Rule] = []
    said: list[str] = []
    for row in rows:
        if row.kind == "deductible" and row.reading == name:
            other = others.get(row.when)
            if other is None or other.amount == row.amount:
                found.append(replace(row, reading=""))
                continue
            said.append(other.text)
        found.append(row)
    return found, said


class _Table:
    """One reading of a benefit's steps as sentences."""

    def __init__(
        self, scheme: Scheme, steps: Sequence[policy.AnyStep], facts: Mapping[str, Value]
    ) -> None:
        self._labels = scheme.values
        self._steps = steps
        self._known = dict(facts)
        self._scope: Conditions = ()

    def rules(self) -> Iterator[Rule]:
        for step in self._steps:
            undecided = self._undecided(step.when)
            if undecided is None:
                continue
            self._scope = undecided
            yield from self._step(step)
            for part in (step, *step.limits):
                yield from self._gaps(part)
            if isinstance(step, policy.NotStated | policy.Excluded) and any(
                self._undecided(row.when) == () for row in step.rows
            ):
                return

    def _step(self, step: policy.AnyStep) -> Iterator[Rule]:
        match step:
            case policy.TreatAs():
                yield from self._treat_as(step)
            case policy.NotStated() | policy.Excluded():
                for row, when in self._open(step.rows):
                    yield self._rule(step.kind, self._fill(row.text, row.when), row, step, when)
            case policy.Account() | policy.Portion():
                yield self._fixed(step)
            case policy.Limit() | policy.DailyLimit():
                yield from self._limit(step)
            case policy.PayFirst():
                yield from self._pay_first(step)
            case policy.Deductible():
                yield from self._deductible(step)
            case policy.Share():
                yield from self._share(step)
            case policy.Quota():
                yield from self._quota(step)

    def _fixed(self, step: policy.Account | policy.Portion) -> Rule:
        if isinstance(step, policy.Account):
            text = "先用个人账户里的钱，用完以后才开始报"
        else:
            text = f"{step.label or '不在补偿范围里的部分'}，由您自己付"
        return self._rule(step.kind, text, step, step, self._scope)

    def _undecided(self, when: Conditions, row: Conditions = ()) -> Conditions | None:
        """The conditions still open; None where a known fact contradicts.

        For a part that works on a row, what the ``row`` itself is for counts as known.
        """
        own, left = dict(row), []
        for name, allowed in when:
            known = self._known.get(name)
            case = own.get(name) if known is None else _only(known)
            if case is not None and not conditions.meet(case, allowed):
                return None
            if case is None or not conditions.within(case, allowed):
                left.append((name, allowed))
        return tuple(left)

    def _open(self, rows: Iterable[_R]) -> Iterator[tuple[_R, Conditions]]:
        for row in rows:
            when = self._undecided(row.when)
            if when is not None:
                tested = {name for name, _ in when}
                yield row, (*(test for test in self._scope if test[0] not in tested), *when)

    def _rule(
        self,
        kind: RuleKind,
        text: str,
        part: tables.Cited,
        step: tables.Cited,
        when: Conditions,
        **more: Any,
    ) -> Rule:
        reading = part.unless or step.unless or ""
        return Rule(kind, text, part.cite or step.cite, when, _usual(when), reading=reading, **more)

    def _who(self, when: Conditions) -> str:
        return wording.who(conditions.narrow(when, self._known.get), self._labels)

    def _treat_as(self, step: policy.TreatAs) -> Iterator[Rule]:
        for row, when in self._open(step.rows):
            if row.text:
                yield self._rule("treated_as", row.text, row, step, when)
            if not when:
                self._known.update(row.treated_as)

    def _gaps(self, part: policy.AnyStep | tables.Cap) -> Iterator[Rule]:
        """What a table does not state."""
        for row, when in self._open(part.table):
            known = (
                isinstance(row, tables.ShareRow) and row.local_rate and self._local_rate is not None
            )
            if isinstance(row, tables.FigureRow) and row.not_stated and not known:
                text = self._fill(row.text or f"资料没有写明{row.not_stated}", row.when)
                yield self._rule("not_stated", text, row, part, when, ask=row.ask)

    @property
    def _local_rate(self) -> Decimal | None:
        local = self._known.get("local_rate")
        return local if isinstance(local, Decimal) else None

    def _fill(self, text: str, when: Conditions) -> str:
        """A row's text with its facts: the known value, else all that the row is for."""
        for test in when:
            text = text.replace(f"{{{test[0]}}}", self._who((test,)))
        return text

    def _limit(self, step: policy.Limit | policy.DailyLimit) -> Iterator[Rule]:
        for row, when in self._open(step.rows):
            if row.amount is None:
                continue
            who, figure = self._who(row.when), f"{wording.yuan(row.figure)} 元"
            if isinstance(step, policy.DailyLimit):
                text = f"{who}的床位费每天最多算 {figure}".removeprefix("的")
                yield self._rule("bed_fee", text, row, step, when, amount=row.figure)
                continue
            label = step.label or "限额"
            every = "每年" if step.less else "每次"
            text = f"{who}{label}：{every}最多算 {figure}的费用"
            yield self._rule("limit", text, row, step, when, amount=row.figure)

    def _pay_first(self, step: policy.PayFirst) -> Iterator[Rule]:
        for row, when in self._open(step.rows):
            if row.not_stated:
                continue
            share = row.share
            text = f"先由您自己付 {wording.percent(share)}" if share else "不用先自付"
            text = row.text or wording.subject(OF[step.of] or self._who(row.when)) + text
            yield self._rule("pay_first", text, row, step, when, rate=share)

    def _deductible(self, step: policy.Deductible) -> Iterator[Rule]:
        given = self._known.get("deductible") if step.given else None
        kind: RuleKind = "threshold" if step.per == "year" else "deductible"
        label = _label(step)
        if isinstance(given, Decimal):
            text = f"{label}按您说的 {wording.yuan(given)} 元"
            yield self._rule(kind, text, step, step, self._scope, amount=given)
            return
        for row, when in self._open(step.rows):
            if row.none:
                text = row.text or f"{self._who(row.when)}不设{label}"
                yield self._rule(kind, text, row, step, when, amount=ZERO)
            elif not row.not_stated:
                yield self._figure(kind, label, row, step, when)
        yield from self._adjustments(step)

    def _figure(
        self,
        kind: RuleKind,
        label: str,
        row: tables.AmountRow,
        step: policy.Deductible,
        when: Conditions,
    ) -> Rule:
        """A deductible with the adjustments that are decided."""
        who, cites = self._who(row.when), row.cite or step.cite
        amount, number = row.figure, self._known.get("admission_no")
        readings, steps = [row.unless or step.unless], []
        for change in step.adjust:
            known = self._decided(change.when, row.when)
            if known and not (change.counts and number is None):
                changed = change.apply(amount, number - 1 if isinstance(number, int) else 0)
                if changed != amount:
                    steps.append(wording.change_of(change, self._who(change.when), number))
                    cites += tuple(cite for cite in change.cite if cite not in cites)
                    readings.append(change.unless)
                    own = {name for name, _ in row.when} | {"admission_no"}
                    who += self._who(tuple(test for test in change.when if test[0] not in own))
                amount = changed
        if number is not None and step.counts_admissions:
            who += f"第 {number} 次住院"
        amount = to_cents(amount)
        every = "每年 " if step.per == "year" else " "
        text = f"{who}的{label}是{every}{wording.yuan(amount)} 元".removeprefix("的")
        if steps:
            text += f"（{'，'.join([f'{wording.yuan(row.figure)} 元', *steps])}）"
        reading = next(filter(None, readings), "")
        return Rule(kind, text, cites, when, _usual(when), amount=amount, reading=reading)

    def _decided(self, when: Conditions, row: Conditions) -> bool:
        """Whether an adjustment is for the case; what nobody says of himself is not."""
        left = self._undecided(when, row)
        return left is not None and all(
            FACTS[name].kind == "flag" and FACTS[name].assumed in allowed for name, allowed in left
        )

    def _adjustments(self, step: policy.Deductible | policy.Share) -> Iterator[Rule]:
        """The adjustments that are open for some row, or hold whatever the facts are."""
        rows = [row for row, _ in self._open(step.table)]
        is_share = isinstance(step, policy.Share)
        of = wording.PAYERS[step.bucket] if isinstance(step, policy.Share) else _label(step)
        for change in step.changes:
            when = self._undecided(change.when)
            counts = change.counts
            if when is None or (counts and "admission_no" in self._known):
                continue
            open_rows = any(self._undecided(change.when, row.when) for row in rows)
            if open_rows or counts or change.is_floor:
                who = self._who(change.when)
                text = (wording.subject(who) if is_share else who) + wording.change(change, of)
                yield self._rule("adjustment", text, change, step, self._scope + when)

    def _share(self, step: policy.Share) -> Iterator[Rule]:
        for row, when in self._open(step.rows):
            if row.local_rate and self._local_rate is not None:
                term = tables.Term(None, self._local_rate)
                yield self._rate(term, ZERO, "", row, step, when)
            yield from self._segments(row, step, when)
        yield from self._adjustments(step)
        for cap in step.caps:
            yield from self._cap(cap, step)

    def _segments(
        self, row: tables.ShareRow, step: policy.Share, when: Conditions
    ) -> Iterator[Rule]:
        first = self._first_lower(step, row.when)
        lower, where = first or ZERO, ""
        for number, part in enumerate(row.terms):
            if part.upto == "deductible":
                yield self._rate(part, ZERO, "起付线部分", row, step, when)
                continue
            upper = part.upto
            where = wording.span(lower, upper)
            if not number and first is None:
                where = f"起付标准以上到 {wording.yuan(upper)} 元的部分" if upper else ""
            elif number and not lower:
                where = "其余部分"
            elif len(row.terms) == 1:
                where = ""
            yield self._rate(part, lower, where, row, step, when)
            lower = upper or lower

    def _first_lower(self, step: policy.Share, row: Conditions) -> Decimal | None:
        """Where the segments begin: the deductible; None where it is not one figure."""
        if step.runs_on == "layer":
            return ZERO
        for other in self._steps:
            if isinstance(other, policy.Deductible) and self._undecided(other.when, row) == ():
                fits = [r for r, _ in self._open(other.rows) if conditions.overlap(r.when, row)]
                amounts = {r.figure for r in fits if not r.not_stated}
                plain = len(amounts) == 1 and not other.adjust and not other.given
                return amounts.pop() if plain else None
        return ZERO

    def _rate(
        self,
        part: tables.Term,
        lower: Decimal,
        where: str,
        row: tables.ShareRow,
        step: policy.Share,
        when: Conditions,
    ) -> Rule:
        fund, cites = part.rate, row.cite or step.cite
        payer, said = wording.PAYERS[step.bucket], [self._who(row.when), step.label, where]
        why = ""
        for change in step.adjust:
            if self._undecided(change.when, row.when) == ():
                fund = change.apply(fund)
                own = {name for name, _ in row.when}
                who = self._who(tuple(test for test in change.when if test[0] not in own))
                why += wording.subject(who) + wording.change(change, payer) + "，"
                cites += tuple(cite for cite in change.cite if cite not in cites)
        text = wording.subject(*said) + why + wording.shares(payer, fund)
        return Rule(
            "rate",
            text,
            cites,
            when,
            _usual(when),
            rate=fund,
            lower=lower,
            upper=part.upto if isinstance(part.upto, Decimal) else None,
            payer=step.bucket,
        )

    def _cap(self, cap: tables.Cap, step: policy.Share) -> Iterator[Rule]:
        payer = wording.PAYERS[step.bucket]
        for row, when in self._open(cap.rows):
            if row.amount is not None:
                who = wording.subject(self._who(row.when))
                text = f"{who}{payer}一年最多付 {wording.yuan(row.figure)} 元"
                if row.plus:
                    of = f"{wording.yuan(row.amount)} 元加 {wording.yuan(row.plus)} 元"
                    text += f"（{of}）"
                yield self._rule("cap", text, row, cap, when, amount=row.figure, payer=step.bucket)
        if cap.beyond == "not_stated":
            yield self._rule("not_stated", cap.text, cap, cap, self._scope)

    def _quota(self, step: policy.Quota) -> Iterator[Rule]:
        payer = wording.PAYERS[step.bucket]
        for row, when in self._open(step.rows):
            if row.amount is not None:
                each = "每天" if step.per == "day" else ""
                figure = f"{wording.yuan(row.figure)} 元"
                text = f"{self._who(row.when)}{step.label or '定额'}{each} {figure}，由{payer}付"
                yield self._rule(
                    "quota", text, row, step, when, amount=row.figure, payer=step.bucket
                )


def _label(step: policy.Deductible) -> str:
    return step.label or "起付标准"


def _only(value: Value) -> Allowed:
    return frozenset((value,)) if not isinstance(value, Decimal) else frozenset()


def _usual(when: Conditions) -> bool:
    """Whether conditions hold for all that would be assumed."""
    assumed = ((FACTS[name].assumed, allowed) for name, allowed in when)
    return all(value is None or value in allowed for value, allowed in assumed)
