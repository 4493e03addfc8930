"""The few words that the channel itself understands; everything else is for the conversation."""

from __future__ import annotations

import re
from enum import StrEnum


class Command(StrEnum):
    """What a message asks of the channel."""

    FETCH = "fetch"
    """``1``: the answer that was promised. Without one it is a choice, for the conversation."""
    MORE = "more"
    REPEAT = "repeat"
    ERASE = "erase"
    OFFICE = "office"
    HELP = "help"
    """The conversation answers; the channel adds its own commands."""
    USEFUL = "useful"
    USELESS = "useless"


# Thumbs also come as the platform's own emoji, written in brackets or as codes.
_WORDS = {
    Command.FETCH: "1",
    Command.MORE: "继续|接着说|下一页",
    Command.REPEAT: "重发|再发一次",
    Command.ERASE: "清除|清空|忘记我|重新开始|删除记录",
    Command.OFFICE: "(?:转|找)?人工(?:客服|服务)?",
    Command.HELP: "帮助|help",
    Command.USEFUL: "有用|👍|\\[强\\]|\\[ThumbsUp\\]|/:strong",
    Command.USELESS: "没用|👎|\\[弱\\]|\\[ThumbsDown\\]|/:weak",
}
_COMMANDS = {
    command: re.compile(f'[「“"]?(?:{words})[」”"]?[。.]?', re.IGNORECASE)
    for command, words in _WORDS.items()
}
# Full-width digits, and the skin tone that may follow a thumb.
_SAME = str.maketrans({"１": "1", **{chr(tone): None for tone in range(0x1F3FB, 0x1F400)}})


def read_command(text: str) -> Command | None:
    """Return the command that a message is, the whole of it, or None.

    >>> read_command("「继续」")
    <Command.MORE: 'more'>
    >>> read_command("继续住院要再付起付线吗") is None
    True
    """
    text = text.strip().translate(_SAME)
    return next((c for c, words in _COMMANDS.items() if words.fullmatch(text)), None)
