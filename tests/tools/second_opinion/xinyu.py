"""Xinyu, from 002 (the maternity hospital's guide)."""

from decimal import Decimal

from second_opinion.paper import ZERO, Buckets, NotStatedError, Paper, capped, cents

EMPLOYEE_LEVELS = {"1": (300, "0.98"), "2": (500, "0.95"), "3": (700, "0.90")}  # 002 四
RESIDENT_LEVELS = {  # 002 三
    "1": (100, "0.90"),
    "2": (400, "0.80"),
    "3": (600, "0.60"),
    "non_designated": (800, "0.40"),
}


def refuse_silent_routes(c: Paper) -> None:
    """002 十一.4 settles the registered by Xinyu's own terms and is silent on the others."""
    if c.route in ("self_referral", "unregistered", "emergency"):
        c.need("expense")
        raise NotStatedError


def class_b_and_c(c: Paper, open_: Decimal) -> Decimal:
    """002 七: 乙类项目应先自付10%，丙类项目应先自付15%."""
    class_b, class_c = cents(c.class_b * Decimal("0.10")), cents(c.class_c * Decimal("0.15"))
    return min(open_, class_b + class_c)


def resident_inpatient(c: Paper, reading: str = "") -> Buckets:
    refuse_silent_routes(c)
    c.need("expense", "hospital_level")
    if c.hospital_level not in RESIDENT_LEVELS:
        raise NotStatedError
    figure, rate = RESIDENT_LEVELS[c.hospital_level]
    pay_first = class_b_and_c(c, c.expense)
    open_ = c.expense - pay_first
    if c.deductible is not None:
        deductible = min(open_, c.deductible)
    elif c.hardship and c.hospital_level in ("1", "2"):
        deductible = ZERO  # 002 三: 在一级、二级定点医疗机构住院不设起付线
    else:
        deductible = min(open_, Decimal(figure))
    return {
        "pay_first": pay_first,
        "deductible": deductible,
        **resident_share(c, open_ - deductible, rate),
    }


def resident_share(c: Paper, base: Decimal, rate: str) -> Buckets:
    paid, borne, beyond = capped(base, rate, 100_000 - c.year_fund_before)
    if beyond:  # 002 三: 10万元 a year; above it 大病补偿, at no stated rate
        raise NotStatedError
    return {"pooled_fund": paid, "coinsurance": borne}


def resident_outpatient_special(c: Paper, reading: str = "") -> Buckets:
    refuse_silent_routes(c)
    c.need("expense", "hospital_level", "disease_class")
    if c.hospital_level not in RESIDENT_LEVELS:
        raise NotStatedError
    figure, rate = RESIDENT_LEVELS[c.hospital_level]  # 002 一(一): 执行住院医疗起付标准和报销比例
    pay_first = class_b_and_c(c, c.expense) if reading == "classes pay first" else ZERO
    open_ = c.expense - pay_first
    if reading == "hardship waiver" and c.hardship and c.hospital_level in ("1", "2"):
        deductible = ZERO
    elif reading == "deductible each visit":
        deductible = Decimal(figure)
    else:
        deductible = max(ZERO, figure - c.year_expense_before)
    deductible = min(open_, deductible)
    base = open_ - deductible
    settled = {"pay_first": pay_first, "deductible": deductible}
    if c.disease_class == "1":
        return {**settled, **resident_share(c, base, rate)}  # I类 10万元, with the inpatient cap
    paid, borne, _ = capped(base, rate, 5000 - c.year_class2_before)  # II类 5000元
    within_both = min(base * Decimal(rate), max(ZERO, 5000 - c.year_class2_before))
    if within_both > max(ZERO, 100_000 - c.year_fund_before):
        raise NotStatedError
    borne = cents(borne)
    return {**settled, "pooled_fund": paid, "coinsurance": borne, "over_cap": base - paid - borne}


def resident_delivery(c: Paper, reading: str = "") -> Buckets:
    c.need("expense", "delivery_mode")
    quota = Decimal(2640 if c.delivery_mode == "cesarean" else 900)  # 002 三.1: 定额补偿
    paid = quota if reading == "quota in full" else min(quota, c.expense)
    return {"pooled_fund": paid, "over_limit": c.expense - paid}


def employee_deductible(c: Paper, reading: str) -> Decimal:
    """002 四: 逐次减低100元; 退休人员 60%; 最少不低于100元."""
    if c.deductible is not None:
        return c.deductible
    first, _ = EMPLOYEE_LEVELS[c.hospital_level]
    lowered = 100 * ((c.admission_no or 1) - 1)
    if c.employment == "working":
        figure = Decimal(first - lowered)
    elif reading == "60% first":
        figure = first * Decimal("0.60") - lowered
    else:
        figure = (first - lowered) * Decimal("0.60")
    return max(Decimal(100), figure)


def bed_fee_above_ceiling(c: Paper, reading: str) -> Decimal:
    if c.bed_days is None:
        return ZERO
    if reading == "flat bed fee":
        ceiling = 30  # 002 六.3: 医保患者床位费报销限30元/天
    elif c.personnel == "prefecture":
        ceiling = 70  # 002 四, the table of bed fees, by level 1/2/3
    elif c.personnel == "county":
        ceiling = {"1": 20, "2": 30, "3": 50}[c.hospital_level]
    else:
        ceiling = {"1": 15, "2": 20, "3": 30}[c.hospital_level]
    return c.bed_days * max(ZERO, c.bed_price - ceiling)


def employee_inpatient(c: Paper, reading: str = "") -> Buckets:
    refuse_silent_routes(c)
    facts = ["expense", "hospital_level"]
    if c.bed_days is not None or c.bed_price is not None:
        facts += ["bed_days", "bed_price"]
    if c.hospital_level in (None, *EMPLOYEE_LEVELS):
        if c.deductible is None:
            facts.append("employment")
            if c.year_expense_before > 0 or c.year_fund_before > 0:
                facts.append("admission_no")
        if c.bed_days is not None or c.bed_price is not None:
            facts.append("personnel")
    c.need(*facts)
    if c.hospital_level not in EMPLOYEE_LEVELS:
        raise NotStatedError
    over_limit = bed_fee_above_ceiling(c, reading)
    pay_first = class_b_and_c(c, c.expense - over_limit)
    open_ = c.expense - over_limit - pay_first
    deductible = min(open_, employee_deductible(c, reading))
    _, rate = EMPLOYEE_LEVELS[c.hospital_level]
    return {
        "over_limit": over_limit,
        "pay_first": pay_first,
        "deductible": deductible,
        **employee_share(c, open_ - deductible, rate),
    }


def employee_share(c: Paper, base: Decimal, rate: str) -> Buckets:
    """002 四: 10万元 a year, then 大病保险 90% up to 30万元 a year."""
    pooled, borne, beyond = capped(base, rate, 100_000 - c.year_fund_before)
    critical, borne_too, left = capped(beyond, "0.90", 300_000 - c.year_critical_before)
    coinsurance = cents(borne) + cents(borne_too) if left else base - pooled - critical
    return {
        "pooled_fund": pooled,
        "critical_illness": critical,
        "coinsurance": coinsurance,
        "over_cap": base - pooled - critical - coinsurance,
    }


def employee_outpatient_chronic(c: Paper, reading: str = "") -> Buckets:
    refuse_silent_routes(c)
    c.need("expense", "disease_class")
    account = min(c.account_balance, c.expense)  # 002 一(二): 个人账户用完后
    rest = c.expense - account
    if c.disease_class == "1":
        threshold, rate = 0, "0.85"
    elif c.disease_class == "2":
        threshold, rate = 700, "0.75"
    else:
        threshold, rate = 1000, "0.65"
    filled = ZERO if reading == "threshold each visit" else c.year_expense_before
    deductible = min(rest, max(ZERO, threshold - filled))
    return {
        "personal_account": account,
        "deductible": deductible,
        **employee_share(c, rest - deductible, rate),
    }


def employee_maternity_outpatient(c: Paper, reading: str = "") -> Buckets:
    c.need("expense", "item")
    quotas = {  # 002 五.2
        "antenatal": 660,
        "iud": 60,
        "implant": 60,
        "sterilization": 400,
        "curettage": 300,
        "pregnancy_check": 15,
    }
    if c.item not in quotas:
        raise NotStatedError
    paid = min(c.expense, Decimal(quotas[c.item]))
    return {"pooled_fund": paid, "over_limit": c.expense - paid}
