"""Parts of answers that wait to be sent: each sent once, or not known to be sent and left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.orm import aliased

from bot.channels.wechat.tables import PARKED, SENDING, UNCERTAIN, WAITING, outbox

LEASE_SECONDS = 60
"""Longer than any send takes; after it, a replica died in the middle of one."""

MAX_ATTEMPTS = 8
MAX_WAIT_SECONDS = 60


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
        now, older = self._clock(), aliased(outbox)
        behind = select(older.c.id).where(
            older.c.person == outbox.c.person,
            older.c.id < outbox.c.id,
            older.c.state.in_((WAITING, SENDING)),
        )
        stale = (outbox.c.state == SENDING) & (outbox.c.lease_until < now)
        due = (outbox.c.state == WAITING) & (outbox.c.not_before <= now)
        query = select(outbox.c.id).where(or_(stale, due & ~behind.exists())).limit(limit)
        with self._engine.begin() as connection:
            ids = connection.scalars(query.order_by(outbox.c.id).with_for_update(skip_locked=True))
            if not (found := ids.all()):
                return []
            # Nobody knows whether it arrived; it isn't sent again by itself.
            lost = update(outbox).where(outbox.c.id.in_(found), stale)
            connection.execute(lost.values(state=UNCERTAIN, text="", openid=""))
            taken = update(outbox).where(outbox.c.id.in_(found), due)
            lease = now + LEASE_SECONDS
            values = {"state": SENDING, "lease_until": lease, "attempts": outbox.c.attempts + 1}
            rows = connection.execute(taken.values(values).returning(outbox)).all()
        return [
            Part(row.id, row.person, row.app_id, row.openid, row.text, row.attempts) for row in rows
        ]

    def sent(self, part: Part) -> None:
        """It arrived."""
        with self._engine.begin() as connection:
            connection.execute(delete(outbox).where(outbox.c.id == part.id))

    def uncertain(self, part: Part) -> None:
        """It may have arrived; only 「重发」 sends it again."""
        self._settle(part, state=UNCERTAIN, text="", openid="")

    def retry(self, part: Part) -> None:
        """It didn't arrive; try again, each time a little later."""
        if part.attempts >= MAX_ATTEMPTS:
            self.park(part)
            return
        wait = min(2 ** (part.attempts - 1), MAX_WAIT_SECONDS)
        self._settle(part, state=WAITING, not_before=self._clock() + wait)

    def park(self, part: Part) -> None:
        """It was refused; it and what follows it wait until the person writes again."""
        following = (outbox.c.person == part.person) & (outbox.c.state == WAITING)
        mine = update(outbox).where(or_(outbox.c.id == part.id, following))
        with self._engine.begin() as connection:
            connection.execute(mine.values(state=PARKED))

    def _settle(self, part: Part, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(outbox).where(outbox.c.id == part.id).values(values))
