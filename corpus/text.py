"""Text as the index sees it: one script, one width, words."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator

import opencc
import rjieba

_HAN = r"㐀-鿿"
_IS_HAN = re.compile(f"[{_HAN}]")
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:[.:/-][^\W_{_HAN}]+)*")
# jieba's tags of words that carry no subject: particles, pronouns, conjunctions, prepositions,
# adverbs, interjections, modal words. Rare in documents, they would weigh like rare terms.
_FUNCTION_TAGS = ("u", "r", "c", "p", "d", "e", "y", "o")


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Simplified characters, half-width forms, lower case, single spaces."""
    text = unicodedata.normalize("NFKC", text)
    if _IS_HAN.search(text):
        text = _simplifier().convert(text)
    return " ".join(text.lower().split())


def words(text: str) -> list[str]:
    """Words of a text for the lexical index, as often as they occur.

    Dictionary words and the pairs of neighbouring characters, so that a term the dictionary lacks
    (起付线, a hospital's short name) is found all the same.
    """
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if _IS_HAN.match(run):
            found += [word for word in rjieba.cut_for_search(run, hmm=False) if len(word) > 1]
        found += _pairs(run)
    return found


@functools.lru_cache(maxsize=4096)
def terms(text: str) -> tuple[str, ...]:
    """What a question is about, as short strings to look for in a clause; function words left out.

    Pairs of characters inside each word; single characters side by side count as one word.
    """
    found: list[str] = []
    for length, group in itertools.groupby(_tagged(text), key=lambda word: min(len(word), 2)):
        for word in ["".join(group)] if length == 1 else group:
            found += _pairs(word)
    return tuple(dict.fromkeys(found))


def _tagged(text: str) -> Iterator[str]:
    """The words of a question; an empty one in place of each that carries no subject."""
    for word, tag in rjieba.tag(normalise(text), hmm=False):
        yield word if _RUN.fullmatch(word) and not tag.startswith(_FUNCTION_TAGS) else ""


def _pairs(run: str) -> list[str]:
    """Pairs of neighbours; what is shorter, or no Chinese, as it is."""
    if len(run) < 2 or not _IS_HAN.match(run):
        return [run] if run else []
    return [run[i : i + 2] for i in range(len(run) - 1)]
