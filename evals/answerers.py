"""Who is put to the test: the product in this process, or a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bot.reply import Reply
from bot.settings import Settings
from evals.runner import Answerer

_TIMEOUT = 60.0


class ModelMissingError(ValueError):
    """The product is to answer with a model, and none is named."""


@contextmanager
def product(settings: Settings | None = None) -> Iterator[Answerer]:
    """The product itself, without a channel; conversations go to a database that is thrown away."""
    # The import alone takes seconds: `check`, `compare` and `report` do without.
    from bot.assembly import open_conversation

    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'conversations.db'}"
        settings = (settings or Settings()).model_copy(update={"database_url": url})
        yield open_conversation(settings).reply


@contextmanager
def server(url: str) -> Iterator[Answerer]:
    """A running server, by ``POST /api/chat``."""
    with httpx.Client(base_url=url.rstrip("/"), timeout=_TIMEOUT, trust_env=False) as client:

        def reply(session: str, message: str) -> Reply:
            answer = client.post("/api/chat", json={"session": session, "message": message})
            answer.raise_for_status()
            return Reply.model_validate(answer.json())

        yield reply
