"""Single questions to the real library and policies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from bot.assembly import open_conversation
from bot.reply import Reply
from bot.settings import Settings

Ask = Callable[[str], Reply]


@pytest.fixture(scope="module")
def ask(data_dir: Path) -> Ask:
    """Put a question in a conversation of its own."""
    conversation = open_conversation(Settings(data_dir=data_dir), light=True)
    return lambda message: conversation.reply(uuid4().hex, message)
