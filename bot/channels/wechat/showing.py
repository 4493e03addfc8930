"""An answer is shown: what is kept of it for 「重发」 and 「继续」, and what is said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot.channels.wechat import phrases
from bot.channels.wechat import statements as sql

ABANDONED_SECONDS = 20
"""After so long the platform delivers no more: an answer that nobody fetched may be offered."""


def remember(
    connection: Connection, whose: str, key: str, answer: Mapping[str, Any], *, shown: int
) -> None:
    """Keep an answer for 「重发」, and those of its messages that aren't shown yet for 「继续」."""
    values = {
        "p_person": whose,
        "last": answer["parts"],
        "last_key": key,
        "rest": answer["parts"][shown:] or None,
        "region": answer["region"],
    }
    connection.execute(sql.REMEMBER, values)


def with_offer(connection: Connection, text: str, whose: str, now: float, besides: int) -> str:
    """The text of an answer, and whether another one (not of message ``besides``) is there."""
    given = {"p_person": whose, "p_before": now - ABANDONED_SECONDS, "p_id": besides}
    other = connection.execute(sql.OFFERED, given).one_or_none()
    return text if other is None else f"{text}\n{phrases.waiting(other.question)}"
