"""Another disease, procedure or drug told instead: 换成肺炎呢, 不是换肾，是胆结石手术."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.lists import Lists
from bot.understanding.topics import is_filler

OF_ITEM = frozenset({"special_procedure", "special_treatment", "disease_class", "drug_group"})
"""Facts that follow from which disease, procedure or drug it is."""

_DONE = r"(?:做|得|看|治|开|割|切|生|患|查|打|吃|用|换)(?:出来)?"
_FRAME = re.compile(
    rf"(?P<plainly>(?:换|改)[成做为](?:是|{_DONE})?|{_DONE}的?(?:其实|应该|就|实际)*是"
    rf"|(?:要是|如果|假如|若是|万一)[我他她]?(?:{_DONE})(?:的|了)?(?:是|个)?|不是[^，。]{{2,10}}，?(?:而|其实|应该)?是)"
    r"|(?:要是|如果|假如|若是|万一|那)(?:[我他她])?(?:是)?"
    rf"|(?P<done>(?:^|[，。]){_DONE}[的了个]?)|(?P<alone>^)"
)
_NAME = re.compile(r"[^，。？！的了呢吗\d]{2,12}")
_NAMED_NO_MORE = re.compile(r"不是|[花用共总报要付掏]|大概|差不多")
_DISEASE = re.compile(r"[病症瘤癌炎]$")
_SHORTEST = 2
_POINTS = re.compile(r"[这那该]")
"""这个检查 is what was spoken of."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names instead."""

    name: str
    plainly: bool
    """It is said to be another, as in 换成; "要是感冒" may open a question of its own."""


def named_instead(
    text: str, question: str, understood: Sequence[tuple[int, int]], lists: Lists, *, another: bool
) -> Named | None:
    """Return the disease, procedure or drug that a normalised message tells instead.

    Args:
        text: the message.
        question: what the conversation was about, whose names are no others.
        understood: spans of the message that say something else: facts, places, amounts.
        lists: what is a name.
        another: another person than before is spoken of, of whom 做胆囊 is told anew.
    """
    if not question:
        return None
    shown = list(text)
    for start, end in understood:
        shown[start:end] = "，" * (end - start)
    rest = "".join(shown)
    for frame in _FRAME.finditer(rest):
        said = _NAME.match(rest, frame.end())
        name = _NAMED_NO_MORE.split(said[0])[0] if said else ""
        if len(name) < _SHORTEST or name in question or _POINTS.match(name) or is_filler(name):
            continue
        if (
            said
            and frame["alone"] is not None
            and rest[said.end() : said.end() + 1] not in ("", "呢")
        ):
            continue
        if frame["done"] is not None and not another:
            continue
        plainly = frame["plainly"] is not None or bool(_DISEASE.search(name))
        if plainly or lists.names(name):
            return Named(name, plainly)
    return None
