"""Parts of answers that wait to be sent: each sent once, or not known to be sent and left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Engine

from bot.channels.wechat import statements as sql
from bot.channels.wechat.tables import UNCERTAIN, WAITING
from bot.store import execute, write

LEASE_SECONDS = 60
"""Longer than any send takes; after it, a replica died in the middle of one."""

MAX_ATTEMPTS = 8
MAX_WAIT_SECONDS = 60

_LOST = {"state": UNCERTAIN, "text": "", "openid": ""}


@dataclass(frozen=True, slots=True)
class Part:
    """One message to be sent."""

    id: int
    person: str
    app_id: str
    openid: str
    text: str
    attempts: int


class Outbox:
    """The parts in the database, see `bot.channels.wechat.tables.outbox`.

    Args:
        engine: as `bot.store.open_store` returns it.
        clock: seconds since 1970.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def claim(self, limit: int) -> list[Part]:
        """Take up to so many parts, of each person the first only, so that none overtakes."""
        now = self._clock()
        due = {"p_now": now, "p_limit": limit}
        with self._engine.connect() as connection:
            if not connection.scalars(sql.PARTS, due).all():
                return []

        def change(connection: Connection) -> list[Part]:
            ids = connection.scalars(sql.PARTS, due).all()
            given = {"p_ids": ids, "p_now": now}
            # Nobody knows whether it arrived; it isn't sent again by itself.
            connection.execute(sql.LOSE_PARTS, given | _LOST)
            given["lease_until"] = now + LEASE_SECONDS
            rows = connection.execute(sql.TAKE_PARTS, given).mappings().all()
            return [Part(**{name.name: row[name.name] for name in fields(Part)}) for row in rows]

        return write(self._engine, change)

    def sent(self, part: Part) -> None:
        """It arrived."""
        execute(self._engine, sql.DELETE_PART, {"p_id": part.id})

    def uncertain(self, part: Part) -> None:
        """It may have arrived; only 「重发」 sends it again."""
        self._settle(part, **_LOST)

    def retry(self, part: Part) -> None:
        """It didn't arrive; try again, each time a little later."""
        if part.attempts >= MAX_ATTEMPTS:
            self.park(part)
            return
        wait = min(2 ** (part.attempts - 1), MAX_WAIT_SECONDS)
        self._settle(part, state=WAITING, not_before=self._clock() + wait)

    def park(self, part: Part) -> None:
        """It was refused; it and what follows it wait until the person writes again."""
        execute(self._engine, sql.PARK, {"p_id": part.id, "p_person": part.person})

    def _settle(self, part: Part, **values: Any) -> None:
        execute(self._engine, sql.UPDATE_PART, {"p_id": part.id, **values})
