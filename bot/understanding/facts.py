"""The facts about a patient that a message states, in the settlement tool's vocabulary.

Each fact is recognised by how people say it; a negation in front ("没退休", "不是低保") turns a
two-valued fact into its other value and drops any other mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.understanding.numerals import NUMERAL, integer

FactValue = str | int | bool

# A grade of a disease, of care or of an operation is not a level of a hospital.
_GRADE = (
    r"(?<!高血压)(?<!血压)(?<!心功能)(?<!伤残)(?<!病情){}(?!护理|手术|亲属|预防|高血压|保健|伤残)"
)
_RELATIVES = (
    r"(?:爸|妈|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|老伴|老婆|老公|爱人|妻子|丈夫|媳妇"
    r"|岳父|岳母|公公|婆婆|老人|老头|老太)"
)
_CHILD = r"(?<!生)(?<!怀)(?<!生个)(?<!生了)(?:小孩|孩子|儿童|少儿|宝宝|婴儿|新生儿|娃|小朋友|幼儿)"

_CUES: Mapping[str, Sequence[tuple[FactValue, str]]] = {
    "employment": (
        ("working", r"在职|在岗|还在上班|在上班|还没退|没到退休"),
        ("retired", r"退休(?!前|金)|退了休|已退"),
    ),
    "hospital_level": (
        ("non_designated", r"非定点|不是定点"),
        ("3", _GRADE.format(r"(?:三级|3级|三甲|三乙)")),
        ("2", _GRADE.format(r"(?:二级|2级|二甲|二乙)")),
        ("1", _GRADE.format(r"(?:一级|1级|一甲)")),
        ("community", r"社区(?!.{0,4}(?:转|首诊|开|同意|看过))|卫生院|卫生服务[站中]"),
    ),
    "referral": (
        ("unreferred", r"未转诊|直接去|直接到|自己去|自己跑|没[有经过去]*社区"),
        (
            "referred",
            r"(?:办|开|有|经|过|了|给|做)[过了好]*转诊|转诊[过了单后]|经转诊|转诊$|转诊[，。去到的]"
            r"|社区.{0,3}(?:转|首诊|开)|急诊|急症",
        ),
    ),
    "route": (
        (
            "unregistered",
            r"(?:没|未|忘|不)[有了]?(?:提前|事先|去|来得及)?[办做登]?(?:理|过|了)?(?:异地|任何|相关)?"
            r"(?:就医)?(?:备案|登记|报备|手续|转院)|没报备|未转院",
        ),
        ("self_referral", r"自主转|自己(?:要求|要|办|申请|联系)?[的了]?转|自行转"),
        (
            "emergency",
            r"(?:外地|异地|外面|出差|旅游|探亲).{0,12}(?:突发|突然|急诊|急病|急症|抢救|急危重)"
            r"|(?:突发|急诊|急病|急症).{0,10}(?:外地|异地)|异地急",
        ),
        (
            "hospital_referral",
            r"转外|医院.{0,6}转(?:院|到|去|诊)|转院(?:手续|证明|单|备案)?|转诊到|转去外",
        ),
        (
            "long_term",
            r"长期.{0,6}(?:异地|外地|居住|住在|备案|在外)|异地.{0,3}(?:安置|长期|定居)"
            r"|常驻|驻外|定居|常年(?:住|在)",
        ),
        ("local", r"本地|本市|市内|市区医院|没[去转]外地|家门口"),
    ),
    "student": (
        (False, rf"成年|大人|成人|普通居民|一般居民|{_RELATIVES}"),
        (True, rf"学生|上学|读书|{_CHILD}"),
    ),
    "hardship": ((True, r"低保|特困|五保|贫困|困难群众|困难人员|困难家庭|建档立卡|精准扶贫"),),
    "old_worker": ((True, r"老工人|(?:建国|解放)前参加"),),
    "special_treatment": ((True, r"化疗|放疗|放化疗|透析|血透|腹透|抗排[异斥]"),),
    "special_procedure": (
        (False, r"非特殊|普通(?:诊疗|治疗|病)|一般(?:诊疗|治疗|病)|不在(?:这|那)?18"),
        (True, r"特殊诊疗|特殊项目|18[种项]"),
    ),
    "delivery_mode": (
        ("natural", r"顺产|自然分娩|平产|自己生"),
        ("cesarean", r"[剖刨破][宫腹]|剖产"),
    ),
    "item": (
        ("antenatal", r"产前检查|产检"),
        ("pregnancy_check", r"环孕检|孕环检"),
        ("iud", r"节育器|[上放取]环"),
        ("implant", r"皮下埋植|皮埋"),
        ("sterilization", r"结扎"),
        ("curettage", r"刮宫"),
        ("abortion", r"流产|引产|人流"),
        ("delivery", r"分娩|生(?:孩子|小孩|娃|宝宝)|[顺剖]产|剖[宫腹]"),
        ("outpatient", r"门诊(?!大病|特)"),
        ("inpatient", r"住院|门诊大病"),
    ),
    "drug_group": (
        ("original", r"原特药|赫赛汀|格列卫|达希纳|格尼可"),
        ("new", r"新特药|参照特药"),
    ),
    "personnel": (
        ("prefecture", r"地厅级|厅级"),
        ("county", r"县级待遇|县处级|县级干部"),
        ("general", r"一般参保|普通参保|一般人员|普通人员"),
    ),
    "disease_class": (
        ("1", r"(?:第?一|1|I|Ⅰ)类"),
        ("2", r"(?:第?二|2|II|Ⅱ)类"),
        ("3", r"(?:第?三|3|III|Ⅲ)类"),
    ),
}
_OTHER: Mapping[FactValue, FactValue] = {
    "working": "retired",
    "retired": "working",
    "referred": "unreferred",
    True: False,
    False: True,
}
"""What a negated mention means, where the fact has just two values."""

_NEGATED = re.compile(
    r"(?:不是|并非|没有|不算|不属于|还没|没|未|非|不在|别)[去到经过办理做开有参加]{0,2}$"
)
_INSURANCE: Sequence[tuple[str, str]] = (
    ("resident", r"居民|新农合|农合|农保|农村(?:合作)?医[疗保]|城居|学生医保|少儿医保"),
    ("employee", r"职工|职保|城职|单位(?:交|缴|买|参)|公司(?:交|缴|买)|灵活就业"),
)
_IMPLIED_INSURANCE: Sequence[tuple[str, str]] = (
    ("employee", r"在职|退休|公务员|公补|个人账户|卡上的钱|门统"),
    ("resident", rf"学生|农村|{_CHILD}|没(?:有)?(?:工作|单位)"),
)
_PERSONS: Sequence[tuple[str, str]] = (
    ("parent", r"爸|妈(?!妈生)|父亲|母亲|岳父|岳母|公公|婆婆"),
    ("grandparent", r"爷爷|奶奶|外公|外婆|姥姥|姥爷"),
    ("spouse", r"老伴|老婆|老公|爱人|妻子|丈夫|媳妇"),
    ("child", rf"儿子|女儿|{_CHILD}|孙子|孙女"),
    (
        "self",
        r"我(?!们|国|市|省|爸|妈|爷|奶|老|外|姥|儿|女|孩|家|妻|丈|孙|媳|岳|公|婆|父|母|爱|小|想|问|要问)|本人",
    ),
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What one message states."""

    facts: Mapping[str, FactValue] = field(default_factory=dict)
    several: Mapping[str, tuple[FactValue, ...]] = field(default_factory=dict)
    """Facts named with more than one value, as in "三级和二级哪个报得多"."""
    insurance: str | None = None
    insurance_implied: str | None = None
    """A scheme that a word hints at ("退休" speaks of employees) without naming it."""
    insurances: tuple[str, ...] = ()
    person: str | None = None
    spans: tuple[tuple[int, int], ...] = ()
    """Where the facts stand, so that what remains of the message can be judged."""


def read_facts(text: str) -> Stated:
    """Read the facts that a normalised message states."""
    facts: dict[str, FactValue] = {}
    several: dict[str, tuple[FactValue, ...]] = {}
    spans: list[tuple[int, int]] = []
    for fact, cues in _CUES.items():
        found = list(_mentions(text, cues))
        spans += [span for _, span in found]
        values = tuple(dict.fromkeys(value for value, _ in found))
        if len(values) == 1:
            facts[fact] = values[0]
        elif values:
            several[fact] = values
    for name, value, span in _numeric(text):
        facts[name] = value
        spans.append(span)
    _settle_conflicts(facts, several)
    insurances = _schemes(text, _INSURANCE)
    implied = _schemes(text, _IMPLIED_INSURANCE)
    return Stated(
        facts=facts,
        several=several,
        insurance=insurances[0] if len(insurances) == 1 else None,
        insurance_implied=implied[0] if len(implied) == 1 else None,
        insurances=insurances,
        person=next((p for p, cue in _PERSONS if re.search(cue, text)), None),
        spans=tuple(spans),
    )


def _mentions(
    text: str, cues: Sequence[tuple[FactValue, str]]
) -> Iterator[tuple[FactValue, tuple[int, int]]]:
    """Yield each value that is said, in the order of the text; earlier cues take their words."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[FactValue, tuple[int, int]]] = []
    for value, pattern in cues:
        for match in re.finditer(pattern, text):
            span = match.span()
            if any(start < span[1] and span[0] < end for start, end in taken):
                continue
            taken.append(span)
            if _NEGATED.search(text[: span[0]]):
                if value in _OTHER:
                    found.append((_OTHER[value], span))
            else:
                found.append((value, span))
    yield from sorted(found, key=lambda item: item[1])


def _settle_conflicts(
    facts: dict[str, FactValue], several: dict[str, tuple[FactValue, ...]]
) -> None:
    """Resolve double mentions that one of the values explains."""
    # "没经社区转诊直接去了三级" says unreferred twice over, once by the word 转诊.
    if "unreferred" in several.get("referral", ()):
        facts["referral"] = "unreferred"
        del several["referral"]
    # A route says more than "在本市办的备案".
    routes = tuple(r for r in several.get("route", ()) if r != "local")
    if len(routes) == 1:
        facts["route"] = routes[0]
        del several["route"]
    if True in several.get("student", ()):
        facts["student"] = True
        del several["student"]
    age = facts.get("age")
    if "student" not in facts and isinstance(age, int) and (age < 16 or age > 30):
        facts["student"] = age < 16


def _numeric(text: str) -> Iterator[tuple[str, int, tuple[int, int]]]:
    """Yield facts that are counts: age, years insured, admission, bed days."""
    for match in re.finditer(rf"(快|不到|不满|未满)?({NUMERAL})(多|几|来)?(?:周)?岁(以下)?", text):
        below = 1 if match[1] or match[4] else 0
        yield "age", max(integer(match[2]) - below, 0), match.span()
    for match in re.finditer(r"刚出生|\d+个月大|[一二两三四五六七八九十]+个月大", text):
        yield "age", 0, match.span()
    for match in re.finditer(
        rf"(?:连续|一直)?(?:缴费?|交费?|参保|买)(?:了|满|过)*({NUMERAL})年", text
    ):
        yield "insured_years", integer(match[1]), match.span()
    for match in re.finditer(
        rf"第({NUMERAL})[次回]|住(?:了|过)?({NUMERAL})[次回]院|(头一[次回]|首次|第一[次回])", text
    ):
        number = match[1] or match[2]
        yield "admission_no", integer(number) if number else 1, match.span()
    for match in re.finditer(rf"住(?:了|院)*({NUMERAL})[天日]", text):
        yield "bed_days", integer(match[1]), match.span()


def _schemes(text: str, cues: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    found = [
        (match.start(), scheme)
        for scheme, pattern in cues
        for match in re.finditer(pattern, text)
        if not _NEGATED.search(text[: match.start()])
    ]
    return tuple(dict.fromkeys(scheme for _, scheme in sorted(found)))
