"""Which place a message is about: where the patient is insured, where care is given.

>>> places = read_places("我是新余的，想去南昌看病", Gazetteer(load_regions()))
>>> places.insured, places.care
('xinyu', ('南昌',))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from bot.understanding.gazetteer import Found, Gazetteer, Place


class Role(IntEnum):
    """What a place is in a message; the greater, the surer it is the place of insurance."""

    EXCLUDED = 0
    """不是无锡"""
    CARE = 1
    """去上海看病, 在南京住院"""
    HOME = 2
    """老家新余"""
    RESIDENCE = 3
    """在无锡上班, 住在上海"""
    NATIVE = 4
    """无锡人"""
    BARE = 5
    """无锡退休报多少, 从无锡转到上海"""
    RETURNED_TO = 6
    """回无锡看病"""
    INSURED = 7
    """无锡医保, 我是无锡的, 换成镇江"""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place as the message names it."""

    found: Found
    role: Role


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a message. Regions are ids of covered ones; other places are names."""

    insured: str | None = None
    insured_elsewhere: str | None = None
    """Place of insurance that the library doesn't cover."""
    county: str | None = None
    """Part of ``insured`` with a medical insurance of its own (江阴)."""
    care: tuple[str, ...] = ()
    """Places of care outside the place of insurance."""
    compared: tuple[str, ...] = ()
    """Regions named side by side; ``insured`` is None then."""
    excluded: tuple[str, ...] = ()
    """Regions of which the message says that they aren't meant."""
    mentions: tuple[Mention, ...] = ()

    @property
    def lived_in(self) -> bool:
        """Whether of the places of care nothing is said but that one lives or works there."""
        away = [m.role for m in self.mentions if m.found.place.name in self.care]
        return bool(away) and set(away) <= {Role.RESIDENCE, Role.HOME}

    @property
    def treated_in(self) -> str | None:
        """The place of insurance, where it is only taken for it because care was there."""
        own = [m for m in self.mentions if m.found.place.region == self.insured]
        guessed = self.insured and {m.role for m in own} == {Role.CARE}
        return own[0].found.place.name if guessed else None

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where the places stand in the message."""
        return tuple((m.found.start, m.found.end) for m in self.mentions)


# Words beside a name that decide its role, the most decisive first; « stands for the name.
_LOCAL = (
    r"(?:市区?|城里|这边|那边|本地|当地|这里|那里|的|县|区|园区|高新区?|开发区|新区|农村|乡下)*"
)
_SCHEME = (
    r"(?:城镇|城乡|基本|职工|居民|灵活就业|退休)*"
    r"(?:医保(?!定点)|医疗保险|社保|社会保险|参保|新?农合|居保|职保)"
)
_TREATED = (
    r"看病|看[个下了]?|就医|就诊|住院|住了|住过|治|手术|开刀|检查|生孩子|生小孩|生[的了完]|分娩|化疗|放疗|透析"
    r"|门诊|急诊|配药|买药|拿药|抢救|体检|转诊|复查|复诊|医院|做(?!工|事|生意|买卖|小|保[安姆洁]|家政|厨|[鞋衣服饭菜饼])"
)
_WORKS = r"(?:上班|工作|打工|做工)"
_KIN = r"[爸妈爹娘爷奶公婆哥姐弟妹儿女舅姑姨叔伯友邻居]"
_LIVES = rf"{_WORKS}|做事|干活|厂里?|单位|上大?学|[读念](?:书|大学)|居住|定居|带[孙孩]|养老|做生意"
_FORMERLY = r"(?:以前|从前|原来|原先|之前|早先|早年|早些年|年轻时?|退休前|头些年|前几年)"
_RULES: Sequence[tuple[Role, str]] = (
    (Role.EXCLUDED, r"(?:(?<!是)不是|并非|没在|(?<!属)不属于?|(?<!归)不归|(?<!在)不在)(?:我们?)?«"),
    (Role.EXCLUDED, r"«[^。]{0,8}，[^，。]{0,3}(?:医保|社保)[^，。]{0,3}没有?[转迁][^，。]{0,2}来"),
    (Role.INSURED, rf"«{_LOCAL}{_SCHEME}|[我他她]«{_LOCAL}(?<=的)卡"),
    (
        Role.INSURED,
        r"(?:医保|社保|参保|保险|新农合)(?:地|关系|卡)?"
        r"(?:是|在|交|缴|买|办|的|都|还|也|就|仍|一直|从来|放|落|归|属于|：)+(?:老家)?«",
    ),
    (Role.INSURED, r"(?:医保|社保|参保|保险)[^，。]{0,6}(?:转|迁|挪)(?:到|去|来|回)了?«"),
    (Role.INSURED, r"(?:医保|社保|参保)[地卡]?«的|(?:^|[，我他她])[是在]?«[交缴]的(?![钱费])"),
    (Role.INSURED, rf"«{_LOCAL}(?:退休|在职)?(?:职工|居民)(?!医院|楼)"),
    (Role.INSURED, r"«市?(?:那|这|给|发|医保)*[份张本]?的?(?:宣传|折页|册子|指南|手册|说明书)"),
    (Role.INSURED, rf"«{_LOCAL}(?:交|缴|参|买)[了的过]?[^，。]{{0,5}}(?:[保险费]|灵活)"),
    (Role.INSURED, r"«人?，[^，。]{0,3}(?:交|缴|参|买|办)[了的是]*老家"),
    (Role.INSURED, r"«[^，在]{0,6}(?:交|缴|买)[了的过]?[^，。]{0,3}(?:医保|社保|保险)"),
    (
        Role.INSURED,
        rf"«{_LOCAL}(?:上班|工作|打工)[^。]{{0,8}}(?:单位|公司|厂里?|老板)[^，。没不]{{0,3}}(?:交|缴|买|上)",
    ),
    (Role.INSURED, r"(?:^|[，：])(?:我们?)?«市?的(?=，)"),
    (Role.INSURED, r"«[^。]{0,8}，[^，。]{0,3}(?:医保|社保)[^，。没不]{0,4}(?:那[边里儿]|当地)"),
    (Role.INSURED, rf"(?:换成|换做|换到|改成|变成|改为)[是在]?«(?!{_LOCAL}(?:{_TREATED}))"),
    (Role.INSURED, rf"«{_LOCAL}(?:办事|服务|经办|医保|社保)?(?:窗口|大厅)"),
    (Role.HOME, r"(?:娘家|婆家|总部|总公司|祖籍|亲戚|听[^，。]{0,4}[说讲])[是在]?«"),
    (Role.HOME, r"(?:单位|公司|厂)是«"),
    (Role.HOME, r"«[^，。]{0,4}(?:有套?房|当过?兵|待过|的(?:医生|亲戚|朋友|同学))"),
    (Role.HOME, rf"«{_WORKS}了?(?:，?(?:[今去]年|请假|过年|年底|现在|刚|才|又))?回来"),
    (Role.HOME, rf"从«{_LOCAL}(?:农村|乡下|老家)?(?:过|赶|搬|跟|嫁|迁)?[过着]?来|«{_LOCAL}嫁过?来"),
    (Role.CARE, rf"[在于]«{_LOCAL}[^，。«在]{{0,6}}[住看治做]的(?:院|病)?(?:$|[，。])"),
    # Where one was in former times, or has come back from, is no place of care.
    (Role.HOME, rf"{_FORMERLY}[^，。]{{0,6}}在«(?![^，。]{{0,8}}(?:{_TREATED}))"),
    (Role.RESIDENCE, rf"从«(?={_LOCAL}[^，。]{{0,2}}回(?![^，。]{{0,5}}(?:{_TREATED})))"),
    (Role.RETURNED_TO, r"回(?:来|家|老家)[^，。]{0,3}，?[^，。]{0,2}在«(?!上班|打工|工作)"),
    (
        Role.CARE,
        rf"(?:转院?|送|去|到|往|赴|跑|来|至)[了过到去往至的]?是?[那这]?个?«"
        rf"(?!{_LOCAL}(?:人(?!民)|{_LIVES}))",
    ),
    (
        Role.CARE,
        rf"回«老家[^，。]{{0,4}}(?:{_TREATED})|[在回]老家«{_LOCAL}[^，在]{{0,4}}(?:{_TREATED})",
    ),
    (Role.CARE, r"回«老家[^，。]{0,4}(?:长?住(?!院)|常住|养老|定居|生活|待|呆)"),
    (Role.HOME, rf"«人[^。]{{0,6}}(?:这|你们)[边里儿]?[^，。]{{0,3}}(?:{_LIVES})"),
    (Role.HOME, r"(?:老家|户口|户籍|籍贯)[是在]?«|«(?:户口|户籍|老家)"),
    (Role.CARE, rf"[在于]«{_LOCAL}[^，«在]{{0,6}}(?:{_TREATED})"),
    # Who works there and has the scheme of employees has it there; so has another who works there.
    (Role.BARE, rf"在«{_LOCAL}{_WORKS}，(?:他|她|我)?(?:是|有|参加|交)?的?(?:城镇)?职工"),
    (Role.BARE, rf"{_KIN}(?:现在|一直|也|都|人)*在[^«，。]{{0,4}}«{_LOCAL}{_WORKS}(?![^。？]*我)"),
    (
        Role.RESIDENCE,
        rf"«{_LOCAL}(?:{_LIVES})|住在?«|(?:人|家|单位|公司|厂里?)(?:现在|都|就)?在«|[在于]«(?:住|生活|长住)",
    ),
    (
        Role.INSURED,
        rf"(?:是|属于|来自)«{_LOCAL}(?:$|，|户口|退休|职工|居民|农村|参保)",
    ),
    (Role.NATIVE, r"«(?:市|本地)?人(?![民员社口力])"),
)
_ROLES = tuple((role, re.compile(pattern)) for role, pattern in _RULES)
_CARE_ELSEWHERE = re.compile(rf"«{_LOCAL}[^，«在]{{0,6}}(?:{_TREATED})|回«")
_ITS_RULES = re.compile(
    rf"(?<![在于从到过经往住待])«{_LOCAL}(?:人(?!民)|退了?休|农村|乡下|种田|务农|灵活|新?农|大病|比例|起付|门槛|封顶"
    r"|报(?!错|案)|政策|规定|标准|待遇|办法|呢|吗|么|有没有|能[^，]{0,4}[查问答])"
    r"|(?<![在于从到过经往住待])«(?:市|那边|这边)?的(?:$|，)|(?:^|[，：])(?:就?是|我们?|那|问)*«市?(?:$|，)"
    rf"|^就?是?在«{_LOCAL}[呀啊哦呢吧]?$"
)
"""What makes an uncovered place that of insurance, beside the words for insurance: its rules are
asked for (南京的门槛费), or one is of it (成都的，住院报多少). Else one only is there."""
_ONLY_THERE = re.compile(
    r"[在于]«|的医院|直接结|出差|旅|玩|孙|女儿|儿子|闺女|出院|急[诊病症]|突发|抢救|回[来去]|[垫刷转]|备案|异地|外[地省面]|报错|结账|发票|单子"
    r"|[去往赴跑]|到(?![底时])|[哥姐弟妹叔姨舅爸妈]家|打工|派|暂|一阵|[这那]次|这[趟回]|[上下]个?(?:月|周|星期|礼拜)|昨|前[天年]|去年|刚"
    r"|[住看做开动治查配买生花][了过]|开刀|手术|割|切除|搭桥|换[肾肝心肺]"
)
"""What tells that one is away from home, or was treated there."""
_STAYS_IN = re.compile(
    rf"(?:{_KIN}|[我他她]|厂子|老板|工地)们?(?:现在|一直|都|也|还)*在«(?:$|[，。])"
)
"""我哥在宜春: where somebody is."""
_AND = re.compile(r"(?:这边|那边)?(?:[和跟与同、]|还有|以及)")
_BACK = re.compile("回«")
_ANY_THERE = re.compile(r"«(?:那边|那里|这边)?(?:有吗|有没有|有[哪几])")
"""溧阳有吗, of hospitals or pharmacies: where care is, not the county of insurance."""
_ANYWHERE = re.compile(
    r"外[地省市](?:(?=的?(?:医保|社保|新?农合|参保人)(?!定点|局|政策|备案|报|怎|[^，。]{0,6}[转迁]))|(?=的，)|(?=人[^，。]{0,3}[来到]))"
)
"""An unnamed place of insurance, where a covered one comes after: 外地医保在无锡能用吗."""
_IS_ANYWHERE = re.compile(r"(?<=[医社]保[是在])外[地省市](?=的?(?:$|[，。交缴买]))")
"""One that the words say so clearly that the covered one may stand before."""
_UNNAMED = Place("您参保地", "")
_HOME_AGAIN = re.compile(
    rf"回(?:老家|家乡)[^，。]{{0,6}}(?:{_TREATED})|回[^，。]{{2,6}}老家[^。]{{0,16}}(?:{_TREATED}|医院|发病)"
)
"""回老家住院, 回湖北老家过年，半夜送医院: care is at the home that was named."""
_SENTENCE = re.compile("[。！？；]")
_REGISTERED_ANEW = re.compile(r"(?:备案|安置|登记|定点)[^。]*[换改变][成到为做]$")
"""备案到杭州的，怎么改成上海: care is to be there."""
_NO_PLACE = re.compile(
    r"(?:来)?的?(?:大|老|知名)?(?:专家|教授|名医|大夫|医疗队|厂家|牌)|[来产]的|边上|隔壁|交界"
)
"""After a name: 上海的专家来会诊 tells no place of care, nor does 宜春边上."""
_BACK_HERE = re.compile(
    r"(?![^，。]{0,4}[看治住做])[^，。]{0,4}?回(?:来|家|老家)?(?!(?:了|来|家|以?后|再|找|要)*(?:报|结|交))"
)
"""刚从上海回来，住院了: care is no longer there. 从上海回来报销 leaves that open."""
_NOT_WENT = re.compile(r"(?:没|没有|未|不)(?:去|到|转到?|转去|送)[过了]?$")
"""Before a name: 没去南昌 tells no place of care."""
_PAID_THERE = re.compile(r"发票|单[子据]|垫|全款|自费付|手工|零星|那[边里儿]")
_REACH = 16
"""Characters on each side of a name that tell its role."""


def read_places(text: str, gazetteer: Gazetteer, known: str | None = None) -> Places:
    """Read the places of a normalised message.

    Args:
        text: the message.
        gazetteer: all names of places.
        known: region where the conversation knows the patient to be insured. Without it, a place
            that is only lived in or treated in is taken for the place of insurance.
    """
    mentions = _joined(text, tuple(_mentions(text, _with_unnamed(text, gazetteer.find(text)))))
    candidates, elsewhere = _insured(mentions, known)
    insured = candidates[0].region if len({p.region for p in candidates}) == 1 else None
    compared = tuple(dict.fromkeys(p.region for p in candidates if p.region))
    county = next((p.county for p in candidates if p.county), None) if insured else None
    return Places(
        insured=insured,
        insured_elsewhere=elsewhere or None,
        county=county,
        care=_care(
            mentions,
            insured or known,
            county,
            elsewhere,
            home_again=bool(_HOME_AGAIN.search(text)),
        ),
        compared=compared if len(compared) > 1 else (),
        excluded=tuple(
            m.found.place.region
            for m in mentions
            if m.role is Role.EXCLUDED and m.found.place.region not in (None, insured)
        ),
        mentions=mentions,
    )


def _with_unnamed(text: str, found: Sequence[Found]) -> Sequence[Found]:
    """Add the unnamed place where a visitor to a covered one is insured."""
    covered = [place.start for place in found if place.place.region]
    match = _IS_ANYWHERE.search(text) or _ANYWHERE.search(text)
    if match is None or not covered:
        return found
    if match.re is _ANYWHERE and max(covered) < match.end():
        return found
    unnamed = Found(match.start(), match.end(), _UNNAMED)
    return sorted((*found, unnamed), key=lambda place: place.start)


def _mentions(text: str, found: Sequence[Found]) -> Iterator[Mention]:
    """The role that the words beside each name give it.

    Words reach no further than the names beside, and belong to one name: in 无锡的医保在常州能用吗
    the insurance is that of 无锡.
    """
    since = 0
    for i, here in enumerate(found):
        until = found[i + 1].start if i + 1 < len(found) else len(text)
        before = _SENTENCE.split(text[max(since, here.start - _REACH) : here.start])[-1]
        after = _SENTENCE.split(text[here.end : min(until, here.end + _REACH)])[0]
        words = f"{before}«{after}"
        role, taken = _role(words, here.place)
        if role is Role.BARE and here.place.county and _ANY_THERE.search(words):
            role = Role.CARE
        if role is Role.INSURED and _REGISTERED_ANEW.search(text[: here.start]):
            role = Role.CARE
        since = here.end + max(taken - len(before) - 1, 0)
        denied = here.place.region is None and _not_there(before, text[here.end :])
        if not (denied or _NO_PLACE.match(text, here.end)):
            yield Mention(here, role)


def _not_there(before: str, after: str) -> bool:
    """Whether the words beside an uncovered name say that one isn't there, or no longer."""
    left = before.endswith("从") and _BACK_HERE.match(after) and not _PAID_THERE.search(after)
    return bool(left or _NOT_WENT.search(before))


def _joined(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Let places that are named in one breath share the words that follow the last.

    常州和镇江的职工: one may be insured in either. 上海跟合肥能当场刷吗: either is one of care, and
    so is a place that was one of care before: 去上海换肾，上海这笔报多少.
    """
    joined: list[Mention] = []
    treated = {m.found.place.name for m in mentions if m.role is Role.CARE}
    for mention in reversed(mentions):
        after = joined[-1] if joined else None
        one_breath = after and _AND.fullmatch(text, mention.found.end, after.found.start)
        if mention.found.place.region:
            if after and one_breath and after.found.place.region:
                mention = replace(mention, role=max(mention.role, after.role))
        elif mention.role is Role.BARE and (
            mention.found.place.name in treated
            or (after and one_breath and after.role is Role.CARE)
        ):
            mention = replace(mention, role=Role.CARE)
        joined.append(mention)
    return tuple(reversed(joined))


def _role(words: str, place: Place) -> tuple[Role, int]:
    """The role, and the end of the words that say so."""
    covered = place.region is not None
    for role, pattern in _ROLES:
        if match := pattern.search(words):
            unsure = role is Role.BARE and not covered and "职工" not in match[0]
            return Role.RESIDENCE if unsure else role, match.end()
    if covered and (match := _BACK.search(words)):
        return Role.RETURNED_TO, match.end()
    asked = place.code and (_ITS_RULES.search(words) or not _ONLY_THERE.search(words))
    if not covered and not asked and (match := _CARE_ELSEWHERE.search(words)):
        return Role.CARE, match.end()
    if covered or place.partly or asked:
        return Role.BARE, 0
    return Role.RESIDENCE if _STAYS_IN.search(words) else Role.CARE, 0


# Which mentions tell the place of insurance, the surest first: role, and whether it is covered.
_SAID = (
    (Role.INSURED, True),
    (Role.INSURED, False),
    (Role.RETURNED_TO, True),
    (Role.BARE, True),
    (Role.NATIVE, True),
)
_GUESSED = (
    (Role.RESIDENCE, True),
    (Role.BARE, False),
    (Role.NATIVE, False),
    (Role.HOME, True),
    (Role.CARE, True),
    (Role.HOME, False),
)


def _insured(mentions: Sequence[Mention], known: str | None) -> tuple[tuple[Place, ...], str]:
    """The covered places that may be the place of insurance; else the uncovered one's name."""
    denied = {m.found.place.region for m in mentions if m.role is Role.EXCLUDED} - {None}
    for role, covered in _SAID if known else (*_SAID, *_GUESSED):
        if _open(role, covered, mentions) and not denied:
            continue
        places = [m.found.place for m in mentions if m.role is role]
        if role < Role.NATIVE:
            places = [place for place in places if place.region not in denied]
        found = tuple(p for p in places if bool(p.region) is covered and not p.partly)
        if found and not covered:
            return (), found[0].name
        if role is Role.NATIVE and covered and found and _settled_in(mentions):
            return (), ""
        # Two places of care or residence say nothing of which one is that of insurance.
        if found and (role >= Role.NATIVE or len({p.region for p in found}) == 1):
            return found, ""
    return (), ""


def _settled_in(mentions: Sequence[Mention]) -> bool:
    """Whether a covered place is lived in: 新余人在镇江打工 may be insured in either."""
    return any(m.role is Role.RESIDENCE and m.found.place.region for m in mentions)


def _open(role: Role, covered: bool, mentions: Sequence[Mention]) -> bool:
    """Whether a guess is too bold: one may be insured where one is from, lives or came to."""
    if role is Role.HOME:
        return not covered
    outside = {m.role for m in mentions if not m.found.place.region and not m.found.place.partly}
    return role is Role.CARE and not outside.isdisjoint((Role.HOME, Role.RESIDENCE))


def _care(
    mentions: Sequence[Mention],
    home: str | None,
    county: str | None,
    elsewhere: str,
    *,
    home_again: bool,
) -> tuple[str, ...]:
    """Names of the places of care that aren't the place of insurance.

    ``home_again`` where care is back at home, which is named elsewhere in the message.
    """
    explicit = any(m.role is Role.INSURED for m in mentions)
    treated = any(m.role is Role.CARE for m in mentions)
    names: dict[str, None] = {}
    for mention in mentions:
        place, role = mention.found.place, mention.role
        at_home = place.region is not None and place.region == home
        if place.name == elsewhere or (at_home and place.county == county):
            continue
        if at_home and place.county is None and role is not Role.CARE:
            continue
        # Where the place of insurance is said or known, a place just named is one of care.
        beside = explicit or (home is not None and place.region is None)
        # One who lives in one place and is treated in another is treated there only.
        lived_in = role is Role.RESIDENCE and (explicit or place.region is None) and not treated
        cared_for = role is Role.CARE or (role is Role.RETURNED_TO and explicit)
        cared_for = cared_for or (home_again and role in (Role.HOME, Role.NATIVE))
        if cared_for or ((lived_in or (role is Role.BARE and beside)) and not place.partly):
            names[place.name] = None
    return tuple(names)
