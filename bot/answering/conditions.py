"""What a clause makes a condition and a message denies: months in a row, a register, a check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bot.answering.naming import INSURANCES
from bot.understanding.numerals import NUMERAL, integer
from corpus.blocks import blocks
from corpus.documents import Clause

_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 360}
_SPAN = rf"(?P<number>半|{NUMERAL})个?(?P<unit>天|日|周(?!岁)|星期|礼拜|月|年)(?P<half>半)?"
_AT_LEAST = re.compile(rf"(?:连续|满|时间在?)[^，。；\d]{{0,8}}?{_SPAN}以上")
_ONLY = re.compile(rf"(?:才|刚刚?|只|总共)(?!有?要)[^，。？\d]{{0,5}}?{_SPAN}")
_LIVES = re.compile(r"居住|住(?!院)|搬|陪读|在外")
_FOR_NOW = (
    re.compile(
        rf"(?:去|到|准备|打算)[^，。？了过回]{{0,8}}(?:住|待|呆|过|陪|带)[^，。？了]{{0,4}}?{_SPAN}"
        r"(?!大|内|之|以上|[^，。？]{0,2}院)"
    ),
    re.compile(rf"{_SPAN}(?:左右)?(?:就|后|以后|再)+(?:回|走)"),
    re.compile(rf"^(?!.*(?:报|急|住院|[摔病]))(?:.*[，。])?[^，。]*(?:玩|旅游|旅行|出差){_SPAN}"),
)
"""去海南住四个月就回来: a stay elsewhere of a length that is settled beforehand."""
_SETTLED = re.compile(rf"{_LIVES.pattern}|[念读]书|上学|上班|打工|工作|带孙|[看带](?:娃|孩)|养老")
_STAY = re.compile(r"(?:才|刚刚?|只)?住[^，。]{0,8}院")
_IN_A_ROW = re.compile(r"连续参保|连续缴费|没有中断|未中断")
_BROKEN = re.compile(
    r"断[缴交保]|停保|漏[缴交]|中间(?:断|空|停)"
    r"|(?:医保|社保|保险|参保|[缴交])[^。？]{0,12}?(?:(?<![没未有])[断停][过了]|中断)"
)
_UNBROKEN = re.compile(r"(?:没有?|未|不曾)(?:断|停|漏|中断)")
_REGISTER = re.compile(r"[要须需得]有(?P<place>[^，。；有]{2}[^，。；有]{0,6}?)户籍")
_REGISTERED = re.compile(r"户[口籍]本?(?:还|都)?(?:是|在|落在|留在)(?P<place>[^，。？]{2,8})")
_NOT_HERE = re.compile(r"户[口籍](?:不在|没迁|没有?转)|外地户[口籍]")
_CHECKED = r"(?:审批|审核|批准|核准|认定|鉴定|评估)"
_CHECK = re.compile(rf"[经由须先凭](?P<by>[^，。；、]{{0,16}}{_CHECKED})")
_UNCHECKED = re.compile(
    rf"[没未](?:有|经过?|让|找|去|给|做)?[^，。？、]{{0,6}}(?P<check>{_CHECKED})"
)
_BY_EMPLOYER = re.compile(
    r"(?:单位|公司|厂里?|企业|老板|学校|机关)[^，。？没不]{0,6}[交缴买参][^，。？]{0,6}(?:医保|社保|保险|的)"
)
_BY_ONESELF = re.compile(r"灵活就业|自己[交缴买参]|自由职业|个体户")
_SELF_PAYING = re.compile(r"以灵活就业身份")

_ONE_IS_ENOUGH = re.compile(r"[下其][面中之]一条|符合一条|之一")


Denial = Callable[[str], bool]
"""Whether a sentence makes a condition of what a message denies."""


def unmet(
    message: str, insurance: str | None, clauses: Iterable[Clause]
) -> tuple[Clause, str] | None:
    """Return the first clause with a condition that a normalised message denies; its sentence.

    No condition is one of several of which one is enough, or what only the other scheme asks.
    The clauses come best first, and are not looked at where the message denies nothing.
    """
    told = (_gap(message), _short(message), _elsewhere(message), _employed(message))
    denials = [denial for denial in told if denial]
    unchecked = _unchecked(message)
    if not denials and not unchecked:
        return None
    for n, clause in enumerate(clauses):
        if n == 0 and unchecked and not _UNCHECKED.search(clause.text):
            denials.append(unchecked)  # Else the best clause speaks of just that case.
        if condition := _denied(clause, insurance, denials):
            return clause, condition
    return None


def stays_briefly(message: str) -> bool:
    """Whether a message tells how short a time one is elsewhere."""
    return _short(message) is not None


def for_others(
    message: str, insurance: str | None, clauses: Iterable[Clause]
) -> tuple[Clause, str] | None:
    """Return the first clause that is for others than who a message tells the patient to be."""
    denial = _employed(message)
    if denial is None:
        return None
    found = ((clause, _denied(clause, insurance, (denial,))) for clause in clauses)
    return next(((clause, condition) for clause, condition in found if condition), None)


def _denied(clause: Clause, insurance: str | None, denials: Sequence[Denial]) -> str:
    """Return the sentence of a clause with a condition that is denied; empty where none is."""
    others = [name for id_, name in INSURANCES.items() if id_ != insurance]
    one_is_enough = _ONE_IS_ENOUGH.search(clause.text)
    for block in blocks(clause.text):
        if block.kind != "sentence" and one_is_enough:
            continue
        parts = block.text.replace(" ", "").split("；")
        own = "；".join(part for part in parts if not any(name in part for name in others))
        if any(denies(own) for denies in denials):
            return block.text
    return ""


def _gap(message: str) -> Denial | None:
    """Contributions were broken off, where they have to be paid in a row."""
    if not _BROKEN.search(_UNBROKEN.sub("", message)):
        return None
    return lambda sentence: bool(_IN_A_ROW.search(sentence))


def _short(message: str) -> Denial | None:
    """One has lived elsewhere for less than the time that it takes."""
    message = _STAY.sub("", message)
    for_now = next(filter(None, (said.search(message) for said in _FOR_NOW)), None)
    if for_now:
        return _lives_less(_days(for_now))
    told = _ONLY.search(message)
    if not told or not _SETTLED.search(message[max(told.start() - 10, 0) : told.end() + 4]):
        return None
    return _lives_less(_days(told))


def _lives_less(days: float) -> Denial:
    """A time elsewhere of so many days, where a longer one is needed."""

    def denies(sentence: str) -> bool:
        needed = _AT_LEAST.search(sentence)
        return bool(needed and _LIVES.search(sentence) and days < _days(needed))

    return denies


def _days(span: re.Match[str]) -> float:
    number = 0.5 if span["number"] == "半" else integer(span["number"])
    return (number + (0.5 if span["half"] else 0)) * _DAYS[span["unit"]]


def _elsewhere(message: str) -> Denial | None:
    """One is registered in another place than the one that it takes."""
    told = _REGISTERED.search(message)
    if not told and not _NOT_HERE.search(message):
        return None

    def denies(sentence: str) -> bool:
        needed = _REGISTER.search(sentence)
        return needed is not None and not (told and needed["place"][:2] in told["place"])

    return denies


def _employed(message: str) -> Denial | None:
    """The employer pays, where it is for those who pay for themselves."""
    if not _BY_EMPLOYER.search(message) or _BY_ONESELF.search(message):
        return None
    return lambda sentence: bool(_SELF_PAYING.search(sentence))


def _unchecked(message: str) -> Denial | None:
    """What has to be examined first was not; both call it by the same word.

    A sentence about what was not examined tells a consequence, and no condition.
    """
    told = _UNCHECKED.search(message)
    if told is None:
        return None
    denied = told["check"]

    def denies(sentence: str) -> bool:
        needed = any(denied in check["by"] for check in _CHECK.finditer(sentence))
        return needed and not _UNCHECKED.search(sentence)

    return denies
