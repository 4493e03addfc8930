"""Zhenjiang, from 004 (out-of-area care; the base rates and deductibles are not in it)."""

from decimal import Decimal

from second_opinion.paper import ZERO, Buckets, NotStatedError, Paper, cents


def employee_out_of_area(c: Paper, reading: str = "") -> Buckets:
    settled_there = c.route == "long_term"  # 004 四(三): the terms of home
    c.need("expense", *([] if settled_there else ["special_procedure"]))
    unknown = [figure for figure in ("deductible", "local_rate") if getattr(c, figure) is None]
    if unknown:
        raise NotStatedError(*unknown)
    away = Decimal("0.10" if c.special_procedure else "0.40")  # 004 六(一) 1, (二)
    share = ZERO if settled_there else away
    pay_first = cents(c.expense * share)
    open_ = c.expense - pay_first
    deductible = min(open_, c.deductible)
    paid = cents((open_ - deductible) * c.local_rate)
    return {
        "pay_first": pay_first,
        "deductible": deductible,
        "pooled_fund": paid,
        "coinsurance": open_ - deductible - paid,
    }


def resident_out_of_area(c: Paper, reading: str = "") -> Buckets:
    if c.route == "long_term":
        c.need("expense")
        raise NotStatedError
    c.need("expense", "special_procedure")
    if c.local_rate is None:
        raise NotStatedError("local_rate")
    pay_first = ZERO if c.special_procedure else cents(c.expense * Decimal("0.20"))  # 004 六(二)
    open_ = c.expense - pay_first
    after_deductible = reading == "after a deductible" and c.deductible is not None
    deductible = min(open_, c.deductible) if after_deductible else ZERO
    paid = cents((open_ - deductible) * (c.local_rate * Decimal("0.5")))  # the 50% of (一) and (二)
    return {
        "pay_first": pay_first,
        "deductible": deductible,
        "pooled_fund": paid,
        "coinsurance": open_ - deductible - paid,
    }
