"""Diseases that lists tell apart by stage or complications: 高血压Ⅲ期, 糖尿病（没有合并症）."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

_NUMERALS = {"ⅰ": 1, "ⅱ": 2, "ⅲ": 3, "i": 1, "ii": 2, "iii": 3, "一": 1, "二": 2, "三": 3}
_STAGE = re.compile(
    r"(?P<short>(?:[没未]|不)[^，。期]{0,4})?(?<![i\d一二三四五六七八九十])"
    r"(?P<stage>[ⅠⅡⅢ]|i{1,3}|[一二三123])期(?!间)(?P<below>以下|之前|没到|不到)?",
    re.IGNORECASE,
)
_COMPLICATION = re.compile(
    r"(?P<without>(?:没有?|无|未|不[带伴算])[^，。；有]{0,6})?(?:合并症|并发症)"
)
_WHETHER = re.compile(r"(?:有没有|有无|是不是|是否有?)[^，。]{0,3}$")
_BOTH = re.compile(
    r"(?:[跟和与同比]|还是)[^，。]{0,6}$|一个[^，。]{0,4}$|[，。](?:我?[爸妈哥姐弟妹]|[他她])[^，。]{0,6}$"
)
"""Two grades are set against each other: 有并发症的跟没并发症的, 我是三期，他没到三期."""
_OR_NONE = re.compile(r"的?[，跟和与同比、]*(?:另?一个)?没有?(?:的|(?=$|[，。报差哪]))")
"""有并发症跟没有的."""
_FAMILY = re.compile(r"(?P<disease>\w{2,}?)(?:（|[ⅠⅡⅢ]期|合并症)")


@dataclass(frozen=True, slots=True)
class Grade:
    """How far a disease has gone; None: not said."""

    stages: frozenset[int] | None = None
    complicated: bool | None = None

    def __bool__(self) -> bool:
        return self.stages is not None or self.complicated is not None

    def fits(self, said: Grade) -> bool:
        """Whether this grade of a list may be the one that is said."""
        if self.stages and said.stages:
            return said.stages <= self.stages
        return None in (self.complicated, said.complicated) or self.complicated is said.complicated


def read_grade(text: str) -> Grade:
    """The stage and the complications that a text tells; of several the last.

    What is compared, 有并发症的跟没有并发症的, is left open.
    """
    stages: frozenset[int] | None = None
    for match in _STAGE.finditer(text):
        stage = _NUMERALS.get(match["stage"].lower()) or int(match["stage"])
        below = match["below"] or match["short"]
        found = frozenset(range(1, stage)) if below else frozenset({stage})
        stages = None if stages and _BOTH.search(text[: match.start()]) else found
    complicated: bool | None = None
    for match in _COMPLICATION.finditer(text):
        if not _WHETHER.search(text[: match.end() - 3]):
            without = match["without"] is not None
            compared = complicated is without and _BOTH.search(text[: match.start()])
            compared = compared or (not without and _OR_NONE.match(text, match.end()))
            complicated = None if compared else not without
    return Grade(stages, complicated)


def choose_grade(text: str, found: Set[str], every: Iterable[str]) -> Set[str]:
    """Of a disease that is listed in grades take those that the text tells; telling none, all.

    Args:
        text: a normalised message.
        found: the listed names found in it.
        every: all names that the place lists.
    """
    families: dict[str, set[str]] = {}
    for name in every:
        if match := _FAMILY.match(name):
            families.setdefault(match["disease"], set()).add(name)
    said = read_grade(text)
    for family in families.values():
        if not family.isdisjoint(found):
            fitting = {name for name in family if _listed_grade(name).fits(said)}
            found = (found - family) | fitting
    return found


def only_grade(part: str, name: str) -> bool:
    """Whether a part of a listed name tells its grade but not the disease: 没有合并症."""
    match = _FAMILY.match(name)
    return bool(match and match["disease"] not in part and read_grade(part))


def _listed_grade(name: str) -> Grade:
    """The grade of a name on a list: Ⅲ期以下 is below it, Ⅱ期、Ⅲ期 are both."""
    head = name.partition("（")[0]
    told = head if _STAGE.search(head) else name
    stages = [read_grade(match[0]).stages or frozenset() for match in _STAGE.finditer(told)]
    return Grade(frozenset().union(*stages) or None, read_grade(name).complicated)
