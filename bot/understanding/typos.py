"""Mends misspelt terms of the field: 报消 → 报销, 起伏线 → 起付线, 只工一保 → 职工医保.

A stretch of a message becomes the term that it sounds like when at least half of its characters
are the term's own and it isn't made of ordinary words. Sounds are compared without tones, and as
speakers hear them who don't tell zh from z or -ng from -n. The terms stand in ``terms.txt``; the
names of the covered places are terms, too.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import rjieba

# Single characters are looked up, never phrases; without them the import takes a third of the time.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin.constants import PINYIN_DICT

from corpus.regions import load_regions

TERMS = Path(__file__).with_name("terms.txt")

_HAN = re.compile(r"[一-鿿]{2,}")
_HELPS = re.compile(r"[帮给替][我你您他她它俺咱]|要[带交去办填准多哪什几]")
"""医保帮我付多少 asks for no 医保办, 门特要带什么 for no 特药."""


def mend(text: str) -> str:
    """Replace misspelt terms; the text keeps its length."""
    return _HAN.sub(lambda run: _mend_run(run[0]), text)


def _mend_run(run: str) -> str:
    candidates = {start: terms for start in range(len(run) - 1) if (terms := _heard(run, start))}
    if not candidates:
        return run
    words = _words(run)
    boundaries = {start for start, _ in words} | {len(run)}
    done = 0
    for start, terms in candidates.items():
        for term in terms:
            end = start + len(term)
            if start >= done and {start, end} <= boundaries and _misspelt(run, start, term, words):
                run, done = run[:start] + term + run[end:], end
    return run


def _words(run: str) -> list[tuple[int, str]]:
    words, start = [], 0
    for word in rjieba.cut(run, hmm=False):
        words.append((start, word))
        start += len(word)
    return words


def _misspelt(run: str, start: int, term: str, words: Sequence[tuple[int, str]]) -> bool:
    """Whether no ordinary words stand where the term would put other characters."""
    end = start + len(term)
    exact = all(_sound(a) == _sound(b) for a, b in zip(run[start:end], term, strict=True))
    if len(term) == 2 and not exact:
        return False
    for at, word in words:
        if not start <= at < end or word == term[at - start : at - start + len(word)]:
            continue
        # 起伏 within 起伏线 gives way, but not 自负 for 自付, nor a phrase: 住远, 门真大, 以保安全.
        if len(word) > 1 and (len(term) == 2 or len(word) == len(term) or not exact):
            return False
        if (
            len(term) == 2
            and term not in _places()
            and _tag(word).startswith(("a", "d", "f") if at > start else ("p", "c"))
        ):
            return False
        if at > start and _HELPS.match(run, at):
            return False
    return True


@cache
def _tag(word: str) -> str:
    """Its part of speech: a adjective, d adverb, f place (里), p preposition, c conjunction."""
    tag: str = rjieba.tag(word)[0][1]
    return tag


@cache
def _places() -> frozenset[str]:
    return frozenset(name for region in load_regions() for name in (region.name, *region.separate))


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    """Terms, the longest first, by the sound of their first two characters."""
    lines = TERMS.read_text(encoding="utf-8").splitlines()
    terms = {term for line in lines if not line.startswith("#") for term in line.split()}
    terms |= _places()
    by_sound: dict[str, tuple[str, ...]] = {}
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        opening = _slurred(term[0]) + _slurred(term[1])
        by_sound[opening] = (*by_sound.get(opening, ()), term)
    return by_sound


def _heard(run: str, start: int) -> list[str]:
    """Terms that the characters from ``start`` sound like, but aren't; the longest first."""
    terms = _lexicon().get(_slurred(run[start]) + _slurred(run[start + 1]), ())
    return [term for term in terms if _alike(run[start : start + len(term)], term)]


def sounds_like(name: str, other: str) -> bool:
    """Whether two names sound the same and share most of their characters (红班狼疮)."""
    same = sum(a == b for a, b in zip(name, other, strict=False))
    return (
        len(name) == len(other)
        and 2 * same > len(name)
        and [*map(_sound, name)] == [*map(_sound, other)]
    )


def _alike(piece: str, term: str) -> bool:
    if len(piece) < len(term) or piece == term:
        return False
    same = sum(a == b for a, b in zip(piece, term, strict=True))
    return 2 * same >= len(term) and list(map(_slurred, piece)) == list(map(_slurred, term))


@cache
def _sound(char: str) -> str:
    """The character's usual pinyin, without its tone."""
    usual = PINYIN_DICT.get(ord(char), char).partition(",")[0]
    return "".join(c for c in unicodedata.normalize("NFD", usual) if c.isalpha() or c == "\u0308")


@cache
def _slurred(char: str) -> str:
    """Its pinyin without the distinctions that many speakers don't make; ends in a space."""
    return re.sub(r"^([zcs])h", r"\1", re.sub(r"(?<=[aei]n)g$", "", _sound(char))) + " "
