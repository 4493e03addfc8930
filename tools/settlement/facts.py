"""The facts of a case: their values, their Chinese names, and which of them may be assumed.

The names and values are the contract of ``POST /api/estimate``. A policy tests these facts; it
adds none. No figure of any policy stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Kind = Literal["choice", "flag", "integer", "amount", "rate"]
Value = str | bool | int | Decimal
Labels = Mapping[str | bool, str]

# Numbered as choices, the levels have their own numbers.
LEVELS: Labels = {
    "1": "一级医院",
    "2": "二级医院",
    "3": "三级医院",
    "community": "社区医院",
    "non_designated": "非定点医院",
}
ROUTES: Labels = {
    "local": "在参保地就医",
    "long_term": "长期异地就医（已备案）",
    "hospital_referral": "医院转外就医",
    "self_referral": "自主转院",
    "unregistered": "没有备案去外地就医",
    "emergency": "异地急危重症",
}
ITEMS: Labels = {
    "outpatient": "门诊",
    "inpatient": "住院或门诊大病",
    "antenatal": "产前检查",
    "delivery": "住院分娩",
    "abortion": "流产、引产",
    "iud": "宫内节育器放置（取出）术",
    "implant": "避孕药皮下埋植（取出）术",
    "sterilization": "输精（卵）管结扎术",
    "curettage": "刮宫术",
    "pregnancy_check": "环孕检",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the contract."""

    name: str
    kind: Kind
    label: str
    """Chinese name, as a form shows it."""
    question: str
    """One short question to the patient."""
    values: Labels = field(default_factory=dict)
    """Label of each value of a choice or flag."""
    phrases: Labels = field(default_factory=dict)
    """What a sentence calls a value, where that is not its label without the closing remark in
    brackets; empty: not worth saying."""
    number: tuple[str, str, str] = ("{}", "{} 以下", "{} 及以上")
    """How a sentence says that an integer is, is below, is at least a figure."""
    least: int = 0
    most: int = 0
    """Bounds of an integer; of no policy, they only keep nonsense out."""
    assumed: Value | None = None
    """Taken where the patient leaves it unsaid; None: has to be asked."""
    assumption: str = ""
    """What the patient is told then."""
    not_assumed_with: tuple[str, ...] = ()
    """Amounts above zero that forbid the assumption."""

    def phrase(self, value: Value, labels: Labels) -> str:
        """What a sentence calls a value of a choice or flag, or an exact integer.

        A scheme's own ``labels`` come first.
        """
        if self.kind == "integer":
            return self.number[0].format(value)
        if not isinstance(value, str | bool):
            return ""
        if value in self.phrases and value not in labels:
            return self.phrases[value]
        label = labels.get(value) or self.values[value]
        return label.partition("（")[0] if label.endswith("）") else label


def _amount(name: str, label: str, question: str = "", assumption: str = "") -> Fact:
    """An amount of money; assumed to be zero where ``assumption`` says so."""
    return Fact(
        name,
        "amount",
        label,
        question or f"请问{label}是多少元？",
        assumed=Decimal(0) if assumption else None,
        assumption=assumption,
    )


def _flag(name: str, label: str, question: str, phrases: tuple[str, str], **assume: str) -> Fact:
    """A yes-or-no fact; ``phrases`` say yes and no in a sentence."""
    return Fact(
        name,
        "flag",
        label,
        question,
        values={True: "是", False: "不是"},
        phrases={True: phrases[0], False: phrases[1]},
        assumed=False if assume else None,
        assumption=assume.get("assumption", ""),
    )


_ALL = (
    _amount("expense", "医保范围内的费用", "请问这次看病，医保范围内的费用是多少元？"),
    _amount("personal_burden", "全年医保报销后自己负担的合规费用"),
    _amount("class_b_burden", "自己负担的费用里乙类费用的部分"),
    _amount("remaining_cash", "基本医保报销后还要自己付的现金"),
    Fact(
        "employment",
        "choice",
        "在职或退休",
        "在职和退休的标准不一样，请问是在职还是退休？",
        {"working": "在职", "retired": "退休"},
    ),
    Fact(
        "hospital_level",
        "choice",
        "医院级别",
        "各级医院的标准不一样，请问是哪一级医院？",
        LEVELS,
    ),
    Fact(
        "referral",
        "choice",
        "是否经转诊",
        "转诊和没转诊报得不一样，请问是经社区医院转诊的吗？",
        {"referred": "经转诊（或按规定首诊、急症）", "unreferred": "未转诊"},
    ),
    _flag(
        "student",
        "学生、少儿",
        "学生和其他居民的标准不一样，请问是学生或少儿吗？",
        ("学生、少儿", "其他居民"),
    ),
    Fact(
        "age",
        "integer",
        "年龄",
        "不同年龄的标准不一样，请问就诊时多少周岁？",
        number=("{} 周岁", "{} 周岁以下", "{} 周岁及以上"),
        most=150,
    ),
    Fact(
        "disease_class",
        "choice",
        "慢性病、特殊病的类别",
        "各类病的标准不一样，请问是哪一类？",
        {"1": "第一类", "2": "第二类", "3": "第三类"},
    ),
    Fact(
        "delivery_mode",
        "choice",
        "分娩方式",
        "顺产和剖宫产的定额不一样，请问是哪一种？",
        {"natural": "顺产", "cesarean": "剖宫产"},
    ),
    Fact("item", "choice", "就医项目", "各个项目的标准不一样，请问是哪一项？", ITEMS),
    Fact(
        "drug_group",
        "choice",
        "特药种类",
        "原特药和新特药的比例不一样，请问是哪一种？",
        {"original": "原特药", "new": "新特药及参照特药管理的药品"},
    ),
    _flag(
        "special_procedure",
        "特殊诊疗项目",
        "特殊诊疗项目先自付的比例不一样，请问是名单里的特殊诊疗项目（或它的后续治疗）吗？",
        ("特殊诊疗项目", "非特殊诊疗项目"),
    ),
    Fact(
        "personnel",
        "choice",
        "床位费的人员类别",
        "床位费限额按人员类别定，请问是哪一类？",
        {"general": "一般参保人员", "county": "县级待遇人员", "prefecture": "地厅级待遇人员"},
    ),
    Fact(
        "bed_days",
        "integer",
        "住院天数",
        "请问住了多少天院？",
        number=("{} 天", "{} 天以下", "{} 天及以上"),
        most=3660,
    ),
    _amount("bed_price", "每天的床位费"),
    Fact("local_rate", "rate", "参保地的报销比例", "请问参保地的报销比例是多少？"),
    _amount("deductible", "这次的起付线"),
    Fact(
        "route",
        "choice",
        "异地就医方式",
        "去外地看病，手续不同报得不一样，请问是哪一种？",
        ROUTES,
        {"local": ""},
        assumed="local",
        assumption="按在参保地就医计算",
    ),
    Fact(
        "admission_no",
        "integer",
        "本年度第几次住院",
        "起付线和住院次数有关，请问这是今年第几次住院？",
        number=("第 {} 次住院", "第 {} 次以前的住院", "第 {} 次及以后住院"),
        least=1,
        most=1000,
        assumed=1,
        assumption="按本年度第 1 次住院计算",
        not_assumed_with=("year_expense_before", "year_fund_before"),
    ),
    _flag(
        "old_worker",
        "建国前参加革命工作的老工人",
        "请问是建国前参加革命工作的老工人吗？",
        ("建国前参加革命工作的老工人", ""),
        assumption="按不是建国前参加革命工作的老工人计算",
    ),
    _flag(
        "special_treatment",
        "放化疗、透析或肾移植抗排异治疗",
        "请问住院是为了肿瘤放化疗、透析或肾移植抗排异治疗吗？",
        ("放化疗、透析、肾移植抗排异治疗", ""),
        assumption="按不是放化疗、透析、肾移植抗排异治疗计算",
    ),
    _flag(
        "hardship",
        "困难群众",
        "请问是困难群众（特困、低保、建档立卡等）吗？",
        ("困难群众", ""),
        assumption="按不是困难群众计算",
    ),
    Fact(
        "insured_years",
        "integer",
        "连续缴费年数",
        "请问已经连续缴费多少年？",
        number=("连续缴费 {} 年", "连续缴费不满 {} 年", "连续缴费满 {} 年"),
        most=150,
        assumed=0,
        assumption="按连续缴费年数最低的一档计算",
    ),
    _amount("self_paid", "目录外费用", assumption="按没有目录外的自费费用计算"),
    _amount("class_b", "乙类费用", assumption="按没有乙类费用计算"),
    _amount("class_c", "丙类费用", assumption="按没有丙类费用计算"),
    _amount("account_balance", "个人账户余额", assumption="按个人账户里没有余额计算"),
    _amount(
        "year_expense_before", "今年这项待遇之前的费用", assumption="按今年之前没有这类费用计算"
    ),
    _amount("year_fund_before", "今年基金已经付的钱", assumption="按今年基金还没有付过钱计算"),
    _amount(
        "year_class2_before", "今年Ⅱ类慢性病已经报的钱", assumption="按今年Ⅱ类慢性病还没有报过计算"
    ),
    _amount(
        "year_critical_before",
        "今年大病保险已经付的钱",
        assumption="按今年大病保险还没有付过钱计算",
    ),
)

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _ALL}
"""Every fact a case may state, the most decisive first; region, insurance, benefit aside."""

INSURANCES = {"employee": "职工医保", "resident": "居民医保"}
