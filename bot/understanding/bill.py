"""Which amount of a message is what: the bill's total, its self-paid part, a balance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.understanding.amounts import Amount, read_amounts
from bot.understanding.figures import Kind, read_figures

_NONE = "".join(f"(?<!{word})" for word in ("不算", "不含", "没有", "除了", "除去", "扣掉", "不是"))
_UNPAID = (
    r"(?:(?:目录|医保|范围)外|自费|不(?:能|给|让|可以)?报(?!销)|报不了|不合规"
    r"|(?:医保|公家|国家)[也都是]?不(?:认|管|付|给|出|包)|[不没](?:在|属于?|进|算)(?:医保|报销|目录|范围)+[之以]?[里内]?"
    r"|进不了(?:医保|目录|范围)|自己全[付掏出]|全要?自己[付掏出])"
)
_COVERED = (
    r"(?:范围(?:以?内|里[头面]?)|(?:目录|政策)内|(?<!不)[能可]以?(?:报销?(?:的|费用)|进(?:医保|目录|范围)里?)"
    r"|医保(?:里[头面]?|内|认|管)|(?<!不)合规|纳入(?:医保|报销)(?:范围)?)"
)
_NO_NEXT = r"(?![^，。]{0,5}[\d一二两三四五六七八九十]+[\d百千万])"
"""What follows names this amount, not the next one: not 不报的 in "12000里头不报的2000"."""
_SETTLED = (
    r"(?:报销?|结算?|结账|刷|减|抵)(?:过|掉)?(?:完|好|过|掉|了?之?后|以后|下来)(?:了|之后|以后)?"
)
"""The insurance has paid its part: what is paid from here on is left to the patient."""
_BY_PATIENT = "".join(f"(?<!{payer})" for payer in ("医保", "基金", "公家", "国家", "统筹"))
_LESS = r"(?:除[去了开]|[扣减去][掉除去])"
_IS = r"^(?:元|块钱?)?(?:[是的都全完纯算归属于写标着要]|其实)*"
# What the words between the last amount (or the sentence's start) and this one say it is.
_BEFORE: Sequence[tuple[str, str]] = (
    ("bed_price", r"床位费?[^，。]{0,6}$|每[天日][^，。]{0,4}$|一[天日][^，。]{0,4}$"),
    ("class_a", r"甲类[^，。]{0,6}$"),
    # 乙类里自己付的那块，合规的，加起来6万
    (
        "class_b_burden",
        r"乙类[^。]{0,8}(?:(?:自己|个人)[^。]{0,4}(?:付|负担|掏|承担)|自付|自负)[^。]{0,12}$",
    ),
    ("class_b", r"乙类[^，。]{0,6}$"),
    ("class_c", r"丙类[^，。]{0,6}$"),
    ("self_paid", rf"{_NONE}{_UNPAID}[^，。]{{0,6}}$|{_LESS}{_UNPAID}(?:项目|部分|[的药费那])*$"),
    (
        "bound",
        r"(?:押金|押了|预[交缴付存])[^，。]{0,6}$|(?:[每一]|年)年[^，。花]{0,4}[交缴][^，。]{0,2}$",
    ),
    (
        "account_balance",
        r"(?:账户|(?<!刷)(?<!病)卡)(?:里|上|内|中)?(?:面)?[^，。看花空没光完]{0,8}$|余额[^，。]{0,4}$",
    ),
    ("deductible", r"(?:起付[线标准]*|门槛费?|起步[线价费]?)[^，。多少]{0,4}$"),
    (
        "bound",  # What one paid oneself last time is no amount of this bill, nor the fund's.
        r"(?:之前|以前|前面|上一?[次回趟])[^，。这]{0,10}(?:自己|个人)[^，。这]{0,3}[付掏出花][^，。]{0,4}$",
    ),
    (
        "year_class2_before",
        r"(?:慢性?病|门慢|慢病卡|特病|[Ⅱ二2]类)[^，。]{0,8}(?:报|付给|补)(?:销|了|过|掉)+[^，。]{0,4}$",
    ),
    ("year_critical_before", r"大病[^，。]{0,8}(?:报|付给?|补|给)(?:销|了|过|掉)+[^，。]{0,4}$"),
    (
        "year_fund_before",
        r"(?:今年|之前|以前|已经?|前面|上次)[^，。]{0,10}(?:报|(?<!自己)(?<!个人)付给?|补|给)(?:销|了|过|掉)+[^，。]{0,4}$",
    ),
    (
        "year_expense_before",
        r"(?:今年|之前|以前|前面|上一?[次回趟]|早先|[前头][头面]?[一二两三四五六几\d][次回趟])(?!这)"
        r"[^，。这]{0,12}(?:花|用|配|买|住院|一共|总共|共)[^，。]{0,6}$|(?:前面|之前|上|头)(?:那|的|一)?[次回趟](?:[^，。]{0,4}|[^，。这]{0,8}(?:范围|目录)[里内](?:的|是|有|花|用|共|大概|约)*)$",
    ),
    ("remaining_cash", r"现金[^，。\d]{0,3}[付掏交出给]了?$|(?:剩余?|剩下|还要)[^，。负担]{0,8}$"),
    (
        "personal_burden",
        r"(?:个人|自己)(?:全年|一年|总共|一共|累计|已经?|还|又|得|要|合规的?)*(?:负担|自付|承担|掏|出|担)[^，。]{0,10}$|自付[^，。]{0,6}$|(?:合规的?|一共|总共|合计|全年|一年)负担[^，。]{0,4}$|(?<![负承])担(?:了|下来?)[^，。]{0,4}$"
        # 压着他自己8万, 剩我们头上8万, 还要自己扛8万, 落到个人身上的8万
        r"|(?:压|落|摊|留|剩|砸|丢|归)[着在到给了下]*(?:[^，。]{0,4}(?:自己|个人)|[我他她]们?|老[人爸妈])(?:[头身手][上里])?[^，。]{0,4}$"
        r"|(?:自己|个人)[还又也得要仍]*(?:扛|背|顶|兜|贴|垫)(?:着|了|的|下来?)?[^，。]{0,4}$"
        # 医保结好还付了460, 报销完我们又掏了3000, 自己名下负担71000
        rf"|{_SETTLED}[^。]{{0,14}}(?:付|掏|交|出|拿|剩|贴|花|承担)(?:了|掉|的)*[^，。]{{0,4}}$"
        rf"|{_BY_PATIENT}负担[^，。]{{0,4}}$",
    ),
    ("own_payment", r"(?:自己|个人)[^，。]{0,3}[付交花][了掉][^，。]{0,3}$"),
    (
        "covered",
        rf"{_COVERED}的?(?:医[药疗])?(?:费用?|部分|钱|金额)?(?:一共|总共|合计|大概|大约|共|就|有|是|为)*$",
    ),
    ("total", r"(?:[一总统拢]共|[合总]计|总(?:费用|[额账数价的])|全部)[^，。]{0,6}$"),
)
_AFTER: Sequence[tuple[str, str]] = (
    ("bed_price", r"^(?:元|块钱?)?(?:一|每|/)[天日]"),
    ("deductible", r"^(?:元|块钱?)?[是的算]*(?:起付|门槛|起步)"),
    ("class_a", rf"{_IS}甲类{_NO_NEXT}"),
    ("class_b", rf"{_IS}乙类{_NO_NEXT}"),
    ("class_c", rf"{_IS}丙类{_NO_NEXT}"),
    # 1200是进口药不报的, but not "12000里头不报的2000"
    ("self_paid", rf"{_IS}(?:(?<=是)[^，。报里中\d]{{0,6}})?{_UNPAID}{_NO_NEXT}"),
    ("bound", r"^(?:元|块钱?)?(?:的?押金|[一每]年[^，。]{0,2}(?:[交缴买]|那))"),
    (
        "covered",
        r"^(?:元|块钱?)?[是在]?(?:医保)?(?:范围[里内]|能报的)[头面]?的?(?![吗么嘛多几])",
    ),
)
_ADDS_BEFORE = re.compile(
    r"之前|以前|前[面头]|早先|已经[^，。]{0,3}[花用]过|[前头][一二两三四五六几\d][次回趟]|上一?[次回趟]"
)
_ASKS = re.compile(r"多少|几[个成多]|[吗？]|报|[付掏出给]|算")
"""忘了说，之前已经花过900 is no bill by itself, 之前住院花了2万，能报多少 is one."""
_ALL_CLASS_B = re.compile(
    r"[全都]+是?乙类[^，。]{0,6}(?:自[付负]|(?:自己|个人)[^，。]{0,3}[付掏担])"
)

# Of visits told one after the other the last is asked about.
_VISIT = re.compile(r"第[一二三四五\d][次回趟][^，。这]{0,8}$")
_FIRST_VISIT = re.compile(r"(?:第一|头一?|上一?|前一?)[次回趟][^，。这]{0,8}$")
_LATER_VISIT = re.compile(r"(?:这|第[二三四五六\d]|后一)[次回趟]")
_NEXT_VISIT = re.compile(
    r"(?:这|第[二三四五六\d]|后一|后来一)[次回趟][^，。]{0,10}(?:\d{3}|[一二两三四五六七八九十\d][万千百])"
)
_BOUND = re.compile(
    r"^(?:元|块钱?)?"
    r"(?:以下|以内|之内|到\d|的部分|那一?[段部块截]|起付)"
)
_PASSED = re.compile(r"(?:超过|超出|报满|满|(?<![花用交付看住])过)了?$")
_ALL_USED = (
    r"(?:的?(?:额度|限额|上限|封顶线?))?(?:听说|好像|今年|说是)?(?:[已也都早全]经?就?){0,2}"
    r"(?:报[满光完]|用[完光满])"
)
_ABOVE = re.compile(
    r"^(?:元|块钱?)?(?:以上|之上|往上|封顶"
    rf"|{_ALL_USED})"
)
_USED_UP = re.compile(r"[万千百\d](?:元|块钱?)?" + _ALL_USED + r"了(?![以之]?后)")
"""The fund has paid so much already: 基本的十万也用完了, 这次又花了5万."""
_NOT = re.compile(r"(?:不是|并非|不报|不按)$")
# 起付线还是七百吗 states no 700.
_ASKED = re.compile(r"^(?:元|块钱?)?(?:[了的]?[吗么嘛]|(?:[是指按][^，。]{0,8})?还是)")
_ASKING = re.compile(r"(?:是不是|是否|会不会|要不要|难道|听说|只认)[^，。]{0,12}$")
_OR = re.compile(r"[\d十百千万元块成%][^，。\d]{0,8}还是$")
"""起付线500还是700 states no 700; 手术呢，还是10万 states 100,000."""
_THIS = re.compile(r"[这那]$")
"""这三万 is the sum told before."""
_SPENDING = re.compile(r"(?:[花交付掏]|(?<!费)用)了?$")
_SPENT = re.compile(r"[花用交付费掏]|一共|总共")
_CLASSES = ("class_b", "class_c")
_BESIDE = re.compile(r"另外?|此外|还有|外加|再加|加上|额外")
"""What follows is no part of the amount before."""
_ADDED = re.compile(r"加上|再加|后来(?:又|还)?[补付交]")
"""What the total was told to be made up of: 加上后来补的2000，一共18000."""
_ALL_PAID = re.compile(
    rf"{_COVERED}|(?<![下余他])(?<![下余他别]的)都(?:能|可以|给|在)?(?:报|医保|目录|范围)"
)
"""All that was told may be paid of, unless 剩下的都能报 says so of the rest."""
_ASIDE = re.compile(r"（[^（）]*）")
_PUT_RIGHT = re.compile(
    r"(?:也|都|又|[说讲看记写报搞弄算])*(?:错了?|不对)，(?:其实|应该|应当|实际)?[是为]"
)
"""门槛也错了，是1200: what is wrong tells what the amount is."""
_INSTEAD = re.compile(r"^[，。 ]?(?:而|应该|应当|其实|实际|我?[看记]错了?，?)*")
_MISTOLD = re.compile(
    r"(?:[讲说搞弄看听写记]错|不对|更正)(?![^。；]*(?:自[付费]|自己|个人))[^。；]{0,8}(?:是|应该)$"
)
"""社区讲错了，是65%: the share told before."""
_PAID_SHARE = re.compile(
    r"(?:比例|医保|报销?|基金|统筹|给|付|报的?是)[^，。自己]{0,4}$|(?:[说讲]|其实|应该|准确)的?是$|改成$"
)
_IS_PAID = re.compile(
    r"的?(?:比例)?[来去]?(?:给|能|帮)?(?:我们?|你们?|您|[他她])?(?:报|给|付)(?!销?[\d一二两三四五六七八九])"
)
_OWN_AFTER = re.compile(r"的?[要得是]?(?:先|自[己付负]|个人)")
_OWN_SHARE = re.compile(r"(?:自己|个人|自付|自负)[^，。后给报]{0,4}$")
_NO_DEDUCTIBLE = re.compile(
    r"(?:没有?|不设|免)(?:起付|门槛)|(?:起付线?|门槛费?)(?:是|都)?(?:没有(?!写|说)|不设|[0零](?!\d))"
)
_ACCOUNT_EMPTY = re.compile(
    r"(?:卡|账户|余额)[里上内中的]?[^，。]{0,4}(?:没有?钱|没有?余额|用完|花完|用光|花光|空(?!间|调)|清零|一分钱?[都也]?(?:没|不剩)|(?<!\d)(?:0|零)$)"
)


@dataclass(frozen=True, slots=True)
class Bill:
    """The amounts that a message states, by the settlement tool's field; yuan as strings."""

    fields: Mapping[str, str] = field(default_factory=dict)
    unclear: tuple[str, ...] = ()
    """Amounts that could each be the expense: which one it is must be asked."""
    approximate: bool = False
    passed: tuple[Decimal, ...] = ()
    """Sums above which something is asked: 过了十万以后, 四万以上的部分, 一万到四万."""
    spans: tuple[tuple[int, int], ...] = ()


def read_bill(text: str) -> Bill:
    """Read the amounts of a normalised message and what each of them is."""
    fields: dict[str, Decimal] = {}
    plain: list[Decimal] = []
    passed: list[Decimal] = []
    spans: list[tuple[int, int]] = []
    approximate = False
    before, parts, denied = 0, False, ""
    for amount in read_amounts(text):
        lead = _lead(denied, text[before : amount.start])
        role = _role(text, lead, amount)
        passed += [amount.value] if role == "passed" else []
        parts |= role == "self_paid" and not _BESIDE.search(lead)
        before, denied = amount.end, _NOT.sub("", lead) if _NOT.search(lead) else ""
        spans += [(amount.start, amount.end)] if role != "passed" else []
        if role in ("bound", "passed"):
            continue
        approximate |= amount.approximate
        if role is None:
            repeated = amount.value in plain and _THIS.search(text[: amount.start])
            plain += [] if repeated else [amount.value]
        else:
            _enter(fields, role, amount.value)
    _own_payment(fields, plain)
    if "total" in fields and _ADDED.search(text):
        plain.clear()
    if parts and len(plain) == 1 and not tells_covered(text):
        fields["total"] = plain.pop()
    _join_classes(fields, plain)
    _part_covered(fields, plain)
    only_before = bool(_ADDS_BEFORE.search(text)) and not _ASKS.search(text)
    unclear = _place_expense(fields, plain, only_before=only_before)
    _also(text, fields)
    stated = {name: str(value) for name, value in fields.items()}
    used_up = [value for value in passed if "expense" in fields and _USED_UP.search(text)]
    if len(used_up) == 1:
        stated.setdefault("year_fund_before", str(used_up[0]))
    if _ACCOUNT_EMPTY.search(text):
        stated["account_balance"] = "0"
    if (share := _paid_share(text, beside_deductible="deductible" in fields)) is not None:
        stated["local_rate"] = str(share / 100)
        if _NO_DEDUCTIBLE.search(text):
            stated.setdefault("deductible", "0")
    return Bill(stated, unclear, approximate, tuple(passed), tuple(spans))


def tells_covered(text: str) -> bool:
    """Whether the bill of a message is told as what may be paid of, nothing else counted in."""
    return bool(_ALL_PAID.search(re.sub(_UNPAID, "", text)))


def _enter(fields: dict[str, Decimal], role: str, value: Decimal) -> None:
    if role == "year_expense_before":
        value += fields.get(role, Decimal(0))
    # A price told once, what follows of it is its sum: 床位80块一天（床位那800也在里头）.
    if not (role == "bed_price" and role in fields):
        fields[role] = value


def _own_payment(fields: dict[str, Decimal], plain: list[Decimal]) -> None:
    """Beside the whole bill, what one paid oneself is what was left over; else it is the bill."""
    own = fields.pop("own_payment", None)
    if own is not None and not plain and own < fields.get("total", own):
        fields.setdefault("remaining_cash", own)
    elif own is not None:
        plain.append(own)


def _join_classes(fields: dict[str, Decimal], plain: list[Decimal]) -> None:
    """Told class by class, a bill is their sum; what a total has beside them is in no class."""
    of_class_a = fields.pop("class_a", None)
    if of_class_a is None:
        return
    covered = of_class_a + sum(fields.get(c, Decimal(0)) for c in _CLASSES)
    if "total" not in fields and not plain:
        fields["expense"] = covered
    whole = [fields["total"]] if "total" in fields else plain
    if len(whole) == 1 and whole[0] > covered:
        fields.setdefault("self_paid", whole[0] - covered)
        fields["total"] = whole[0]
        plain.clear()


def _part_covered(fields: dict[str, Decimal], plain: list[Decimal]) -> None:
    """Told what the insurance covers, the bill's rest is outside: 一共五万，范围内四万."""
    if (covered := fields.pop("covered", None)) is None:
        return
    whole = [fields.pop("total")] if "total" in fields else list(plain)
    if len(whole) == 1 and whole[0] > covered:
        plain.clear()
        fields.setdefault("self_paid", whole[0] - covered)
    if covered not in plain:
        plain.append(covered)


def _also(text: str, fields: dict[str, Decimal]) -> None:
    """What an amount is beside what was said of it."""
    if "personal_burden" in fields and _ALL_CLASS_B.search(text):
        fields.setdefault("class_b_burden", fields["personal_burden"])
    if "year_class2_before" in fields:
        # It has been paid by the basic fund, too.
        fields.setdefault("year_fund_before", fields["year_class2_before"])
    if "personal_burden" in fields and "class_b" in fields:
        fields["class_b_burden"] = fields.pop("class_b")


def _paid_share(text: str, *, beside_deductible: bool) -> Decimal | None:
    """Per cent that the patient says to be paid at home: 本地报八成, 我们是100%报.

    不是七成，是六成五 corrects what was told before; in 门槛900，上头88% the deductible tells it.
    """
    denied = False
    beside: list[Decimal] = []
    for figure in read_figures(text):
        if figure.kind is not Kind.SHARE:
            continue
        lead = text[: figure.start]
        own = _OWN_SHARE.search(lead) or _OWN_AFTER.match(text, figure.end)
        paid = _PAID_SHARE.search(lead) and not own
        if _NOT.search(lead):
            denied = True
        elif denied or paid or _IS_PAID.match(text, figure.end) or _MISTOLD.search(lead):
            return figure.value
        elif not own:
            beside.append(figure.value)
    return beside[0] if beside_deductible and len(beside) == 1 else None


def _lead(denied: str, said: str) -> str:
    """The words before an amount; after 门槛不是1000 those of the amount that was denied."""
    said = _PUT_RIGHT.sub("是", _ASIDE.sub("", said))
    return denied + _INSTEAD.sub("", said) if denied else said


def _role(text: str, lead: str, amount: Amount) -> str | None:
    tail = text[amount.end :]
    # "一万到四万呢" names a segment of the policy; "花了一万到两万" is a bill told loosely.
    loosely = amount.upper is not None and not _SPENT.search(lead)
    above = text.startswith(("超过", "超出"), amount.start) and not _SPENDING.search(lead)
    if _PASSED.search(lead) or _ABOVE.match(tail) or above or loosely:
        return "passed"
    asked = _ASKED.match(tail) or _ASKING.search(lead) or _OR.search(text[: amount.start])
    if asked or _BOUND.match(tail) or _NOT.search(lead):
        return "bound"
    if _VISIT.search(lead) and _NEXT_VISIT.search(tail):
        return "year_expense_before"
    if _FIRST_VISIT.search(lead) and _LATER_VISIT.search(text[: amount.start]):
        return "year_expense_before"  # 第二次花了12000，第一次花了8000
    for role, cue in _AFTER:
        if re.search(cue, tail):
            return role
    return next((role for role, cue in _BEFORE if re.search(cue, lead)), None)


def _place_expense(
    fields: dict[str, Decimal], plain: list[Decimal], *, only_before: bool
) -> tuple[str, ...]:
    """Set ``expense``; return the candidates where more than one amount could be it.

    ``only_before`` where a message just adds what was spent before the bill told already.

    ``expense`` is what lies within the catalogue: a stated total less its self-paid part.
    """
    total = fields.pop("total", None)
    if total is not None and plain and sum(plain) != total:
        return tuple(str(value) for value in (total, *plain))
    if total is not None:
        fields["expense"] = total - fields.get("self_paid", Decimal(0))
    elif len(plain) == 1:
        fields["expense"] = plain[0]
    elif len(plain) > 1:
        return tuple(str(value) for value in plain)
    # "今年花了2万" alone speaks of the bill in question, not of an earlier one.
    elif "year_expense_before" in fields and "expense" not in fields and not only_before:
        fields["expense"] = fields.pop("year_expense_before")
    return ()
