"""Questions as jobs: claimed under a lease, one at a time for each person, never lost by a crash.

Claiming selects before it writes: a poll that finds nothing takes no lock, and so doesn't keep
SQLite's only writer from the messages that arrive.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Update, and_, or_, select, update
from sqlalchemy.orm import aliased

from bot.channels.wechat import tables
from bot.channels.wechat.inbox import remember
from bot.channels.wechat.tables import QUEUED, READY, RUNNING, SHOWN, UNFINISHED, message, person

LEASE_SECONDS = 8
"""How long a job stays with a replica that gives no sign of life."""

MAX_ATTEMPTS = 3
"""A question that was with so many replicas when they died gets an apology."""

MAX_PUSHED = 3
"""Messages sent for one answer; the rest waits behind 「继续」. The platform allows 5."""


@dataclass(frozen=True, slots=True)
class Job:
    """One question to be answered."""

    id: int
    key: str
    person: str
    app_id: str
    openid: str | None
    """Where the answer is to be sent rather than fetched."""
    question: str
    exhausted: bool
    """Tried too often."""


class Jobs:
    """The queue in the database.

    Args:
        engine: as `bot.store.open_store` returns it.
        clock: seconds since 1970, the same on all replicas to a second or two.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = secrets.token_hex(8)

    def claim(self, limit: int) -> list[Job]:
        """Take up to so many jobs, oldest first."""
        now = self._clock()
        free = or_(
            message.c.state == QUEUED,
            and_(message.c.state == RUNNING, message.c.lease_until < now),
        )
        with self._engine.begin() as connection:
            query = select(message.c.id).where(free, ~self._behind_another())
            query = query.order_by(message.c.id).limit(limit)
            ids = connection.scalars(query.with_for_update(skip_locked=True)).all()
            if not ids:
                return []
            taken = connection.execute(
                update(message)
                .where(message.c.id.in_(ids), free)
                .values(
                    state=RUNNING,
                    lease=self._lease,
                    lease_until=now + LEASE_SECONDS,
                    attempts=message.c.attempts + 1,
                )
                .returning(message)
            ).all()
        return [self._job(row) for row in taken]

    def renew(self, ids: Collection[int]) -> None:
        """Give a sign of life for these jobs."""
        with self._engine.begin() as connection:
            until = self._clock() + LEASE_SECONDS
            connection.execute(self._mine(message.c.id.in_(ids)).values(lease_until=until))

    def release(self, job: Job) -> None:
        """Give a job back, unfinished; it counts as not tried."""
        values = {"state": QUEUED, "lease": None, "attempts": message.c.attempts - 1}
        with self._engine.begin() as connection:
            connection.execute(self._mine(message.c.id == job.id).values(values))

    def finish(self, job: Job, parts: Sequence[str], region: str | None) -> bool:
        """Keep the answer, to be fetched or sent; False: the person has been forgotten meanwhile.

        Nothing happens where another replica has taken the job over.
        """
        answer = {"parts": list(parts), "region": region}
        pushed = job.openid is not None
        with self._engine.begin() as connection:
            if pushed:
                lock = update(person).where(person.c.person == job.person)
                connection.execute(lock.values(touched=self._clock()))
            mine = self._mine(message.c.id == job.id)
            done: dict[str, Any] = (
                {"state": SHOWN, "question": "", "openid": None}
                if pushed
                else {"state": READY, "answer": answer}
            )
            if connection.execute(mine.values(lease=None, **done)).rowcount == 0:
                known = select(message.c.id).where(
                    message.c.id == job.id, message.c.person.is_not(None)
                )
                return connection.scalar(known) is not None
            if pushed:
                remember(connection, job.person, job.key, answer, shown=MAX_PUSHED)
                rows = [self._part(job, part) for part in parts[:MAX_PUSHED]]
                connection.execute(tables.outbox.insert(), rows)
        return True

    def _mine(self, which: ColumnElement[bool]) -> Update:
        """An update of jobs that are still ours."""
        return update(message).where(which, message.c.lease == self._lease)

    def _behind_another(self) -> ColumnElement[bool]:
        older = aliased(message)
        return (
            select(older.c.id)
            .where(
                older.c.person == message.c.person,
                older.c.id < message.c.id,
                older.c.state.in_(UNFINISHED),
            )
            .exists()
        )

    def _part(self, job: Job, text: str) -> dict[str, Any]:
        return {
            "person": job.person,
            "app_id": job.app_id,
            "openid": job.openid,
            "text": text,
            "created": self._clock(),
            "state": tables.WAITING,
        }

    def _job(self, row: Row[Any]) -> Job:
        return Job(
            id=row.id,
            key=row.key,
            person=row.person,
            app_id=row.app_id,
            openid=row.openid,
            question=row.question,
            exhausted=row.attempts > MAX_ATTEMPTS,
        )
