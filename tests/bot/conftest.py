"""A conversation over the real library, policies and store."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.assembly import open_conversation
from bot.conversation import Conversation
from bot.reply import Reply
from bot.settings import Settings


@pytest.fixture(scope="session")
def conversation(data_dir: Path) -> Conversation:
    return open_conversation(Settings(data_dir=data_dir), light=True)


@pytest.fixture(scope="session")
def talk(conversation: Conversation) -> Callable[..., list[Reply]]:
    """Say messages one after the other in a session of their own."""
    sessions = itertools.count()

    def say(*messages: str) -> list[Reply]:
        session = f"talk {next(sessions)}"
        return [conversation.reply(session, message) for message in messages]

    return say
