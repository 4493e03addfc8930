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

from sqlalchemy import Engine, Row

from bot.channels.wechat import statements as sql
from bot.channels.wechat.inbox import remember
from bot.channels.wechat.tables import READY, SHOWN, WAITING

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
        with self._engine.begin() as connection:
            ids = connection.scalars(sql.FREE_JOBS, {"p_now": now, "p_limit": limit}).all()
            if not ids:
                return []
            lease = {"lease": self._lease, "lease_until": now + LEASE_SECONDS}
            given = {"p_ids": ids, "p_now": now, **lease}
            taken = connection.execute(sql.TAKE_JOBS, given).all()
        return [self._job(row) for row in taken]

    def renew(self, ids: Collection[int]) -> None:
        """Give a sign of life for these jobs."""
        given = {"p_ids": list(ids), "p_lease": self._lease}
        until = self._clock() + LEASE_SECONDS
        with self._engine.begin() as connection:
            connection.execute(sql.UPDATE_JOBS, {**given, "lease_until": until})

    def release(self, job: Job) -> None:
        """Give a job back, unfinished; it counts as not tried."""
        with self._engine.begin() as connection:
            connection.execute(sql.RELEASE_JOBS, {"p_ids": [job.id], "p_lease": self._lease})

    def finish(self, job: Job, parts: Sequence[str], region: str | None) -> bool:
        """Keep the answer, to be fetched or sent; False: the person has been forgotten meanwhile.

        Nothing happens where another replica has taken the job over.
        """
        answer = {"parts": list(parts), "region": region}
        pushed = job.openid is not None
        done: dict[str, Any] = (
            {"state": SHOWN, "question": "", "openid": None}
            if pushed
            else {"state": READY, "answer": answer}
        )
        given = {"p_ids": [job.id], "p_lease": self._lease, "lease": None}
        with self._engine.begin() as connection:
            if pushed:
                touched = {"p_person": job.person, "touched": self._clock()}
                connection.execute(sql.UPDATE_PERSON, touched)
            if connection.execute(sql.UPDATE_JOBS, given | done).rowcount == 0:
                return connection.scalar(sql.IS_KNOWN, {"p_id": job.id}) is not None
            if pushed:
                remember(connection, job.person, job.key, answer, shown=MAX_PUSHED)
                rows = [self._part(job, part) for part in parts[:MAX_PUSHED]]
                connection.execute(sql.INSERT_PARTS, rows)
        return True

    def _part(self, job: Job, text: str) -> dict[str, Any]:
        return {
            "person": job.person,
            "app_id": job.app_id,
            "openid": job.openid,
            "text": text,
            "created": self._clock(),
            "state": WAITING,
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
