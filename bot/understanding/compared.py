"""What a message sets against each other: schemes, places, ways, benefits, or cases of a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.understanding.cues import cues
from bot.understanding.facts import FactValue, Stated
from bot.understanding.lists import Listed
from bot.understanding.numerals import NUMERAL, integer
from bot.understanding.places import Places, Role
from bot.understanding.topics import Intent, Topic

Several = Mapping[str, tuple[FactValue, ...]]
"""Facts, ``insurance``, ``benefit``, ``region`` or ``away`` with the values to be compared."""

KIN = (
    r"(?:[大二三小阿亲堂表]?(?:哥|弟|姐|妹|舅|叔|伯|姑|姨|婶|嫂)+|爸|妈|爹|娘|父亲|母亲|爷爷|奶奶|外公|外婆"
    r"|姥[姥爷]|老公|老婆|老伴|爱人|丈夫|妻子|媳妇|老头子?|老太婆?|公公|婆婆|岳[父母]|丈[人母]|儿子|女儿|闺女"
    r"|孩子|娃|孙[子女]|同事|邻居|亲戚|朋友)"
)
PERSON = re.compile(rf"(?:[我你他她]们?)?家?(?:的|里)?{KIN}|[我他她](?!们|俩|家|手上)|一个|另一个")
"""Somebody of whom a case is told."""
_OR_NOT = re.compile(
    r"(?:[跟和与同比或]|还是)(?:没|不|未)|(?P<verb>[开转办走签])[没不](?P=verb)|有没有(?!门槛|起付|区别|差|不同|什么|[^，。]{0,3}报)"
    r"|[跟和与同比](?:我们?|咱们?)?(?:这[种些])?(?:(?:一般|普通|平常|正常|别)人|(?:一般|普通)的)"
    r"|(?:一般|普通)的[跟和与同比]"
    r"|[^，。]不[^，。]{0,4}(?:区别|差)"
    r"|[没未不]有?(?P<done>[开转办走签备])[^，。]{0,8}(?:[跟和与同比]|还是)[^，。没未不]{0,4}(?P=done)"
    # 爹吃低保妈不吃
    rf"|(?:{KIN}|[我他她])[就却又倒]?[没不]有?[^，。]{{0,2}}(?=[，。]|$)"
)
_PLAIN = re.compile(
    r"普普通通|一个(?:普通|一般|平常|正常)|(?:普通|一般|平常|正常)的?(?:职工|居民|退休|在职|参保|老百姓|百姓|工人|人)"
)
"""One who is no 低保户, beside another who is."""
_OPPOSITES: Several = {
    "referral": ("referred", "unreferred"),
    "hardship": (True, False),
    "special_treatment": (True, False),
    "special_procedure": (True, False),
}
_WEIGHS = re.compile(
    r"划算|合算|便宜|省钱|吃亏|[走用算]谁的?"
    r"|(?:哪[个种样边头条家]|谁)[^，。]{0,8}(?:多|少|高|低|好|大|贵|快|轻|重|亏|省)"
    r"|[跟和与同比][^，。]{1,16}比|比[我你他她](?!们?好)|差[多了几好在到少]|一样|同一|各[^，。]{0,5}[几多]"
    r"|(?:好|强)在哪|哪[边头个][^，。]{1,10}[，、]哪[边头个]|是不是[^，。]{0,4}都|(?P<asked>几[成类档]|多少|百分之几|几个点)[^。]{2,}?(?P=asked)"
    r"|比[^，。比]{1,10}，?[多少高低]|(?:同?一个|两个)地方"
)
"""What makes a comparison of a message that names both sides."""
_NO_SUM = re.compile(r"是不是[^，。]{0,5}都|一样(?=[吗么嘛不没？]|$)|[划合]算")
"""What makes one of a message that tells a bill: 两个人是不是都有, not 各报多少."""
_WHICH = re.compile(r"哪[个种样一头边](?!窗口|部门|医院|单位|地方|[家类])|两[样种]")
_NOT_WEIGHED = (Intent.CONTACT, Intent.MATERIALS, Intent.DEADLINE)
_ELSEWHERE = re.compile(r"异地|外地|外省|省外|跨省|市外|外面|转[院外]")
_AT_HOME = re.compile(
    r"家门口|[留待在]家里?(?=[做看治住开动]|$|[，。])"
    r"|(?:本地|本市|老家|家里|在这[边里])(?!的?卡)[^，。去卡]{0,4}(?:住|看|做|治|开|刷|买|拿|打|动)"
)
_ALONE = re.compile(
    r"自己[^，。]{0,5}(?:要|去|到|办|弄|申请|联系|点|决定|跑|做主)|直接[^，。]{0,2}(?:去|到|跑|上)"
)
_TEMPORARY = re.compile(r"临时|短期|偶尔去|(?:就|只)去[一那]?[次趟回]")
"""What one does who doesn't live elsewhere."""
_AND_OTHER = re.compile(
    r"[多少几什怎吗成][^。]*?[，？](?:那|要是|换成|如果)*(?P<side>[^，。？吗]{1,8})呢？?(?:[，。][^，。？]{1,6})?$"
)
"""The same asked of another side: 职工封顶多少，居民呢."""
_MOVES = ("", "到", "去", "往")
"""转上海 leaves open whether the hospital refers one."""
_BESIDE_REGISTERED = re.compile(
    r"转院?外?[跟和与同比][^，。]{0,4}备案|备案[^，。]{0,4}[跟和与同比][^，。]{0,3}转[院外]"
)
"""转院和异地备案: one registers who lives there."""
_REGISTERED = re.compile(
    r"(?<![没未不])(?<!没有)(?:备[了过好]案|备案(?:[了过好的去后跟和与])|办[了过好]+[^，。没]{0,2}手续)"
)
_SUDDEN = re.compile(r"急[诊病症]|突发|抢救")
_SLIP = re.compile(r"转|单|条子")
_STAY = re.compile(rf"第({NUMERAL})[次回趟]|(头一?|首)[次回趟]")
_SENTENCE = re.compile(r"[。！？；]")
_WHICH_CITY = re.compile(r"哪[边头][^，。]{1,10}[，、]哪[边头]")
_TELL_HOME = (Role.HOME, Role.RESIDENCE, Role.NATIVE, Role.BARE, Role.INSURED)


def weigh(message: str, topic: Topic, stated: Stated, places: Places) -> Topic:
    """Call a message a comparison that names both sides, though it has no word of comparing."""
    sides = _sides(message, stated, places)
    if sides and _AND_OTHER.search(message) and topic.intent is not Intent.ESTIMATE:
        return replace(topic, intent=Intent.COMPARISON)
    if topic.intent in (Intent.COMPARISON, *_NOT_WEIGHED):
        return topic
    ways = len(sides.get("route", ())) > 1 and topic.intent is not Intent.PROCEDURE
    cue = _NO_SUM if topic.intent is Intent.ESTIMATE else _WEIGHS
    weighs = cue.search(message) or (ways and _WHICH.search(message))
    two = bool(sides) or len(topic.benefits) > 1 or "item" in stated.several
    return replace(topic, intent=Intent.COMPARISON) if two and weighs else topic


def read_compared(
    message: str, stated: Stated, places: Places, topic: Topic, listed: Sequence[Listed]
) -> dict[str, tuple[FactValue, ...]]:
    """Return what is compared, and all values told of what may be asked for."""
    several = dict(stated.several)
    if len(places.compared) > 1:
        several["region"] = places.compared
    benefits = topic.benefits
    if topic.intent is Intent.COMPARISON:
        several.update(_sides(message, stated, places))
        several.update(_classes(several, stated, listed))
        if not several:
            # 糖尿病，门诊统筹跟慢性病那个: the disease's own benefit is the other one.
            benefits = tuple(dict.fromkeys((*benefits, *(item.benefit for item in listed))))
    elif topic.intent is Intent.FIGURE:
        several.update(_classes(several, stated, listed))  # 癌症和冠心病各报几成
    if len(benefits) > 1:
        several["benefit"] = benefits
    return several


def _sides(message: str, stated: Stated, places: Places) -> dict[str, tuple[FactValue, ...]]:
    """What two sides of a comparison differ in."""
    sides = dict(stated.several)
    sides.pop("item", None)
    if len(stated.schemes) > 1:
        sides["insurance"] = stated.schemes
    regions = places.compared or tuple(_homes(message, places))
    if len(regions) > 1:
        sides["region"] = regions
    sides = {**_opposed(message, stated), **sides}
    if stated.facts.get("hardship") is True and _PLAIN.search(message):
        sides["hardship"] = _OPPOSITES["hardship"]
        if not stated.insurances:
            sides.pop("insurance", None)  # 吃低保 only hints at a scheme.
    stays = tuple(integer(match[1] or "1") for match in _STAY.finditer(message))
    if len(set(stays)) > 1:
        sides["admission_no"] = tuple(dict.fromkeys(stays))
    for fact in ("age", "student", "referral"):
        if len(values := stated.told.get(fact, ())) > 1:
            sides[fact] = values
    routes = stated.told.get("route", ())
    if places.care or _ELSEWHERE.search(message) or "unregistered" in routes:
        sides.update(_ways(message, stated, places))
    if not sides and len(cities := _cities(message, places)) > 1:
        sides["care"] = cities
    return sides


def _cities(message: str, places: Places) -> tuple[str, ...]:
    """The places of care; where it is asked in which of them, those where the family lives too."""
    if not (places.care and _WHICH_CITY.search(message)):
        return places.care
    there = (m for m in places.mentions if m.role in (Role.CARE, Role.RESIDENCE))
    names = (m.found.place.name for m in there if m.found.place.region != places.insured)
    return tuple(dict.fromkeys(names))


def _opposed(message: str, stated: Stated) -> Several:
    """What is told of the case and its opposite: 社区开了转诊单跟没开."""
    told = [fact for fact in stated.facts if fact in _OPPOSITES]
    if not _OR_NOT.search(message):
        other = _AND_OTHER.search(message)
        told = [fact for fact in told if other and _turns(other, fact)]
    return {fact: _OPPOSITES[fact] for fact in told}


def _turns(other: re.Match[str], fact: str) -> bool:
    """Whether a fact is told of the other side only."""
    said = [match.start() for _, cue in cues("facts", fact) for match in cue.finditer(other.string)]
    return bool(said) and min(said) >= other.start("side")


def _homes(message: str, places: Places) -> Iterator[str]:
    """The places where two persons are insured, as far as each is told by where one lives."""
    of_person: dict[str, tuple[Role, str]] = {}
    persons = list(PERSON.finditer(message))
    for mention in places.mentions:
        region, role = mention.found.place.region, mention.role
        before = [match[0] for match in persons if match.start() < mention.found.start]
        if region is None or role not in _TELL_HOME or not before:
            continue
        if role > of_person.get(before[-1], (Role.EXCLUDED, ""))[0]:
            of_person[before[-1]] = role, region
    yield from dict.fromkeys(region for _, region in of_person.values())


def _ways(message: str, stated: Stated, places: Places) -> Several:
    """The ways of going elsewhere, and care at home beside them."""
    told: dict[FactValue, None] = dict.fromkeys(stated.told.get("route", ()))
    told.pop("local", None)
    if "referred" in stated.told.get("referral", ()) and _SLIP.search(message):
        told = {"hospital_referral": None, **told}
    others = told.keys() - {"hospital_referral"}
    if any(f"转{way}{city}" in message for way in _MOVES for city in places.care):
        told = {"hospital_referral": None, "self_referral": None, **told} if others else told
    if set(told) == {"hospital_referral"} and _BESIDE_REGISTERED.search(message):
        told |= {"long_term": None}
    if set(told) == {"hospital_referral"} and _ALONE.search(message):
        # Whether one who goes by himself registers is left open.
        told |= dict.fromkeys(("self_referral", "unregistered"))
    if set(told) == {"long_term"} and _TEMPORARY.search(message):
        told |= dict.fromkeys(("hospital_referral", "self_referral", "unregistered"))
    if set(told) == {"unregistered"} and _REGISTERED.search(message):
        # In which way one who goes for care has registered is left open.
        lives = () if places.care else ("long_term",)
        told = dict.fromkeys((*lives, "hospital_referral", "self_referral", *told))
    if told and (other := _AND_OTHER.search(message)) and _SUDDEN.search(other["side"]):
        told["emergency"] = None
    at_home = any(_home_beside(said, places) for said in _SENTENCE.split(message))
    if at_home and not told:
        return {"away": (False, True)}
    routes = (*(("local",) if at_home else ()), *told)
    return {"route": routes} if len(routes) > 1 else {}


def _home_beside(sentence: str, places: Places) -> bool:
    """Whether a sentence speaks of care at home and of care elsewhere."""
    own = [m.found.place.name for m in places.mentions if m.found.place.region == places.insured]
    in_city = places.insured and any(
        re.search(f"在{name}[^，。]{{0,3}}[住看做治开]", sentence) for name in own
    )
    away = _ELSEWHERE.search(sentence) or any(city in sentence for city in places.care)
    return bool((_AT_HOME.search(sentence) or in_city) and away)


def _classes(several: Several, stated: Stated, listed: Sequence[Listed]) -> Several:
    """The classes that one list has a disease in, grade by grade, beside those told."""
    if len({item.benefit for item in listed}) != 1:
        return {}
    classes: dict[str, tuple[FactValue, ...]] = {}
    for fact in dict.fromkeys(fact for item in listed for fact in item.facts):
        told = several.get(fact, (stated.facts[fact],) if fact in stated.facts else ())
        values = {*told, *(item.facts[fact] for item in listed if fact in item.facts)}
        if len(values) > 1:
            classes[fact] = tuple(sorted(values, key=str))
    return classes
