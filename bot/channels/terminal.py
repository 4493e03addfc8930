"""The terminal channel: one answer, or a conversation line by line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator

from bot.channels.service import Conversation
from bot.reply import Reply

GREETING = "医保的事，直接问就行。输入“清除”忘记前面说的，“退出”结束。"
_ERASE = frozenset(("清除", "/clear"))
_QUIT = frozenset(("退出", "/quit", "exit", "quit"))
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def shown(reply: Reply, *, colour: bool) -> str:
    """A reply as lines of text; bold as the terminal has it, or not at all."""
    text = _BOLD.sub("\033[1m\\1\033[0m" if colour else r"\1", reply.text)
    asks = "".join(f"\n  · {message}" for message in reply.follow_ups)
    return text + (f"\n可以接着问：{asks}" if asks else "")


def converse(conversation: Conversation, session: str, show: Callable[[Reply], str]) -> None:
    """Answer line by line until the input ends."""
    print(GREETING)
    for message in _messages():
        if message in _ERASE:
            conversation.erase(session)
            print("好，前面说的都忘掉了。")
        else:
            print(show(conversation.reply(session, message)), end="\n\n")


def _messages() -> Iterator[str]:
    if sys.stdin.isatty():
        # Lines can then be edited and called back.
        import readline  # noqa: F401
    while True:
        try:
            message = input("您：").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return
        if message in _QUIT:
            return
        if message:
            yield message
