"""Several persons in one message: whose bill is which, and who is only spoken of beside.

我爸花了1万，我妈花了5000，各掏多少 has two patients; 我在上海打工，我爸在老家住院 has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.bill import read_bill
from bot.understanding.cases import BILLED
from bot.understanding.compared import KIN, PERSON
from bot.understanding.facts import person_of

_OF_EACH = re.compile(
    r"各[自人]?个?|分别|每人|(?:他们|我们|咱们?)?[两俩]个?人?(?=各|都|分别|[能可]|报|要|自)"
)
_OF_ALL = re.compile(r"各|分别|每人|[都全]|[两俩]个|俩")
_ASKS = re.compile(r"多少|几[成个多]|怎么报|[？?]|算")
_PART = re.compile(r"[^，。；？！]+")

_FAMILY = (
    rf"(?:{KIN}|小孩|儿女|子女|父母|[爸父]妈|兄弟|姐妹|女婿|儿媳妇?|侄|外甥|[姐妹姑姨][夫丈]"
    r"|家里?人|家属|亲家|战友|老乡|同学|工友|熟人)"
)
_ELSEWHERE = re.compile(
    rf"(?P<who>(?:[我他她]们?的?)?(?:小?孩|孙)?[他她]?{_FAMILY}{{1,3}}"
    r"|[做当][^，。；？！]{1,3}的|我|人(?=在))"
    r"(?:们|自己|人|现在|一直|常年|又|都|还|也|两[个口]子?)*"
    r"(?:(?:在(?!职|岗|编|读|校|家|哪|单位|厂里?上)|[到去](?!年|世)|嫁到?)[^，。；？！级]{1,8}?"
    r"(?:打工|上班|工作|上学|读书|念书|[上读念]大学|当兵|做事|做生意|开店|定居|安家|成家|买了?房|了)?"
    r"|从[^，。；？！级]{1,8}?[赶跑飞]?[回过]?来(?:照顾|照看|陪|陪护|帮忙|签字|交钱|结账|办|的|了)*"
    r"|是[^，。；？！级]{1,6}?过?来[带照帮][^，。；？！]*"
    r"|从[^，。；？！级]{1,8}?(?:打[来了个]*电话|来电|[寄汇]|打[了来]*钱)[^，。；？！]{0,8})"
)
"""Where somebody lives, or from where one came to help: 我人在广东, 姑姑从南昌赶回来照顾."""
_PARENTS = re.compile(r"[爸父]妈|父母|爸爸妈妈")
_ACTS = re.compile(
    r"看病|看门诊|住院|住[的了过]|[看治做]的|开[的了过]?刀|手术|化疗|透析|[花用]了|生[的了完]|分娩|(?<!的)出院|摔|骨折|打的?针"
)
_CARE = re.compile(rf"{_ACTS.pattern}|医院|报销|医保|职工|居民|退休|参保")
_UNINSURED = re.compile(
    r"[没未](?:有|去|交|缴|参加|买|办)+(?:过|上)?[^，。？]{0,4}?(?:职工|居民|医保|社保|保险)+"
)
"""What somebody beside the patient hasn't is no part of the patient's case either."""
_DOES = re.compile(rf"{_CARE.pattern}|[买配拿开吃]药|备案|窗口|[办报转卡]|看[过了]?$|治")
_ASKS_FOR = rf"(?:[替帮给代]|关于)[^，。；？！]{{0,6}}?(?P<asked>{_FAMILY})"
_SUBJECT = re.compile(
    rf"(?:那|想|要|要是|如果|这次|现在|后来|结果|[一昨今前][天年]|上个?月|就?是)*"
    rf"(?:{_ASKS_FOR}|(?:(?:[我俺他她](?:们|家)?的?|家里?的?|老)?(?P<kin>小家伙|{_FAMILY}{{1,2}}))"
    r"|(?P<self>我|俺|本人)|(?P<own>自己)|(?P<they>[他她]))"
)
_MINE = re.compile(rf"(?:陪|照顾|伺候|服侍|陪护|送)(?:着|了|过)?(?:我|俺)(?!们|家|的?{_FAMILY})")
"""她陪我住的院 tells whose the stay was."""
_UNNAMED = "unnamed"
"""A patient of whom nothing is said but the stay; who is spoken of after that is another."""
_SUM = re.compile(r"\d{3}|[百千万]")
_GOING = re.compile(r"备案|异地|外[地省]|转[诊院过]|安置")
_HEARSAY = re.compile(rf"(?:[他她]|(?:[我俺](?:家)?的?)?{_FAMILY})们?[说讲](?!我|其实|，)")
"""她说她住院报七成 is no word of the patient's care."""
_THERE = re.compile(
    r"(?<!(?:劝|叫|喊|让)[她他我]去)(?<!(?:医师|医生|单位|社区|医院))那[边里儿](?!批|不一样)|[她他]家|一起|身边|跟[着他她去过]|跟[^，。]{1,4}住"
    r"|(?<!回来)(?<!没人)(?<!没得人)照[顾看](?!不)|(?<!在家)(?<!家里)(?<!来)带[孙孩娃]|接[我他她](?!来)|(?<!转)(?<!汇)(?<!打)过去"
)

_COMPARES = re.compile(
    r"(?:谁|哪[个边头])[^，。]{0,8}(?:多|少|高|低|划算|合算|便宜|好)|一样|差[多几]|区别|在哪[边头]|各"
)
"""Who lives where may be what is compared: 我在常州上班，我妈在新余，谁报得多."""


def of_patient(message: str, patient: str | None, *, told: bool) -> str:
    """Return a normalised message without where somebody else lives: 我人在广东，我爸住院了.

    It stays where the patient goes there, or where nobody else is spoken of.

    Args:
        message: the patient's words.
        patient: of whom the conversation is.
        told: a case was told before.
    """
    parts = _PART.findall(message)
    if _THERE.search(message) or _COMPARES.search(message):
        return message
    patients = _patients(parts) or ({patient} if told and patient else set[str]())
    named = patients != {_UNNAMED}
    if not named and (_GOING.search(message) or not _SUM.search(message)):
        return message
    others = set[str]()
    for part in parts:
        if others and part.startswith(("他", "她")) and _HEARSAY.match(part):
            message = message.replace(part, "", 1)
            continue
        beside = _ELSEWHERE.match(part)
        others = _persons(beside["who"]) if beside else set()
        another = patients and patients.isdisjoint(others) and (named or others != {"self"})
        if beside and another and not _cared_for(part, beside.end()):
            message = message.replace(part, "", 1)
    return re.sub("(?<=[，。；])[，。；]+", "", message).strip("，。；")


def _cared_for(part: str, since: int) -> bool:
    """Whether a part tells of care or insurance, or, from a place on, of anything done for it."""
    told = _UNINSURED.sub(lambda none: "〇" * len(none[0]), part)
    return bool(_DOES.search(told, since) or _CARE.search(told))


def _patients(parts: list[str]) -> set[str]:
    """Whose care the parts of a message tell; where they tell of none, whose insurance.

    A part that names nobody is of whom the part before was, unless that only tells where somebody
    else lives.
    """
    treated, insured = set[str](), set[str]()
    persons, others = {_UNNAMED}, set[str]()
    for part in parts:
        aside = treated and _ELSEWHERE.match(part)
        subject = {} if aside or not (found := _SUBJECT.match(part)) else found.groupdict()
        if (
            _MINE.search(part)
            or subject.get("self")
            or (subject.get("own") and persons == {_UNNAMED})
        ):
            persons = {"self"}
        elif subject.get("they"):
            persons = others
        elif who := subject.get("asked") or subject.get("kin"):
            persons = others = _persons(who)
        if not _HEARSAY.match(part):
            treated |= persons if _ACTS.search(part) else set()
            insured |= persons if _CARE.search(part) else set()
    return treated or (insured - {_UNNAMED})


def _persons(who: str) -> set[str]:
    """Those of whom is spoken together: 爸妈 are father and mother."""
    if re.fullmatch(r"[我俺](?:们|自己|人|本人)?|人", who):
        return {"self"}
    both = {"father", "mother"} if _PARENTS.search(who) else set[str]()
    bare = re.sub(r"^[我俺他她们家的]+|(.)(?=\1)", "", who)
    return {person_of(f"我{bare}")[0] or bare, *both}


def told_apart(message: str) -> tuple[tuple[str, str], ...]:
    """Return each person and the part of a normalised message that is about them.

    What is said before the first of them, and of all, belongs to each. Empty where not each of
    several persons has a bill of their own.
    """
    if not _OF_EACH.search(message):
        return ()
    before: list[str] = []
    after: list[str] = []
    own: dict[str, list[str]] = {}
    for person, part in _parts(message):
        if person:
            own.setdefault(person, []).append(part)
        elif not own:
            before.append(part)
        elif _OF_ALL.search(part) or _ASKS.search(part):
            after.append(_OF_EACH.sub("", part))
        else:
            own[list(own)[-1]].append(part)
    told = {person: "，".join(parts) for person, parts in own.items()}
    if len(told) < 2 or not all(map(_is_bill, told.values())):
        return ()
    return tuple((p, "，".join((*before, text, *after))) for p, text in told.items())


def _parts(message: str) -> Iterator[tuple[str, str]]:
    """The clauses of a message, each with the person that it names."""
    for part in _PART.findall(message):
        persons = dict.fromkeys(PERSON.findall(part))
        # 我和我老公都住的二级 is said of both.
        yield ("" if len(persons) > 1 else next(iter(persons), ""), part)


def _is_bill(text: str) -> bool:
    bill = read_bill(text)
    return not bill.unclear and len(BILLED & bill.fields.keys()) == 1
