"""Wuxi, from 000 (the hospital's guide, 2019-09) and 001 (care outside the city)."""

from decimal import Decimal

from second_opinion.paper import ZERO, Buckets, NotStatedError, Paper, banded, cents, limited

OUT_OF_CITY = ("hospital_referral", "self_referral", "unregistered")


def pay_first_share(c: Paper) -> Decimal:
    if c.route == "hospital_referral":
        return Decimal("0.10")  # 001 (四) 3: 先由个人自付10%
    if c.route == "self_referral":
        return Decimal("0.30")  # 001 (五) 3: 先由个人自付30%
    if c.route == "unregistered":
        return Decimal("0.50")  # 001 (六) 1(1): 先由个人自付50%
    return ZERO  # 001 (二) (三); (六) 1(2): an emergency as at home


def employee_deductible(c: Paper, reading: str) -> Decimal:
    """000 二: begins at 750 working, 600 retired in this level-2 hospital."""
    if c.deductible is not None:
        return c.deductible
    if c.hospital_level != "2":
        raise NotStatedError("deductible")
    if c.old_worker and reading == "old worker's deductible":
        figure = 750 * Decimal("0.30")  # 000 二: 其自付部分为在职职工的30%
    elif c.old_worker or c.employment == "retired":
        figure = Decimal(600)
    else:
        figure = Decimal(750)
    admission = c.admission_no or 1
    repeat = Decimal(1) if admission == 1 else Decimal("0.5" if admission == 2 else "0.25")
    if c.special_treatment:  # 000 二.2: 按上述标准减半
        repeat = Decimal("0.5") * (1 if reading == "half replaces the repeat" else repeat)
    return cents(figure * repeat)


def employee_inpatient(c: Paper, reading: str = "") -> Buckets:
    facts = ["expense"]
    if not c.old_worker:
        facts.append("employment")
    if c.deductible is None:
        facts.append("hospital_level")
        later_in_year = c.year_expense_before > 0 or c.year_fund_before > 0
        if later_in_year and c.hospital_level in (None, "2"):
            facts.append("admission_no")
    c.need(*facts)

    pay_first = cents(c.expense * pay_first_share(c))
    rest = c.expense - pay_first
    deductible = min(rest, employee_deductible(c, reading))
    start = ZERO if reading == "segments restart" else c.year_expense_before
    # 000 二 统筹段: the patient's 12/10/8% working, 6/5/8% retired, 30% of the working for the old
    if c.old_worker:
        bands = [(10_000, "0.964"), (40_000, "0.97"), (10**10, "0.976")]
    elif c.employment == "retired":
        bands = [(10_000, "0.94"), (40_000, "0.95"), (10**10, "0.92")]
    else:
        bands = [(10_000, "0.88"), (40_000, "0.90"), (10**10, "0.92")]
    paid = banded(start + deductible, start + rest, bands)
    return {
        "pay_first": pay_first,
        "deductible": deductible,
        "pooled_fund": paid,
        "coinsurance": rest - deductible - paid,
    }


def employee_delivery(c: Paper, reading: str = "") -> Buckets:
    raise NotStatedError  # 000 不属于医保范围: 涉及生育


def outpatient_account(c: Paper, *facts: str, chronic: bool = False) -> tuple[Decimal, Decimal]:
    """(from the account, what remains for the fund), 000 一: the card's money comes first."""
    if c.route == "unregistered" or (chronic and c.route == "long_term"):
        c.need("expense")
        raise NotStatedError  # 001 (二) 4(3): 已取消门诊慢性病待遇; no word on the unregistered
    account_only = c.route in ("hospital_referral", "self_referral")  # 001 (四) (五) 3(4)
    c.need("expense", *(() if account_only else facts))
    account = min(c.account_balance, c.expense)
    return account, ZERO if account_only else c.expense - account


def unpaid(c: Paper, account: Decimal) -> Buckets:
    return {"personal_account": account, "self_paid": c.expense - account}


def employee_outpatient(c: Paper, reading: str = "") -> Buckets:
    facts = ["referral"] if c.referral == "unreferred" else ["referral", "employment"]
    account, rest = outpatient_account(c, *facts)
    if not rest or c.referral == "unreferred":  # 000 一.1: 不可享受门诊统筹待遇
        return unpaid(c, account)
    # 000 一.1: 5000 and 30% working, 6000 and 15% retired
    rate, cap = ("0.85", 6000) if c.employment == "retired" else ("0.70", 5000)
    return {"personal_account": account, **yearly(c, rest, rate, cap, reading, "pooled_fund")}


def employee_civil_servant(c: Paper, reading: str = "") -> Buckets:
    account, rest = outpatient_account(c, "employment")
    if not rest:
        return unpaid(c, account)
    # 000 一.3: 3000 and 30% working, 4000 and 15% retired
    rate, cap = ("0.85", 4000) if c.employment == "retired" else ("0.70", 3000)
    return {"personal_account": account, **yearly(c, rest, rate, cap, reading, "civil_servant")}


def yearly(c: Paper, rest: Decimal, rate: str, cap: int, reading: str, fund: str) -> Buckets:
    """A yearly limit (最高额度): on what the fund pays, or in another reading on the expense."""
    if reading != "cap on the expense":
        return limited(rest, rate, cap - c.year_fund_before, fund)
    counted = min(rest, max(ZERO, cap - c.year_expense_before))
    paid = cents(counted * Decimal(rate))
    return {fund: paid, "coinsurance": counted - paid, "over_cap": rest - counted}


def employee_outpatient_chronic(c: Paper, reading: str = "") -> Buckets:
    account, rest = outpatient_account(c, "age", chronic=True)
    if not rest:
        return unpaid(c, account)
    # 000 一.2: below 70 3500, 30%, 800; from 70 on 4000, 20%, 600
    rate, cap, threshold = ("0.80", 4000, 600) if c.age >= 70 else ("0.70", 3500, 800)
    deductible = min(rest, max(ZERO, threshold - c.year_expense_before))
    shared = yearly(c, rest - deductible, rate, cap, reading, "pooled_fund")
    return {"personal_account": account, "deductible": deductible, **shared}


def resident_cap(c: Paper) -> Decimal:
    """000 居民 (一): 20万, 连续缴费满5年及以上再增加5万."""
    return Decimal(250_000 if c.insured_years >= 5 else 200_000)


def resident_inpatient(c: Paper, reading: str = "", limit: Decimal | None = None) -> Buckets:
    settled_away = c.route in (*OUT_OF_CITY, "long_term")  # one column, or none
    c.need("expense", *([] if settled_away else resident_facts(c, c.deductible is None)))
    over_limit = ZERO if limit is None else max(ZERO, c.expense - limit)
    open_ = c.expense - over_limit
    if c.hospital_level == "non_designated":  # 000 居民: 非定点…不予支付
        return {"over_limit": over_limit, "self_paid": open_}
    if c.route == "long_term":
        raise NotStatedError
    share = ZERO if reading == "no pay first" else pay_first_share(c)
    pay_first = cents(open_ * share)
    open_ -= pay_first
    figure, rate = resident_terms(c, reading)
    deductible = min(open_, figure)
    return {
        "over_limit": over_limit,
        "pay_first": pay_first,
        "deductible": deductible,
        **limited(open_ - deductible, rate, resident_cap(c) - c.year_fund_before),
    }


def resident_terms(c: Paper, reading: str) -> tuple[Decimal, str]:
    """(deductible, the fund's share) of the table in 000 居民 (一)."""
    if c.route in OUT_OF_CITY:
        if c.deductible is None:
            raise NotStatedError("deductible")  # the table's cells are blank
        return c.deductible, "0.55" if c.route == "hospital_referral" else "0.275"
    if c.hospital_level == "1":
        raise NotStatedError
    referred = c.referral == "referred"
    if c.route == "emergency":  # 001 (六) 1(2): 同级同类医疗机构的住院标准
        referred = reading != "emergency unreferred"
    if c.hospital_level == "community":
        figure, rate = 200, "0.90"
    elif c.hospital_level == "2":
        figure, rate = 300 if c.student else 600, "0.75" if referred else "0.375"
    else:
        figure, rate = 600 if c.student else 1200, "0.65" if referred else "0.325"
    return (Decimal(figure) if c.deductible is None else c.deductible), rate


def resident_facts(c: Paper, deductible_counts: bool) -> list[str]:
    facts = ["hospital_level"]
    if c.hospital_level in (None, "2", "3"):
        if not (c.route == "emergency" and c.benefit != "outpatient"):
            facts.append("referral")
        if deductible_counts:
            facts.append("student")
    return facts


def resident_delivery(c: Paper, reading: str = "") -> Buckets:
    return resident_inpatient(c, reading, limit=Decimal(3000))  # 000: 分娩 限额3000元，按住院报销


def resident_outpatient(c: Paper, reading: str = "") -> Buckets:
    c.need("expense", *([] if c.route in OUT_OF_CITY else resident_facts(c, False)))
    if c.hospital_level == "non_designated":
        return {"self_paid": c.expense}
    if c.route == "hospital_referral":
        rate = "0.40"  # 000 居民 (一) 门诊: 市区外 转诊 40%, 未转诊 20%
    elif c.route in ("self_referral", "unregistered"):
        rate = "0.20"
    else:
        if c.hospital_level == "1":
            raise NotStatedError
        if c.hospital_level == "community":
            rate = "0.50"
        else:
            rate = "0.40" if c.referral == "referred" else "0.20"
    if reading == "cap on the payment":
        return limited(c.expense, rate, 1000 - c.year_fund_before)
    counted = min(c.expense, max(ZERO, 1000 - c.year_expense_before))  # (二) 1: 年度可使用限额
    paid = cents(counted * Decimal(rate))
    return {"pooled_fund": paid, "coinsurance": counted - paid, "over_cap": c.expense - counted}


def resident_outpatient_special(c: Paper, reading: str = "") -> Buckets:
    c.need("expense")  # 000 居民 (二) 2: 不设起付费，基金支付比例为90%, settled as inpatient
    return limited(c.expense, "0.90", resident_cap(c) - c.year_fund_before)
