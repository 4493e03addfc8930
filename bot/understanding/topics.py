"""What a message asks for: the kind of answer, the kinds of figures, the benefit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


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


# In the order of how decisive the words are: "要带什么材料" is about materials, whatever else
# the sentence says; "吗" alone decides little.
_INTENTS: Sequence[tuple[Intent, str]] = (
    (Intent.CONTACT, r"电话|热线|联系方式|号码|地址|打哪|找谁|问谁|咨询"),
    (
        Intent.MATERIALS,
        r"(?:带|准备|提供|交|要|需要)(?:上|齐|好)?(?:些|哪些|什么|啥|哪几样).{0,2}(?:材料|资料|证件|东西|手续|单子)?"
        r"|材料|资料|证件|(?:带|拿)(?:什么|啥|哪些|些)",
    ),
    (
        Intent.DEADLINE,
        r"什么时候|啥时候|何时|截止|期限|时限|多久|几天|多长时间|来得及|过期|过了期|有效期|哪天|几号|最晚|最迟",
    ),
    (
        Intent.COMPARISON,
        r"区别|不同|差别|差多少|差在|比较|对比|相比|哪个.{0,4}(?:多|少|高|低|好|划算|合算)|哪种|一样吗|一样么|一样不|是不是一样",
    ),
    (Intent.LIST, r"有哪些|哪些|哪几|包括什么|都有什么|有什么|名单|目录|有几种|多少种|几种"),
    (
        Intent.FIGURE,
        r"多少|几成|百分之几|比例|额度|几个点|起付|门槛|封顶|限额|上限|最多|最高|报几|扣多|贵不贵",
    ),
    (Intent.PROCEDURE, r"怎么|如何|咋|流程|手续|步骤|办理|去哪|在哪|到哪|哪里|哪儿|怎样"),
    (
        Intent.MEMBERSHIP,
        r"能不能|可不可以|是不是|算不算|有没有|能否|可否|是否|行不行|要不要|需不需要|用不用|给不给|管不管|报不报"
        r"|[吗么嘛不没]$|[吗么嘛][，。？?]",
    ),
)
# Kinds of policy figures (those of `tools.settlement.Rule`) by the words that ask for them.
_KINDS: Sequence[tuple[tuple[str, ...], str]] = (
    (("bed_fee",), r"床位费?[^，。？]{0,8}(?:多少|几)?"),
    (("deductible", "threshold"), r"起付|门槛|起步费|起始费|免赔|起步价|起步线"),
    (("cap",), r"(?:最高|最多|顶多)[^，。？]{0,8}(?:多少|几)|最高|最多|封顶|上限|限额|额度|不设限"),
    (("pay_first",), r"先(?:自己|由?个人)?(?:自?付|掏|出)[^，。？]{0,4}(?:多少|几)?"),
    (
        ("rate", "quota"),
        r"比例|几成|百分之|几个点|报(?:销)?(?:得|的|到|个)?(?:多少|几|多|少|高|低)"
        r"|(?:自己|个人)?(?:自付|自负|付|出|掏|承担|负担)(?:多少|几|比例)"
        r"|医保.{0,4}(?:付|出|给|报)(?:多少|几)|补(?:贴|助|偿)?多少|定额|给多少|怎么报$",
    ),
)
_PAYS = re.compile(r"报|自付|自己|个人|掏|付|算|花|多少|补|剩|退|到手")
_PARTICLES = re.compile(
    r"那么?|如果|要是|换成|改成|换做|若是|假如|的话|呢|吗|么|嘛|呀|啊|吧|了|的|是|我们|我|你们|你|您|他|她|它|咱|们"
    r"|这个|那个|这|不对|不是|说错|搞错|弄错|应该|请问|想问|问一下|一下|麻烦|谢谢|好|嗯|哦|对|和|跟|与|有|在|要|会"
    r"|能|可以|可不|就|都|还|也|又|再|呗|哈|哎|诶|帮|算|看|说|讲|知道|想|问|总共|一共|大概|左右|花|费用?|元|块钱?"
    r"|医院|医保|人员|职工|居民|人|爸|妈|父亲|母亲|爷爷|奶奶|老伴|老婆|老公|孩子|儿子|女儿|情况|报销?|多少|得|到|去|上"
    r"|没|不|自己|付|钱|今年|一年|年|市|里|之前|以前|已经|次|住|个|后|前|时候?"
)
_PUNCTUATION = re.compile(r"[\s，。？！、：；,.?!:;~…“”\"'（）()【】《》\-—]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """What one message asks; empty fields mean that it doesn't say."""

    intent: Intent | None
    kinds: tuple[str, ...]
    benefit: str | None
    residue: str
    """What remains when everything understood and every particle is taken away: content that
    makes the message a question of its own rather than a follow-up."""


def read_topic(
    text: str,
    benefits: Mapping[str, Sequence[str]],
    understood: Iterable[tuple[int, int]],
    *,
    has_amount: bool,
) -> Topic:
    """Read what a normalised message asks for.

    Args:
        text: the message.
        benefits: names that patients use, by the scheme's benefit.
        understood: spans of facts, places and amounts found already.
        has_amount: the message states an amount of money.
    """
    intent = next((i for i, cue in _INTENTS if re.search(cue, text)), None)
    kinds = _kinds(text)
    if has_amount and (
        intent is None
        or (intent in (Intent.FIGURE, Intent.PROCEDURE, Intent.MEMBERSHIP) and _PAYS.search(text))
    ):
        intent = Intent.ESTIMATE
    return Topic(intent, kinds, find_benefit(text, benefits), _residue(text, understood))


def _kinds(text: str) -> tuple[str, ...]:
    """Return the kinds of figures asked for; words taken by one kind ask for no other."""
    found: list[str] = []
    for names, cue in _KINDS:
        rest = re.sub(cue, " ", text)
        if rest != text:
            found += names
        text = rest
    return tuple(found)


def find_benefit(text: str, benefits: Mapping[str, Sequence[str]]) -> str | None:
    """Return the benefit whose longest name stands in the text."""
    found = [
        (len(name), -index, benefit)
        for index, (benefit, names) in enumerate(benefits.items())
        for name in names
        if name in text
    ]
    return max(found)[2] if found else None


def _residue(text: str, understood: Iterable[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in understood:
        chars[start:end] = " " * (end - start)
    rest = "".join(chars)
    for _, cue in (*_INTENTS, *_KINDS):
        rest = re.sub(cue, " ", rest)
    return _PUNCTUATION.sub("", _PARTICLES.sub("", rest))
