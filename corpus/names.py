"""Names that a source document lists: forms, institutions, addresses, diseases, materials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SINGLE = (
    re.compile(r"《(?P<name>[^《》\n]+)》"),
    re.compile(r"地址：(?P<name>[^，；。\n]+)"),
)
_ROWS = (
    re.compile(r"^\s*(?P<number>\d{1,3})[.、．](?P<name>[^，\n]+)，地址", re.MULTILINE),
    re.compile(r"^(?P<number>\d{1,3})\t(?P<name>[^\t\n]+)", re.MULTILINE),
)
_NUMBERING = re.compile(r"[(（]\d{1,2}[)）]|[①-⑳⑴-⒇]")
_BRACKETS = re.compile(r"[(（][^()（）\n]*[)）]")
_ITEM = re.compile(r"[^、；;，,：:。等\n\t]+")
_SENTENCE_WORDS = re.compile(
    r"[的了应须请由不可将被如则先已未其或是以于凭需仅持按为及与在到从即时毕]"
    r"|提供|根据|办理|出示|携带|实行|执行|包括|存在|\d"
)
_SENTENCE_MARKS = re.compile(r"[：:。等\n\t]")
_LONGEST, _SHORTEST_LIST = 16, 3


@dataclass(frozen=True, slots=True)
class Name:
    """One listed name and its offset in the text."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class NameList:
    """Names that the text lists together; a form or an address is a list of one."""

    names: tuple[Name, ...]
    rows: bool = False
    """Rows of a numbered table, one institution each."""


def letters(text: str) -> str:
    """A text without punctuation, blanks and 的, for comparing names."""
    return "".join(c for c in text if c.isalnum() and c != "的")


def without_brackets(text: str) -> str:
    """A text without what stands in brackets: names are often restated with it or without."""
    return _BRACKETS.sub("", text)


def name_lists(text: str) -> Iterator[NameList]:
    """Every list of names of a text.

    These are names in 《》 and addresses; numbered tables of institutions; and lists in sentences:
    at least three name-like pieces in a row (short, no sentence word), parted by 、；，.
    """
    for pattern in _SINGLE:
        for match in pattern.finditer(text):
            yield NameList((Name(match["name"].strip(), match.start("name")),))
    for pattern in _ROWS:
        yield from _tables(pattern, text)
    yield from _lists(text)


def _tables(pattern: re.Pattern[str], text: str) -> Iterator[NameList]:
    """Numbered rows; a table ends where the numbers start again."""
    part: list[Name] = []
    last = 0
    for match in pattern.finditer(text):
        if int(match["number"]) <= last:
            if len(part) >= _SHORTEST_LIST:
                yield NameList(tuple(part), rows=True)
            part = []
        part.append(Name(match["name"].strip(), match.start("name")))
        last = int(match["number"])
    if len(part) >= _SHORTEST_LIST:
        yield NameList(tuple(part), rows=True)


def _lists(text: str) -> Iterator[NameList]:
    blanked = _BRACKETS.sub(_blank, _NUMBERING.sub(_blank, text))
    part: list[Name] = []
    end = 0
    for match in _ITEM.finditer(blanked):
        if not _name_like(match[0]) or _SENTENCE_MARKS.search(blanked, end, match.start()):
            if len(part) >= _SHORTEST_LIST:
                yield NameList(tuple(part))
            part = []
        if _name_like(match[0]):
            part.append(Name(match[0].strip(), match.start()))
        end = match.end()
    if len(part) >= _SHORTEST_LIST:
        yield NameList(tuple(part))


def _name_like(piece: str) -> bool:
    return 2 <= len(letters(piece)) <= _LONGEST and not _SENTENCE_WORDS.search(piece)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
