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

_FAMILY = rf"(?:{KIN}|儿女|子女|父母|[爸父]妈|兄弟|姐妹|女婿|儿媳妇?|侄|外甥|[姐妹姑姨][夫丈])"
_ELSEWHERE = re.compile(
    rf"(?P<who>(?:[我他她]们?的?)?(?:小?孩|孙)?[他她]?{_FAMILY}{{1,3}}|我)"
    r"(?:们|自己|人|现在|一直|常年|又|都|还|也|两[个口]子?)*"
    r"(?:(?:在(?!职|岗|编|读|校|家|哪)|[到去]|嫁到?)[^，。；？！级]{1,8}?"
    r"(?:打工|上班|工作|上学|读书|念书|[上读念]大学|当兵|做事|做生意|定居|安家|成家|买了?房|了)?"
    r"|从[^，。；？！级]{1,8}?[赶跑飞]?[回过]?来(?:照顾|照看|陪|陪护|帮忙|签字|交钱|结账|办|的|了)*)"
)
"""Where somebody lives, or from where one came to help: 我人在广东, 姑姑从南昌赶回来照顾."""
_PARENTS = re.compile(r"[爸父]妈|父母|爸爸妈妈")
_CARE = re.compile(
    r"看病|看门诊|医院|住院|住[的了]|[看治做]的|开刀|手术|花了|报销|医保|职工|居民|退休|参保"
)
_ASKS_FOR = re.compile(rf"[替帮给代][我他她]?(?:们|家)?{KIN}[^，。]{{0,3}}[问查算看]")
_THERE = re.compile(
    r"那[边里儿]|[她他]家|一起|身边|跟[着他她去过]|跟[^，。]{1,4}住"
    r"|(?<!回来)(?<!没人)(?<!没得人)照[顾看]|(?<!在家)(?<!家里)带[孙孩娃]|接[我他她]|过去"
)

_COMPARES = re.compile(
    r"(?:谁|哪[个边头])[^，。]{0,8}(?:多|少|高|低|划算|合算|便宜|好)|一样|差[多几]|区别|在哪[边头]"
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
    for part in parts:
        beside = _ELSEWHERE.fullmatch(part)
        if beside is None or _CARE.search(part):
            continue
        another = told and patient and _is_another(beside["who"], patient)
        if another or _names_another(beside["who"], parts, part):
            message = message.replace(part, "", 1)
    return re.sub("(?<=[，。；])[，。；]+", "", message).strip("，。；")


def _is_another(who: str, patient: str) -> bool:
    """Whether those who live elsewhere aren't the one of whom the conversation is."""
    return patient != "self" if who == "我" else patient not in _persons(who)


def _persons(who: str) -> set[str | None]:
    """Those of whom is spoken together: 爸妈 are father and mother."""
    both = {"father", "mother"} if _PARENTS.search(who) else set[str]()
    return {person_of(who)[0], *both}


def _names_another(who: str, parts: list[str], beside: str) -> bool:
    """Whether another part tells of the care or insurance of another person."""
    others = [part for part in parts if part is not beside and _CARE.search(part)]
    if who == "我":
        return any(re.search(KIN, part) for part in others) or any(map(_ASKS_FOR.search, parts))
    own = {None, *_persons(who)}
    return any(
        (
            (kin := re.match(rf"(?:那|要是)?(?:[我他她]们?的?)?{KIN}", part))
            and person_of(kin[0])[0] not in own
        )
        or (part.startswith("我") and not re.match(f"我(?:们|的)?{KIN}", part))
        for part in others
    )


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
