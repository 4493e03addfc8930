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
    BindParameter,
    Column,
    Connection,
    Engine,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from bot.store import execute, metadata, truncate_log, write

# Statements are put together once, with these parameters: building one costs more than running it.
_SESSION: BindParameter[Any] = bindparam("p_session")
_BEFORE: BindParameter[Any] = bindparam("p_before")
_STARTED: BindParameter[Any] = bindparam("p_started")

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

_mine = _conversation.c.session == _SESSION
_expired = _conversation.c.touched <= _BEFORE
_RECALL = select(_conversation.c.known, _conversation.c.turns, _conversation.c.started).where(
    _mine, ~_expired
)
_TOUCH = update(_conversation).where(_mine).returning(_conversation.c.known, _conversation.c.turns)
_TOUCH_SAME = _TOUCH.where(_conversation.c.started == _STARTED)
_WRITE = update(_conversation).where(_mine)
_ERASE = delete(_conversation).where(_mine)
_ERASE_VERDICTS = delete(_feedback).where(_feedback.c.session == _SESSION)
_PURGE = delete(_conversation).where(_expired)


def _start(insert: sqlite.Insert | postgresql.Insert) -> ReturningInsert[Any]:
    """Begin a conversation, or begin it anew where it has expired; else nothing is returned."""
    columns = ("started", "known", "turns", "touched")
    return insert.on_conflict_do_update(
        index_elements=["session"],
        set_={name: insert.excluded[name] for name in columns},
        where=_expired,
    ).returning(_conversation.c.session)


_START = {
    "sqlite": _start(sqlite.insert(_conversation)),
    "postgresql": _start(postgresql.insert(_conversation)),
}


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
        given = {"p_session": _key(session), "p_before": self._oldest()}
        with self._engine.connect() as connection:
            row = connection.execute(_RECALL, given).one_or_none()
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
        new = [asdict(turn)] if turn else []
        learned = {k: v for k, v in known.items() if k not in before.known or before.known[k] != v}
        dropped = before.known.keys() - known.keys()

        # Each path writes first: that takes the row's lock (SQLite: the file's) before reading.
        def change(connection: Connection) -> None:
            if before.started is None and self._begin(connection, key, known, new):
                return
            given: dict[str, Any] = {"p_session": key, "touched": self._now()}
            touch = _TOUCH
            if before.started is not None:
                given["p_started"] = before.started
                touch = _TOUCH_SAME
            row = connection.execute(touch, given).one_or_none()
            if row is None:
                return
            facts = {k: v for k, v in row.known.items() if k not in dropped} | learned
            turns = [*row.turns, *new][-self._turns :]
            connection.execute(_WRITE, {"p_session": key, "known": facts, "turns": turns})

        write(self._engine, change)

    def judge(self, session: str, reply: str, verdict: Verdict) -> None:
        """Keep the patient's verdict on a reply; a second one replaces the first."""
        values = {"verdict": verdict, "at": self._now()}
        insert = self._insert(_feedback).values(session=_key(session), reply=reply, **values)
        insert = insert.on_conflict_do_update(index_elements=["session", "reply"], set_=values)
        execute(self._engine, insert, {})

    def erase(self, session: str) -> None:
        """Forget everything of this session; nothing of it is left in the database's files."""
        given = {"p_session": _key(session)}

        def change(connection: Connection) -> None:
            for statement in (_ERASE, _ERASE_VERDICTS):
                connection.execute(statement, given)

        write(self._engine, change)
        truncate_log(self._engine)

    def purge(self) -> None:
        """Forget the conversations that have expired; verdicts stay, they hold no words."""
        execute(self._engine, _PURGE, {"p_before": self._oldest()})
        truncate_log(self._engine)

    def _now(self) -> int:
        return int(self._clock())

    def _oldest(self) -> int:
        """A conversation touched then or before has expired."""
        return self._now() - self._idle

    def _begin(
        self, connection: Connection, key: str, known: dict[str, Any], turns: list[dict[str, str]]
    ) -> bool:
        """Write a new conversation; False: another message of it was quicker."""
        given: dict[str, Any] = {"session": key, "started": secrets.token_hex(8)}
        given |= {"known": known, "turns": turns, "touched": self._now()}
        given["p_before"] = self._oldest()
        statement = _START[self._engine.dialect.name]
        return connection.execute(statement, given).one_or_none() is not None

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        if self._engine.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


def _key(session: str) -> str:
    return hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()
