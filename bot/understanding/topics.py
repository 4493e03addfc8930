"""What a message asks for: the kind of answer, the kinds of figures, the benefit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.understanding.cases import asks_sum
from bot.understanding.cues import cues, first_said


class Intent(StrEnum):
    """The form of answer that a question wants."""

    CONTACT = "contact"
    MATERIALS = "materials"
    DEADLINE = "deadline"
    COMPARISON = "comparison"
    FIGURE = "figure"
    LIST = "list"
    PROCEDURE = "procedure"
    MEMBERSHIP = "membership"
    ESTIMATE = "estimate"
    OTHER = "other"


_OF_BILLS = (Intent.FIGURE, Intent.PROCEDURE, Intent.MEMBERSHIP, Intent.LIST, Intent.OTHER)
_OF_POLICY = {"deductible", "threshold", "cap", "bed_fee", "pay_first"}
_IN_HOSPITAL = re.compile(
    r"出院(?!小结|记录|结算)"
    r"|(?<![保记稳忍扛撑止])住(?:了|过|在|进|到)?[^，。？住]{0,8}?医?院"
    r"|(?<![送拉抬])进[去到一二两三四五六七八九次趟回]*医院(?=[^，。]{0,5}(?:打|做|动|开刀|化疗|放疗|手术|吊|挂水|躺))"
    r"|住[的了在进个]*是?[一二三123][级甲]|院[^，。]{0,3}住(?:的|了|着|下|过)"
)
_STAYS = re.compile(
    r"[住躺](?:了|过|上)?(?:[一二两三四五六七八九十半几\d]+|俩)个?多?(?:天|日|晚|礼拜|星期|月|次|回|趟)"
    r"|开[了的过]?刀|床位|(?:割|切除?|摘除?)[了掉个]?(?=[^，。]{1,6}(?:花|[，。]|$|二级|三级|一级))|(?:动|做)了?[^，。]{0,4}手术|[进抬送][了过到去在]{0,2}[^，。住]{0,12}(?:医院|卫生院)"
    r"|(?<!居)住完|进去(?=[^，。]{0,3}(?:化疗|放疗|开刀|治|住|躺|[一二两三四五六七八九]?[次回趟]))|(?:进|入)了?院(?![前手单登])"
    r"|院[^，。]{4,5}住(?:的|了|着|下)|(?<![租居])住的(?=[，。]|$)"
)
_PAYS = re.compile(r"报|自付|自己|个人|掏|付|(?<!不)算(?![进不了])|花|多少|补|剩|退|到手")
_WHERE_TO = re.compile(r"(?:交|送|拿|寄|去|到|找)[到去给]?(?:哪|谁)|在哪")
"""Where a bill is to be handed in is asked, not what it comes to."""
_COUNTS = re.compile(r"(?:算|凑|计|并|归|列|纳|放)[得不]*[进到入][^，。？]{0,8}(?:里|去|大病|统筹)")
"""Whether what was paid counts towards another benefit is asked, not what that comes to."""
_DENIED = r"(?:(?<!是)不是|(?<!算)不算|并非|(?<!住)[没不](?:有|用|去|想|需|必)*(?=住))"
_HAS_NONE = (
    r"(?:(?<!有)没[有得]?|不)(?:什么)?(?:享受|参加|[参交缴买办入领])*(?:过|到)?"
    r"(?![^，。]{0,8}病[，。）的])"
)
"""没有公务员补助, said of oneself and not asked: it isn't what the question is about."""
_PARTICLES = re.compile(
    r"那么?|如果|要是|换成|改成|换做|若是|假如|的话|呢|吗|么|嘛|呀|啊|吧|了|的|是|我们|我|你们|你|您|他|她|它|咱|们"
    r"|这个|那个|这|不对|不是|说错|搞错|弄错|应该|请问|想问|问一下|一下|麻烦|谢谢|好|嗯|哦|对|和|跟|与|有|在|要|会"
    r"|能|可以|可不|就|都|还|也|又|再|呗|哈|哎|诶|帮|算|看|说|讲|知道|想|问|总共|一共|大概|左右|花|费用?|元|块钱?"
    r"|医院|医保|人员|职工|居民|人|爸|妈|父亲|母亲|爷爷|奶奶|老伴|老婆|老公|孩子|儿子|女儿|情况|报销?|多少|得|到|去|上"
    r"|没|不|自己|付|交|缴|钱|今年|再|往上|往下|以上|以下|上面|[看记写算]错|看|先|继续|另外|办|打电话|本地|一年|年|市|里|之前|以前|已经|次|住|个|后|前|时候?"
)
_PUNCTUATION = re.compile(r"[\s，。？！、：；,.?!:;~…“”\"'（）()【】《》\-—]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """What one message asks; empty fields mean that it doesn't say."""

    intent: Intent | None
    kinds: tuple[str, ...]
    benefits: tuple[str, ...]
    """Those named, the most telling name first."""
    implied: bool
    """The intent is only that amounts are told, not said in words."""
    residue: str
    """What remains when everything understood and every particle is taken away: content that
    makes the message a question of its own rather than a follow-up."""


def read_topic(
    text: str,
    benefits: Mapping[str, Sequence[str]],
    understood: Iterable[tuple[int, int]],
    *,
    has_amount: bool,
    gives_facts: bool,
    may_stay: bool,
) -> Topic:
    """Read what a normalised message asks for.

    Args:
        text: the message.
        benefits: names that patients use, by the scheme's benefit.
        understood: spans of facts, places and amounts found already.
        has_amount: the message states what a bill comes to.
        gives_facts: it states other amounts, so that "起付线800" asks for nothing.
        may_stay: an amount, or levels compared, may be of a stay in hospital, where nothing else
            is named.
    """
    intent = intent_of(text)
    kinds = _kinds(text)
    implied = intent is None and has_amount
    paid = intent in _OF_BILLS and _PAYS.search(text) and not _WHERE_TO.search(text)
    paid = paid and not (intent is Intent.MEMBERSHIP and _COUNTS.search(text))
    if implied or (has_amount and (paid or asks_sum(text))):
        intent = Intent.ESTIMATE
    if (intent is None and kinds and not gives_facts) or (
        # "帮我算算起付线" wants a figure of the policy.
        intent is Intent.ESTIMATE and not has_amount and _OF_POLICY & set(kinds)
    ):
        intent = Intent.FIGURE
    if not any("门诊" in name for names in benefits.values() for name in names):
        # Where no benefit is of outpatients, such care is settled as a stay is.
        text = text.replace("门诊大病", "住院")
    named = find_benefits(with_stays_named(text), benefits)
    if may_stay and not named:
        named = find_benefits(_STAYS.sub("住院", text), benefits)
    spans = (*understood, *named.values())
    return Topic(intent, kinds, tuple(named), implied, _residue(text, spans))


def with_stays_named(text: str) -> str:
    """A text with 住院 for what says so in other words: 住在三级医院, 进医院打化疗."""
    return _IN_HOSPITAL.sub("住院", text)


def intent_of(text: str) -> Intent | None:
    """What a text asks for, by its words alone; None where it asks for nothing."""
    intent = first_said(text, "intent")
    return None if intent is None else Intent(intent)


def is_filler(word: str) -> bool:
    """Whether a word says nothing of what a question is about."""
    return not _PARTICLES.sub("", word)


def _kinds(text: str) -> tuple[str, ...]:
    """Return the kinds of figures asked for; words taken by one kind ask for no other."""
    found: list[str] = []
    for names, cue in cues("kinds"):
        rest = cue.sub(" ", text)
        if rest != text:
            found += names.split()
        text = rest
    return tuple(found)


def find_benefits(text: str, benefits: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Return the benefits that the text names and where, the longest name first.

    A longer name takes its words: 门诊特殊病 is no 门诊. 救助基金 is what pays, and 不是慢病 none.
    """
    names = sorted(
        ((name, benefit) for benefit, known in benefits.items() for name in known),
        key=lambda item: -len(item[0]),
    )
    found: dict[str, tuple[int, int]] = {}
    for name, benefit in names:
        none = f"{_HAS_NONE}{name}(?:待遇|资格)?(?=[，。）的])"
        text = re.sub(f"{_DENIED}{name}(?![吗么])|{name}基金|{none}", _blank, text)
        start = text.find(name)
        if start >= 0 and benefit not in found:
            found[benefit] = (start, start + len(name))
            text = text.replace(name, "\0" * len(name))
    return found


def _blank(said: re.Match[str]) -> str:
    return "\0" * len(said[0])


def _residue(text: str, understood: Iterable[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in understood:
        chars[start:end] = " " * (end - start)
    rest = "".join(chars)
    for name, cue in (*cues("intent"), *cues("kinds")):
        rest = cue.sub(" ", rest) if name else rest
    return _PUNCTUATION.sub("", _PARTICLES.sub("", rest))
