"""Brings a patient's message into one writing, plain words for dialect, misspelt terms mended.

>>> normalise("我爸退修了，醫保能報消多少？？？")
'我爸退休了，医保能报销多少？'

Everything that reads a message reads it in this form: simplified characters, half-width letters
and digits, Chinese punctuation beside Chinese characters, no invisible characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import opencc

from bot.understanding.cues import cues
from bot.understanding.typos import mend

LIMIT = 1000
"""Characters of a message that are read; the channels refuse longer ones."""

_CIRCLED = re.compile(
    r"[²³¹\u2070-\u209c\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]+"
)
_HANGZHOU = range(0x3021, 0x302A)
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"})
_HAN = "\u3400-\u9fff〇"
_MARKS = "，。！？；…~ "
_BEFORE = re.compile(r"\w+$")
_GREETING = re.compile(
    r"^(?:(?:[你您]们?好[啊呀]?|请问(?:一?下)?"
    r"|我?[就是]?想(?:请?问问?|咨询|了解)(?:一?下|个事儿?)?"
    r"|(?:麻烦|打扰)[你您]?(?:请?问(?:一?下)?|一?下)"
    r"|(?:那个|嗯+|呃+|额|哎[呀哟]?|唉|喂|哦|诶|啊)(?=[，。！…~ ]))"
    r"[，。！…~ ]*)+"
)
_THANKS = re.compile(
    r"([？！。]?)(?:[，。！？；…~ ]*(?<=[，。！？；…~ ])"
    r"(?:多?谢谢?[你您啦了哈]?们?|感谢|(?:麻烦|辛苦)[你您]?了|拜托了?|[很挺]?急+的?"
    r"|(?:在线)?等回复?|求(?:解答?|回复|告知)|在线等))+[，。！？…~ ]*$"
)
_NUMERAL = "0-9零〇一二两三四五六七八九十百千万亿"
_FULL_WIDTH = str.maketrans(",;:!?()", "，；：！？（）")
# Cyrillic and Greek letters that look like Latin ones; folded in a word that has Latin letters.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнАЕОРСУХІЈЅКМТВНαορενικυτΑΟΡΕΝΙΚΥΤΒΗΜΖΧ",
    "aeopcyxijsdhkmtbhAEOPCYXIJSKMTBHaopevikytAOPENIKYTBHMZX",
)


class _Table(dict[int, str]):
    """A table for `str.translate` that fills itself."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        super().__init__()
        self._translate = translate

    def __missing__(self, code: int) -> str:
        self[code] = translated = self._translate(chr(code))
        return translated


def _ascii_digit(char: str) -> str:
    if ord(char) in _HANGZHOU:
        return str(ord(char) - _HANGZHOU.start + 1)
    value = unicodedata.digit(char, None)
    return char if value is None else str(value)


def _plain(char: str) -> str:
    if char == "\n":
        return char
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _INVISIBLE else char


_DIGITS, _PLAIN = _Table(_ascii_digit), _Table(_plain)


def normalise(text: str) -> str:
    """The message in one writing, at most `LIMIT` characters; misspelt terms are mended.

    Amounts, names and ordinary words stay as they are. Idempotent.
    """
    # Between half-width digits a full-width comma parts two numbers.
    text = fold(re.sub(r"(?<=[0-9])，(?=[0-9])", "， ", text[:LIMIT]))
    return mend(_plain_words(to_the_point(_punctuation(_spaces(text)))))[:LIMIT].strip()


def to_the_point(text: str) -> str:
    """The text without the greeting before it and the thanks or the haste after it.

    A text that is nothing else stays.
    """
    point = _GREETING.sub("", _THANKS.sub(r"\1", text))
    return point if point.strip(_MARKS) else text


def _plain_words(text: str) -> str:
    for plain, dialect in cues("dialect"):
        text = dialect.sub(plain, text)
    return text


def fold(text: str) -> str:
    """The text in simplified characters and half-width forms, nothing invisible in it.

    Punctuation, spaces and lines stay; for texts that are only compared, such as drafts.
    """
    text = unicodedata.normalize("NFKC", _digits(text)).translate(_PLAIN)
    text = _fold_lookalikes(text)
    return text if _traditional().isdisjoint(text) else _converter().convert(text)


def _digits(text: str) -> str:
    """Digits of every script and form (٣, 〡, ❸) as ASCII.

    A circled digit is a mark and doesn't join the number beside it ("选①2000"), but several in a
    row are a number ("⑧⑧%").
    """
    text = _CIRCLED.sub(lambda run: f" {run[0]} ", text)
    return text.translate(_DIGITS)


def _fold_lookalikes(text: str) -> str:
    # A letter O between digits, or between a digit and a sign of quantity, is a zero.
    text = re.sub(r"(?<=\d)[oOоОοΟ]+(?=[\d%.,元万块])", lambda m: "0" * len(m[0]), text)
    if text.isascii():
        return text
    text = re.sub(r"[A-Za-z\u0370-\u04ff]*[A-Za-z][A-Za-z\u0370-\u04ff]*", _latin, text)
    return re.sub(r"(?<=[一二三四五六七八九])[○◯Ο]|[○◯Ο](?=[一二三四五六七八九])", "〇", text)


def _latin(word: re.Match[str]) -> str:
    return word[0].translate(_LOOKALIKES)


def _spaces(text: str) -> str:
    text = re.sub(r" *\n\s*", "\n", text).strip()
    text = re.sub(r"(?<=\w)\n(?=\w)", "。", text).replace("\n", "")
    text = re.sub(r" {2,}", " ", text)
    # 报 销 比 例 is one word; 两万 三级 is two.
    text = re.sub(rf"(?:(?<![{_HAN}])[{_HAN}] ){{2,}}[{_HAN}](?![{_HAN}])", _join, text)
    text = re.sub(rf"(?<=[{_HAN}]) (?=[\w(])|(?<=\w) (?=[{_HAN}])", _gap, text)
    return re.sub(r" (?=[%‰，。、；：？！,;:?!)）])|(?<=[，。、；：？！(（]) ", "", text)


def _join(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")


def _gap(match: re.Match[str]) -> str:
    """What a space stands for: many write one where others put a comma.

    Beside a number or a Latin word that stands alone it says nothing (花了 3 万 元).
    """
    before, after = _BEFORE.search(match.string, 0, match.start()), match.string[match.end()]
    piece = before[0] if before else ""
    if re.fullmatch(r"\d[百千万亿]|[\d百千万亿][元块]", piece[-1:] + after):
        return ""
    if re.fullmatch(rf"[{_NUMERAL}]{{2}}", piece[-1:] + after):
        return " "
    if re.fullmatch(rf"[{_HAN}].*\w|.*[{_HAN}]", piece) and re.match(f"[{_HAN}]", after):
        return "，"
    return ""


def _punctuation(text: str) -> str:
    text = re.sub(r"\.{2,}|…+|。{2,}", "…", text)
    text = re.sub(r"([^\w\s])\1+", r"\1", text)
    return re.sub(
        rf"(?<=[{_HAN}])[,;:!?()]|[,;:!?()](?=[{_HAN}])|[,;!?]$",
        lambda m: m[0].translate(_FULL_WIDTH),
        text,
    )


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _traditional() -> frozenset[str]:
    """Characters that the conversion changes: most messages have none and skip it."""
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    converted = _converter().convert("\n".join(han)).split("\n")
    return frozenset(char for char, simple in zip(han, converted, strict=True) if char != simple)
