"""How a text tells a listed name: in full, misspelt, abbreviated, or by a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

import rjieba

from bot.understanding.typos import sounds_like

SHORTEST = 3
SHARE = 0.6
"""So much of a name at least is enough to mean it."""
_ABBREVIATED = (2, 4)
"""Characters of an abbreviation: 再障, 慢阻肺."""
NAMING = ("n", "a", "b", "j", "g", "z", "vn", "vg", "x")
"""jieba's tags of words that a name is made of; an action (移植) where lists hold it."""
_GRAMMAR = "duyrpcm"
"""jieba's tags of words that no abbreviation has: 慢不 of "能办门慢不" is none."""
_LONG = re.compile(r"老|慢|常年|长年|年了")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, and jieba's tag of what it is."""

    start: int
    text: str
    tag: str

    @property
    def end(self) -> int:
        """Where the next word begins."""
        return self.start + len(self.text)


def tells(name: str, text: str) -> bool:
    """Whether a normalised text tells a name of a clause, in full or as it is abbreviated: 再障."""
    return where(name, text) >= 0 or abbreviated(name, words_of(text))


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, in order."""
    words: list[Word] = []
    for word, tag in rjieba.tag(text, hmm=False):
        words.append(Word(words[-1].end if words else 0, word, tag))
    return tuple(words)


def where(name: str, text: str) -> int:
    """Where the text holds a name, misspelt perhaps; -1 where it doesn't."""
    at, size = text.find(name), len(name)
    if at >= 0 or size < SHORTEST or 2 * sum(char in text for char in name) <= size:
        return at
    windows = (i for i in range(len(text) - size + 1) if sounds_like(text[i : i + size], name))
    return next(windows, -1)


def abbreviated(name: str, words: tuple[Word, ...], plain: Set[str] | None = None) -> bool:
    """Whether neighbouring words are the first characters of those of a name, as 慢阻肺.

    An abbreviation that is none of the documents' ``plain`` words may end in 病, as 冠心病.
    """
    at = _beginnings(name)
    head = name.partition("（")[0]
    shortest, longest = _ABBREVIATED
    for i in range(len(words)):
        for n in range(1, longest + 1):
            said = "".join(word.text for word in words[i : i + n])
            if words[i : i + n][-1].tag[:1] in _GRAMMAR:
                break
            if (
                shortest <= len(said) <= longest
                and said[0] == name[0]
                and _in_order(said, name, at | _ending(head, said, plain))
            ):
                return True
    return False


def chronic(name: str, text: str, words: tuple[Word, ...]) -> bool:
    """Whether a disease of long standing is told by its last word: 老哮喘 is 慢性支气管哮喘."""
    if not name.startswith("慢性") or not _LONG.search(text):
        return False
    before = (None, *words)
    return any(
        len(word.text) > 1
        and name.endswith(word.text)
        and "性" not in name[2 : -len(word.text)]
        and (other is None or _is_apart(other))
        for other, word in zip(before, words, strict=False)
    )


def _is_apart(word: Word) -> bool:
    """Whether a word before a name is no part of it, as 肾 of 肾衰竭 is."""
    named = word.text.isalnum() and word.tag.startswith(NAMING)
    return not named or word.text in ("老", "慢性")


def _beginnings(name: str) -> frozenset[int]:
    """Where the words of a name begin, those within longer words too."""
    found = {name.find(word) for word in rjieba.cut_for_search(name, hmm=False)}
    return frozenset(found)


def _ending(name: str, said: str, plain: Set[str] | None) -> frozenset[int]:
    """Where 病 ends a name that 冠心病 abbreviates, and 慢病 or 慢性病 don't."""
    ends = name.endswith("病") and len(said) >= SHORTEST
    own = plain is not None and said not in plain
    return frozenset({len(name) - 1}) if ends and own else frozenset()


def _in_order(said: str, name: str, at: frozenset[int]) -> bool:
    since = 0
    for char in said:
        since = next((i for i in sorted(at) if i >= since and name[i] == char), -1) + 1
        if not since:
            return False
    return True


def shared_parts(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Parts of a name that the text holds and that are enough to mean it, the longest first.

    How a name begins is how people call it: 帕金森 for 帕金森氏综合症.
    """
    enough = max(SHORTEST, int(len(name) * SHARE + 0.5))
    for length in range(len(name) - 1, SHORTEST - 1, -1):
        last = len(name) - length if length >= enough else 0
        for start in range(last + 1):
            if where(name[start : start + length], text) >= 0:
                yield start, start + length
