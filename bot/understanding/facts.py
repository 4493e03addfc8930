"""The facts about a patient that a message states, in the settlement tool's vocabulary.

Each fact is recognised by how people say it; a negation in front ("没退休", "不是低保") turns a
two-valued fact into its other value and drops any other mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.understanding.cues import cues, facts_with_cues
from bot.understanding.numerals import NUMERAL, integer

FactValue = str | int | bool

_OLDEST = 120
_TWO_DIGITS = r"(?<!\d)[1-9]\d(?!\d)|[二三四五六七八九]十[一二三四五六七八九]?"
_VALUES: Mapping[str, FactValue] = {"true": True, "false": False}

_CUES: Mapping[str, Sequence[tuple[FactValue, re.Pattern[str]]]] = {
    fact: [(_VALUES.get(value, value), cue) for value, cue in cues("facts", fact)]
    for fact in facts_with_cues()
}
_OTHER: Mapping[FactValue, FactValue] = {
    "working": "retired",
    "retired": "working",
    "referred": "unreferred",
    True: False,
    False: True,
}
"""What a negated mention means, where the fact has just two values."""

_FORMER_WORK = re.compile(
    r"(?:以前|从前|原来|原先|之前|早先|早年|年轻时?|一直|退休前)[^，。]{0,8}(?:上班|工作|干活)[^。]*(?:退休|退了|退下)"
    r"|退休[^。]{0,8}(?:以前|从前|原来|原先|早年|年轻时?|退休前)[^，。]{0,8}(?:上班|工作|干活)"
)
"""Where one who is retired once worked."""
_AGED = re.compile(
    rf"(?:才|今年|刚|都|快)({NUMERAL})(?:多|来)?了?(?=$|[，。]|(?:还)?(?:在职|在?上班|退休))"
    rf"|(?:[爸妈爹娘父母亲公婆爷奶伴哥姐弟妹]|丈人|我)(?:今年)?({_TWO_DIGITS})"
    rf"(?:了|(?=$|[，。 我他她和跟]|退休|在职))"
    rf"|(?:退休|在职)了?，?({_TWO_DIGITS})(?=$|[，。])"
    rf"|(?:^|[，。])({_TWO_DIGITS})，?(?=退休|在职|还?在?上班)"
    rf"|(?:[，。]|(?<![给帮替补])[他她])({_TWO_DIGITS})了?(?=$|[，。])|^({_TWO_DIGITS})了(?=$|[，。])"
)
"""An age told without 岁."""

_OF_PATIENT = ("employment", "student", "hardship", "old_worker", "personnel")
"""What is so of all stays of the one who is spoken of."""
PLACES = ("inpatient", "outpatient")
"""Items that say where care is given."""
_EARLIER = (
    r"已经?|之前|前面|先[前头]|开年|年[初头后]|[上下]半年|上个?(?:月|礼拜|星期|周)|刚刚?|前[头阵段些几](?!年)|过年|[正腊]月|[春夏秋冬]天"
    r"|[一二三四五六七八九十\d]{1,3}月|今年(?:[已前早也都]|(?=[^，。]{0,2}住过)(?!.*(?:\d{3}|[万千])))"
)
_ADMISSION = re.compile(
    rf"(?<!跑)第(?P<number>{NUMERAL})[次回趟]|住(?:了|过)?(?P<times>{NUMERAL})[次回趟]院|头一[次回趟遭]|首次"
    rf"|(?P<earlier>(?:{_EARLIER})[^，。去没未不]{{0,6}}(?:(?:住|进去)过|[也还]住了)"
    rf"(?:院(?![吗么没])|(?P<before>{NUMERAL})[次回趟]))"
)
_OTHER_YEAR = re.compile(r"(?:[去前往]年|[前好]几年)[^，。]*$")
_THEN_THIS = re.compile(
    rf"(?P<own>(?:(?!第.[次回趟]|[上前]一?[次回趟])[^。]){{0,16}})[，。]这[次回趟](?!是?第)[^，。]{{0,8}}(?:\d{{3}}|{NUMERAL}[万千])"
    r"|(?P<there>[^，。]{0,8}[一二三123][级甲])[^，。]{0,4}[，。]这[次回趟][^，。]{0,6}(?:[一二三123][级甲]|社区|卫生院)"
)
"""After 第一次: another one follows, with an amount or a hospital of its own."""
_BED_DAYS = re.compile(
    rf"[住躺睡](?:了|院|过|着|在)*(?:[^，。\d前后内]{{0,8}}?院[里的了]*)?({NUMERAL})个?[天日夜晚](?!之?内|以内|前|后|以后)"
)
_THIS_STAY = re.compile(r"(?<=[，。])这[次回趟]")
_MOVED = re.compile(
    rf"{_THIS_STAY.pattern}|直接(?:去|到|上|跑)|(?:[又再]|后来|最后|结果)[才又]?[去到进转住]|(?<=[，。天日了后])转[到去院]"
)
"""One was treated there at last: 在卫生院看了看，又去二级医院住院."""
_OVER = re.compile(rf"\d{{3}}|{NUMERAL}[万千百]|[花用报月号]|出院")
"""What tells that 第二次 is over: "第二次8000，这次1万", but not "第二次住院了，这次1万"."""
_NEGATED = re.compile(
    r"(?:(?<!是)不是|并非|(?<!有)没有|(?<!算)不算|算不上|不属于?|还没|没|未|非|(?<!在)不在"
    r"|别(?![的家人处])|(?<![是要算对知得晓能可在好住有行])不)"
    r"(?:[让叫请找给帮肯替]*(?:医院|医生|大夫|主任|我们?|他们?)?)[去到在经过办理做开有参加给帮交缴]{0,2}"
    # 不属于那十八种特殊项目, 又不是什么特殊项目
    r"(?:[那这哪什么些啥所谓你们说讲的种类项个名单里面头上\d一二三四五六七八九十]{1,8})?$"
)

_GRADED_COMMUNITY = re.compile(
    r"[一二三1-3]级[^，。、和跟与同比还或转去到回院]{0,6}(?P<kind>卫生院|社区|卫生服务)"
)
"""A level told of what is else a community hospital: 一级的镇卫生院."""
_KNIFE = re.compile(
    r"(?P<none>[没未不]有?(?:用|要|去)?)?"
    r"(?:[挨开动][了过]?一?刀|[挨划拉][了过]一刀|(?:上|做)[了过]?手术)(?!.{0,2}[割切拿取拆补摘])"
)
"""What tells a caesarean, where a birth is spoken of."""
_REPORTS = re.compile(
    r"[又也都刚今天]{0,2}(?:讲|说|告诉|提醒)[了过]?"
    r"(?:[我你]|其实|应该|单子|账单|发票|不对|[搞看弄记算写听]?错|，(?![他她]))"
    r"|(?:们|都|一直|后来|就|又|非要|老)*(?:来)?(?:[接送陪背扶劝催喊叫]|伺候|照[顾看])(?:了|着|过)?[我他她]"
)
"""Words after a relative who only tells of the patient, or is at their side."""
_LOOKED_AFTER = re.compile(
    r"(?:[给帮替](?:[我他她]|[大小])*(?:儿子|女儿|闺女|孩子|儿媳妇?|女婿)们?家?)?"
    r"(?:看|带|领|照看|照顾|接送|管)着?[个大小]?(?:外?孙(?:子|女|儿|囡)?|娃娃?|小?孩子?|宝宝|小的)"
    r"(?![^，。？]{0,8}(?:看|住|瞧|治|打|吃|做|配|病|诊|烧|医院|报))"
)
"""A child whom the patient looks after: 去深圳给闺女看娃."""
_ASKED_OF = re.compile(r"(?:问[了过](?:一?下)?|听)(?:我|俺)?们?家?里?$")
"""Words before a relative who only knows: 问了老婆，单子没开; 听老公说是二级."""
_TELLS = re.compile(r"[，。]|[她他]?[说讲才告]")
_WHETHER = re.compile(
    r"(?:是不是|算不算|属不属于?|是否|有没有)(?:[那这哪什么些啥所谓种类项个名单里面\d一二三四五六七八九十]{1,8})?$"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What one message states."""

    facts: Mapping[str, FactValue] = field(default_factory=dict)
    several: Mapping[str, tuple[FactValue, ...]] = field(default_factory=dict)
    """Facts named with more than one value, as in "三级和二级哪个报得多"."""
    told: Mapping[str, tuple[FactValue, ...]] = field(default_factory=dict)
    """All values of each fact that are spoken of, also those that another one settles."""
    insurance: str | None = None
    insurance_implied: str | None = None
    """A scheme that a word hints at ("退休" speaks of employees) without naming it."""
    insurances: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    """Those named and those hinted at, in the order of the text."""
    graded: tuple[str, str] | None = None
    """What else is a community hospital, and the level that is told of it."""
    person: str | None = None
    spans: tuple[tuple[int, int], ...] = ()
    """Where the facts stand, so that what remains of the message can be judged."""


def read_facts(text: str, item: FactValue | None = None) -> Stated:
    """Read the facts that a normalised message states.

    Args:
        text: the message.
        item: the item of care that the conversation is about.
    """
    text = _of_patient(_LOOKED_AFTER.sub(lambda said: " " * len(said[0]), text))
    facts: dict[str, FactValue] = {}
    several: dict[str, tuple[FactValue, ...]] = {}
    told: dict[str, tuple[FactValue, ...]] = {}
    spans: list[tuple[int, int]] = []
    for fact, known in _CUES.items():
        found = list(_mentions(text, known))
        # 门诊 and 住院 are subjects, whatever else they tell.
        spans += [span for _, span in found if fact != "item"]
        values = told[fact] = tuple(dict.fromkeys(value for value, _ in found))
        last_stay = _MOVED if fact == "hospital_level" else _THIS_STAY
        of_stay = fact not in _OF_PATIENT
        if of_stay and len(values) > 1 and (this := last_stay.search(text)):
            # Of stays told one after the other the last is asked about.
            last = tuple(dict.fromkeys(v for v, span in found if span[0] > this.start()))
            values = last or values
        if len(values) == 1:
            facts[fact] = values[0]
        elif values:
            several[fact] = values
    for name, value, span in _numeric(text):
        facts[name] = value
        told[name] = tuple(dict.fromkeys((*told.get(name, ()), value)))
        spans.append(span)
    _settle_conflicts(text, facts, several)
    if facts.get("item", item) == "delivery" and "delivery_mode" not in facts:
        facts.update(_delivery(text))
    person, who = person_of(text)
    spans += who
    insurances = _schemes(text, "insurance")
    implied = _schemes(text, "implied_insurance")
    return Stated(
        facts=facts,
        several=several,
        told=told,
        insurance=insurances[0] if len(insurances) == 1 else None,
        insurance_implied=implied[0] if len(implied) == 1 else None,
        insurances=insurances,
        schemes=_schemes(text, "insurance", "implied_insurance"),
        graded=_graded(text, facts),
        person=person,
        spans=tuple(spans),
    )


def _graded(text: str, facts: Mapping[str, FactValue]) -> tuple[str, str] | None:
    told = _GRADED_COMMUNITY.search(text)
    level = str(facts.get("hospital_level", "community"))
    return (told["kind"], level) if told and level != "community" else None


def _delivery(text: str) -> Mapping[str, FactValue]:
    """How a child was born, told by the operation: 没挨刀, 挨了一刀."""
    told = {"natural" if knife["none"] else "cesarean" for knife in _KNIFE.finditer(text)}
    return {"delivery_mode": told.pop()} if len(told) == 1 else {}


def _mentions(
    text: str, known: Sequence[tuple[FactValue, re.Pattern[str]]]
) -> Iterator[tuple[FactValue, tuple[int, int]]]:
    """Yield each value that is said, in the order of the text; earlier cues take their words."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[FactValue, tuple[int, int]]] = []
    for value, cue in known:
        for match in cue.finditer(text):
            span = match.span()
            if any(start < span[1] and span[0] < end for start, end in taken):
                continue
            taken.append(span)
            if _WHETHER.search(text[: span[0]]):
                continue
            if _NEGATED.search(text[: span[0]]):
                if value in _OTHER:
                    found.append((_OTHER[value], span))
            else:
                found.append((value, span))
    yield from sorted(found, key=lambda item: item[1])


def _settle_conflicts(
    text: str, facts: dict[str, FactValue], several: dict[str, tuple[FactValue, ...]]
) -> None:
    """Resolve double mentions that one of the values explains."""
    graded = [level for level in several.get("hospital_level", ()) if level != "community"]
    if len(graded) == 1 and _GRADED_COMMUNITY.search(text):
        facts["hospital_level"] = graded[0]
        del several["hospital_level"]
    # "没经社区转诊直接去了三级" says unreferred twice over, once by the word 转诊.
    if "unreferred" in several.get("referral", ()):
        facts["referral"] = "unreferred"
        del several["referral"]
    # 住院 and 门诊 say where, the other items what for.
    items = tuple(item for item in several.get("item", ()) if item not in PLACES)
    if len(items) == 1:
        facts["item"] = items[0]
        del several["item"]
    # A route says more than "在本市办的备案".
    routes = tuple(r for r in several.get("route", ()) if r != "local")
    if len(routes) == 1:
        facts["route"] = routes[0]
        del several["route"]
    if True in several.get("student", ()):
        facts["student"] = True
        del several["student"]
    if "employment" in several and _FORMER_WORK.search(text):
        facts["employment"] = "retired"
        del several["employment"]
    age = facts.get("age")
    if "student" not in facts and isinstance(age, int) and (age < 16 or age > 30):
        facts["student"] = age < 16


def _numeric(text: str) -> Iterator[tuple[str, int, tuple[int, int]]]:
    """Yield facts that are counts: age, years insured, admission, bed days."""
    for match in re.finditer(rf"(快|不到|不满|未满)?({NUMERAL})(多|几|来)?(?:周)?岁(以下)?", text):
        below = 1 if match[1] or match[4] else 0
        yield "age", max(integer(match[2]) - below, 0), match.span()
    for match in _AGED.finditer(text):
        number = next(filter(None, match.groups()))
        if 0 < integer(number) < _OLDEST:
            below = text[match.start()] == "快"
            yield "age", integer(number) - below, match.span()
    for match in re.finditer(r"刚出生|\d+个月大|[一二两三四五六七八九十]+个月大", text):
        yield "age", 0, match.span()
    for match in re.finditer(
        rf"(?:缴费?|交费?|参保|买)(?:了|满|过|够|足)*({NUMERAL})年"
        rf"|({NUMERAL})年(?:以上|多)?(?:连续|连着|不断|一直)[^，。]{{0,2}}[交缴参买]",
        text,
    ):
        yield "insured_years", integer(match[1] or match[2]), match.span()
    yield from _admissions(text)
    for match in _BED_DAYS.finditer(text):
        yield "bed_days", integer(match[1]), match.span()


def _admissions(text: str) -> Iterator[tuple[str, int, tuple[int, int]]]:
    """Yield which admission of the year the bill is of, at each place that tells of it."""
    found: list[tuple[int, tuple[int, int]]] = []
    for match in _ADMISSION.finditer(text):
        number = match["number"] or match["times"] or match["before"]
        count = integer(number) if number else 1
        if _OTHER_YEAR.search(text[: match.start()]):
            continue
        first = text[match.start()] in "头首"
        then = _THEN_THIS.match(text, match.end()) if match["number"] or first else None
        over = then and (count == 1 or then["there"] or _OVER.search(then["own"]))
        earlier = match["earlier"] or over
        found.append((count + bool(earlier), match.span()))
    for _, span in found:
        yield "admission_no", max(number for number, _ in found), span


def person_of(text: str) -> tuple[str | None, list[tuple[int, int]]]:
    """Who is spoken of and where; of those whom one may have several of, which."""
    for person, cue in cues("person"):
        if match := cue.search(text):
            several = person in ("relative", "acquaintance")
            which = re.sub(r"^[我俺他她]|(.)(?=\1)", "", match[0])
            return which if several else person, [match.span()]
    return None, []


def _of_patient(text: str) -> str:
    """The text without those who only tell of the patient: 儿子讲我搞错了, 问了老婆，没开单子."""
    for _, cue in cues("person"):
        for person in cue.finditer(text):
            asked = _ASKED_OF.search(text[: person.start()]) and _TELLS.match(text, person.end())
            if asked or _REPORTS.match(text, person.end()):
                text = text[: person.start()] + "〇" * len(person[0]) + text[person.end() :]
    return text


def _schemes(text: str, *tables: str) -> tuple[str, ...]:
    found = [
        (match.start(), scheme)
        for table in tables
        for scheme, cue in cues(table)
        for match in cue.finditer(text)
        if not _NEGATED.search(text[: match.start()])
    ]
    return tuple(dict.fromkeys(scheme for _, scheme in sorted(found)))
