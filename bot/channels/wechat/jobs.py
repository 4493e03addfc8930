"""Questions as jobs: claimed under a lease, one at a time for each person, never lost by a crash.

Claiming selects before it writes: a poll that finds nothing takes no lock, and so doesn't keep
SQLite's only writer from the messages that arrive.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping

from bot.channels.wechat import statements as sql
from bot.channels.wechat.showing import remember, with_offer
from bot.channels.wechat.tables import READY, SHOWN, WAITING
from bot.channels.wechat.waiting import Call
from bot.store import execute, write

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

    @classmethod
    def of(cls, row: Mapping[str, Any] | RowMapping) -> Job:
        """The job in a row of `bot.channels.wechat.tables.message`."""
        named = {name: row[name] for name in ("id", "key", "person", "app_id", "openid")}
        return cls(**named, question=row["question"], exhausted=row["attempts"] > MAX_ATTEMPTS)


class _UnseenError(Exception):
    """Nobody is shown the answer now: what was written for it is undone."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of an answer."""

    known: bool = True
    """False: the person has been forgotten meanwhile."""
    decided: Sequence[Call] = ()
    """The deliveries that show it."""


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

    def lease(self) -> dict[str, Any]:
        """Columns of a job that is ours from now on."""
        return {"lease": self._lease, "lease_until": self._clock() + LEASE_SECONDS}

    def claim(self, limit: int) -> list[Job]:
        """Take up to so many jobs, oldest first."""
        now = self._clock()
        free = {"p_now": now, "p_limit": limit}
        with self._engine.connect() as connection:
            if not connection.scalars(sql.FREE_JOBS, free).all():
                return []

        def change(connection: Connection) -> list[Job]:
            ids = connection.scalars(sql.FREE_JOBS, free).all()
            given = {"p_ids": ids, "p_now": now, **self.lease()}
            taken = connection.execute(sql.TAKE_JOBS, given).mappings().all()
            return [Job.of(row) for row in taken]

        return write(self._engine, change)

    def renew(self, ids: Collection[int]) -> None:
        """Give a sign of life for these jobs."""
        given = {"p_ids": list(ids), "p_lease": self._lease, **self.lease()}
        execute(self._engine, sql.UPDATE_JOBS, given)

    def release(self, job: Job) -> None:
        """Give a job back, unfinished; it counts as not tried."""
        execute(self._engine, sql.RELEASE_JOBS, {"p_ids": [job.id], "p_lease": self._lease})

    def finish(
        self, job: Job, parts: Sequence[str], region: str | None, calls: Sequence[Call] = ()
    ) -> Finished:
        """Show the answer to the deliveries that wait for it, else keep it to be fetched or sent.

        Nothing happens where another replica has taken the job over.
        """
        answer = {"parts": list(parts), "region": region}
        if calls and (decided := self._show(job, answer, calls)):
            return Finished(decided=decided)
        pushed = job.openid is not None
        done: dict[str, Any] = (
            {"state": SHOWN, "question": "", "openid": None}
            if pushed
            else {"state": READY, "answer": answer}
        )

        def change(connection: Connection) -> Finished:
            if pushed:
                touched = {"p_person": job.person, "touched": self._clock()}
                connection.execute(sql.UPDATE_PERSON, touched)
            if connection.execute(sql.UPDATE_JOBS, self._of(job) | done).rowcount == 0:
                return Finished(connection.scalar(sql.IS_KNOWN, {"p_id": job.id}) is not None)
            if pushed:
                remember(connection, job.person, job.key, answer, shown=MAX_PUSHED)
                rows = [self._part(job, part) for part in parts[:MAX_PUSHED]]
                connection.execute(sql.INSERT_PARTS, rows)
            return Finished()

        return write(self._engine, change)

    def _show(self, job: Job, answer: dict[str, Any], calls: Sequence[Call]) -> Sequence[Call]:
        """Show the answer at once; where all these deliveries are over already, change nothing."""

        def change(connection: Connection) -> Sequence[Call]:
            # First: this takes the person's row.
            remember(connection, job.person, job.key, answer, shown=1)
            text = with_offer(connection, answer["parts"][0], job.person, self._clock(), job.id)
            done = self._of(job) | {"state": SHOWN, "question": "", "response": text}
            ours = connection.execute(sql.SHOW_JOB, done).rowcount > 0
            if not ours or not (decided := [call for call in calls if call.decide(text)]):
                raise _UnseenError
            return decided

        try:
            return write(self._engine, change)
        except _UnseenError:
            return ()

    def _of(self, job: Job) -> dict[str, Any]:
        return {"p_ids": [job.id], "p_lease": self._lease, "lease": None}

    def _part(self, job: Job, text: str) -> dict[str, Any]:
        return {
            "person": job.person,
            "app_id": job.app_id,
            "openid": job.openid,
            "text": text,
            "created": self._clock(),
            "state": WAITING,
        }
