"""Changzhou, from 003 (employees; the document begins at its section 四)."""

from decimal import Decimal

from second_opinion.paper import (
    ZERO,
    Buckets,
    NotStatedError,
    Paper,
    banded,
    capped,
    cents,
    limited,
)

AWAY_WITHOUT_REFERRAL = ("unregistered", "self_referral")


def employee_critical_illness(c: Paper, reading: str = "") -> Buckets:
    """003 五(二): bands of the year's burden, above 20,000; in hardship from the first yuan on."""
    c.need("personal_burden", *(["class_b_burden"] if c.hardship else []))
    away = c.route in AWAY_WITHOUT_REFERRAL  # 按上述标准的50%
    half_burden = away and reading == "half of the burden enters"
    if away and not half_burden:
        rates = ("0.25", "0.30", "0.35", "0.40")
    else:
        rates = ("0.50", "0.60", "0.70", "0.80")
    if c.hardship:
        entering, threshold = c.class_b_burden, ZERO
        bands = list(zip((20_000, 50_000, 100_000, 10**10), rates, strict=True))
    else:
        entering, threshold = c.personal_burden, Decimal(20_000)
        bands = list(zip((50_000, 100_000, 10**10), rates[:3], strict=True))
    if half_burden:
        entering -= cents(entering / 2)
    paid = banded(threshold, max(entering, threshold), bands)
    deductible = min(c.personal_burden, threshold)
    return {
        "deductible": deductible,
        "critical_illness": paid,
        "coinsurance": c.personal_burden - deductible - paid,
    }


def employee_special_drug(c: Paper, reading: str = "") -> Buckets:
    c.need("expense", "drug_group")
    rate = Decimal("0.75" if c.drug_group == "original" else "0.65")  # 003 五(三)
    if c.route == "hospital_referral":
        rate -= Decimal("0.10")  # 降低10个百分点
    elif c.route in AWAY_WITHOUT_REFERRAL:
        rate *= Decimal("0.5")  # 按市内支付比例的50%支付
    paid = cents(c.expense * rate)
    return {"pooled_fund": paid, "coinsurance": c.expense - paid}


def employee_assistance(c: Paper, reading: str = "") -> Buckets:
    c.need("remaining_cash", "item")  # 003 五(四)
    cash = c.remaining_cash
    if c.item == "outpatient":
        return limited(cash, "0.80", 500 - c.year_fund_before, "assistance")
    if c.item != "inpatient":
        raise NotStatedError
    if c.deductible is None:
        raise NotStatedError("deductible")
    room = max(ZERO, 125_000 - c.year_fund_before)
    whole = min(cash, c.deductible)  # 起付线费用全额救助
    if whole > room:
        return {"assistance": room, "over_cap": cash - room}
    rest = limited(cash - whole, "0.80", room - whole, "assistance")
    return {**rest, "assistance": rest["assistance"] + whole}


def employee_maternity(c: Paper, reading: str = "") -> Buckets:
    c.need("expense", "item", *(["hospital_level"] if c.item in (None, "delivery") else []))
    if c.item == "antenatal":  # 003 五(一)
        paid = min(c.expense, Decimal(1000))
        return {"pooled_fund": paid, "over_limit": c.expense - paid}
    if c.item == "abortion" and c.route == "local":
        return {"pooled_fund": c.expense}
    if c.item == "delivery" and c.hospital_level in ("1", "2"):
        return {"pooled_fund": c.expense}
    if c.item == "delivery" and c.hospital_level == "3":
        paid = banded(ZERO, c.expense, [(4200, "1"), (10**10, "0.90")])
        return {"pooled_fund": paid, "coinsurance": c.expense - paid}
    raise NotStatedError  # abortion elsewhere: 在定额范围内, of which nothing is said


def employee_blood(c: Paper, reading: str = "") -> Buckets:
    c.need("expense")
    if c.local_rate is None:
        raise NotStatedError("local_rate")
    pay_first = cents(c.expense * Decimal("0.40"))  # 003 五(五): 自付40%
    paid = cents((c.expense - pay_first) * c.local_rate)
    coinsurance = c.expense - pay_first - paid
    return {"pay_first": pay_first, "pooled_fund": paid, "coinsurance": coinsurance}


def employee_inpatient(c: Paper, reading: str = "") -> Buckets:
    c.need("expense")
    unknown = [figure for figure in ("deductible", "local_rate") if getattr(c, figure) is None]
    if unknown:
        raise NotStatedError(*unknown)
    rate = c.local_rate
    if c.route == "hospital_referral":
        rate = max(ZERO, rate - Decimal("0.10"))  # 003 六(一) 2
    elif c.route in AWAY_WITHOUT_REFERRAL:
        rate *= Decimal("0.5")  # 003 六(二) 8 B; an emergency (8 A) as at home
    deductible = min(c.expense, c.deductible)
    room = 150_000 - c.year_fund_before  # 003 四: 15万元, then 医疗救助 at no stated rate
    paid, borne, beyond = capped(c.expense - deductible, rate, room)
    if beyond:
        raise NotStatedError
    return {"deductible": deductible, "pooled_fund": paid, "coinsurance": borne}
