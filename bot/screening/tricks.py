"""Attempts to turn the assistant: new rules, its instructions, another role, a dictated answer."""

from __future__ import annotations

import re

_FULL = r"(?:100%|百分百|百分之百|全[报额部]|都?报完|免费|不用自?[付己])"
_RULES = r"(?:指令|指示|规则|设定|提示词?|系统|限制|约束)"
_SOURCES = r"(?:文件|资料|政策|规定|原文|条款)"
_CLAIM = rf"[^，。不吗]{{0,12}}{_FULL}"
_TRICKS = (
    # set the rules aside
    rf"(?:忽略|无视|忘[记掉]|跳过|别[管理]|不[要用]?[管理]|不要遵守|抛开|覆盖|绕过|解除)"
    rf"[^，。]{{0,8}}{_RULES}",
    r"(?:忽略|无视|忘[记掉]|别[管理]|不要[管理])[^，。]{0,6}(?:以上|上面|之前|前面|所有)[^，。]{0,6}",
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^。]{0,40}"
    r"\b(?:instruction|rule|prompt|previous|above|prior|polic|everything)\w*",
    # set the documents aside, have a figure or its reason made up
    rf"(?:别管|不用管|不要管|甭管|无视|抛开)[^，。]{{0,6}}{_SOURCES}[^，。多几吗]{{0,8}}(?=[，。]|$)",
    r"(?:你就|给我|必须)(?:说|写|讲|回答)[^，。多几吗]{0,14}[报付](?:\d+%|百分之[\d一二三四五六七八九十]+|[一二三四五六七八九]成)",
    r"(?:随便|瞎|胡)?编[个一造][^，。]{0,4}(?:理由|依据|说法|数|条款)",
    # have them told
    rf"(?:你的?|系统|内部|初始|隐藏)(?:的|全部|完整)*{_RULES}|提示词|system ?prompt|源代码|密钥",
    r"\b(?:reveal|print|repeat|show|output|tell)\b[^。]{0,30}"
    r"\b(?:instruction|prompt|rules|above)\w*",
    # another role
    r"(?:你(?:现在|今后|以后)|从现在(?:起|开始)，?你)(?:就?是|扮演|变成)|扮演|假装|假设你是",
    r"进入[^，。]{0,6}模式|你只(?:要|能|许|准|可以)(?:回答|回复|说)",
    r"\byou are (?:now|no longer)\b|\b(?:act|pretend|behave) (?:as|to be|like)\b|越狱|jailbreak",
    r"开发者模式|developer mode|role ?play",
    # dictate the answer, or claim that it was given
    r"(?:直接|[就只]|必须|一定要?|请|照着|跟着)[^，。]{0,3}(?:告诉|说|回答|回复|写|承认|确认|保证)"
    rf"[^，。吗多几怎什不否]{{0,10}}{_FULL}(?![^。]*[吗多])",
    rf"你[^，。]{{0,4}}(?:说|讲|答应|承诺|承认)[过了的]?{_CLAIM}",
    # forge what only the system writes
    r"^(?:system|assistant|user|系统|管理员|开发者|admin)[^，。：:]{0,4}[：:\]】]|<\|?/?[a-z_]+\|?>",
    r"\[/?(?:inst|sys|system)\]|#{2,} ?(?:instruction|system)|\[+[\w/-]+#[\w-]+\]+",
    rf"[\[【]\d+[\]】][^，。吗？什]{{0,20}}(?:\d%|\d元|{_FULL})",
)
_TRICK = re.compile("|".join(_TRICKS), re.IGNORECASE)
# 忽*略*规*则, i g n o r e
_SEPARATED = re.compile(
    r"(?<=[一-鿿])[^\w\s，。！？；：（）]+(?=[一-鿿])|(?<=\b[a-z])[ .*_-](?=[a-z]\b)", re.IGNORECASE
)
_END = re.compile(r"[，。！？；]|$")
_SENTENCE = re.compile(r"(?<=[。！？；\n])")


def without(text: str) -> tuple[str, bool]:
    """The message without the phrases that are tricks, and whether there were any."""
    text = _SEPARATED.sub("", text)
    kept, at = [], 0
    for match in _TRICK.finditer(text):
        kept.append(text[at : match.start()])
        end = _END.search(text, match.end())
        at = max(at, end.start() if end else len(text))
    return "".join([*kept, text[at:]]), bool(kept)


def without_commands(text: str) -> str:
    """A document's text without the sentences that command the assistant: they are no policy."""
    if not _TRICK.search(text):
        return text
    return "".join(part for part in _SENTENCE.split(text) if not _TRICK.search(part)).strip()
