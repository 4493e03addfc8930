"""What a conversation remembers: the facts of the case and the last turns, until they expire.

One row a conversation, read once and written once a message. It is keyed by a hash of the session,
so that a look into the file doesn't tell who asked.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Engine,
    String,
    Table,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.store import metadata, truncate_log, writing

Verdict = Literal["up", "down"]

_conversation = Table(
    "conversation",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("started", String(16), nullable=False),
    Column("known", JSON, nullable=False),
    Column("turns", JSON, nullable=False),
    Column("touched", BigInteger, nullable=False, index=True),
)

_feedback = Table(
    "feedback",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("reply", String(64), primary_key=True),
    Column("verdict", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message and what it was answered."""

    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of a conversation when a message arrives."""

    known: dict[str, Any] = field(default_factory=dict)
    """Facts by name, JSON values."""
    turns: tuple[Turn, ...] = ()
    """The last turns, oldest first."""
    started: str | None = None
    """Marks this conversation, so that one that is erased meanwhile isn't written back."""


class Memory:
    """Conversations in the database.

    Args:
        engine: as `bot.store.open_store` returns it.
        hours: a conversation untouched for so long is forgotten.
        turns: how many turns are kept, at least one.
        clock: seconds since 1970.
    """

    def __init__(
        self, engine: Engine, *, hours: int, turns: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._idle = hours * 3600
        self._turns = turns
        self._clock = clock

    def recall(self, session: str) -> Remembered:
        """What is known of this session; nothing of a new or an expired one."""
        table = _conversation.c
        query = select(table.known, table.turns, table.started).where(
            table.session == _key(session), ~self._expired()
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return Remembered()
        return Remembered(row.known, tuple(Turn(**turn) for turn in row.turns), row.started)

    def keep(
        self, session: str, known: dict[str, Any], turn: Turn | None, *, before: Remembered
    ) -> None:
        """Write what is known after a message, or after a choice without words.

        Two messages of one session may be answered at once: only what differs from ``before``, as
        `recall` gave it, is changed, so that neither loses what the other learned. A conversation
        that was erased meanwhile stays erased.
        """
        key = _key(session)
        mine: ColumnElement[bool] = _conversation.c.session == key
        learned = {k: v for k, v in known.items() if k not in before.known or before.known[k] != v}
        dropped = before.known.keys() - known.keys()
        # Each path writes first: that takes the row's lock (SQLite: the file's) before reading.
        with writing(self._engine) as connection:
            if before.started is None:
                connection.execute(delete(_conversation).where(mine, self._expired()))
                connection.execute(self._start(key))
            else:
                mine &= _conversation.c.started == before.started
            row = connection.execute(
                update(_conversation)
                .where(mine)
                .values(touched=self._now())
                .returning(_conversation.c.known, _conversation.c.turns)
            ).one_or_none()
            if row is None:
                return
            facts = {k: v for k, v in row.known.items() if k not in dropped} | learned
            turns = [*row.turns, *([asdict(turn)] if turn else [])][-self._turns :]
            connection.execute(update(_conversation).where(mine).values(known=facts, turns=turns))

    def judge(self, session: str, reply: str, verdict: Verdict) -> None:
        """Keep the patient's verdict on a reply; a second one replaces the first."""
        values = {"verdict": verdict, "at": self._now()}
        insert = self._insert(_feedback).values(session=_key(session), reply=reply, **values)
        with writing(self._engine) as connection:
            connection.execute(
                insert.on_conflict_do_update(index_elements=["session", "reply"], set_=values)
            )

    def erase(self, session: str) -> None:
        """Forget everything of this session; nothing of it is left in the database's files."""
        key = _key(session)
        with writing(self._engine) as connection:
            connection.execute(delete(_conversation).where(_conversation.c.session == key))
            connection.execute(delete(_feedback).where(_feedback.c.session == key))
        truncate_log(self._engine)

    def purge(self) -> None:
        """Forget the conversations that have expired; verdicts stay, they hold no words."""
        with writing(self._engine) as connection:
            connection.execute(delete(_conversation).where(self._expired()))
        truncate_log(self._engine)

    def _now(self) -> int:
        return int(self._clock())

    def _expired(self) -> ColumnElement[bool]:
        return _conversation.c.touched <= self._now() - self._idle

    def _start(self, key: str) -> sqlite.Insert | postgresql.Insert:
        insert = self._insert(_conversation).values(
            session=key, started=secrets.token_hex(8), known={}, turns=[], touched=self._now()
        )
        return insert.on_conflict_do_nothing()

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        if self._engine.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


def _key(session: str) -> str:
    return hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()
