"""Every message once: what is kept of it, and the one response that all its deliveries get.

Each transaction takes the person's row first (SQLite: the file), so that two messages of one
person, on any replica, are dealt with one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, select, update

from bot.channels.wechat import phrases, tables
from bot.channels.wechat.accounts import Account
from bot.channels.wechat.commands import Command, read_command
from bot.channels.wechat.protocol import Incoming, Kind
from bot.channels.wechat.tables import READY, SHOWN, UNFINISHED, message, outbox, person
from bot.memory import Verdict
from bot.privacy import mask
from bot.store import truncate_log
from corpus.regions import Region

MAX_CHARACTERS = 1000
"""Of one message; the platform allows about 2000 bytes anyway, speech may be longer."""

ABANDONED_SECONDS = 20
"""After so long the platform delivers no more: an answer that nobody fetched may be offered."""

_INSTANT = {
    Kind.SUBSCRIBE: phrases.GREETING,
    Kind.IMAGE: phrases.IMAGE,
    Kind.VOICE: phrases.VOICE,
    Kind.OTHER: phrases.UNSUPPORTED,
}
_VERDICTS: Mapping[Command | None, Verdict] = {Command.USEFUL: "up", Command.USELESS: "down"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is to be done about a message that is now kept."""

    response: str | None = None
    """Chosen already; empty: nothing to say within the call."""
    awaits: str = ""
    """Where none is chosen yet: the key of the message whose answer it will be."""
    judged: tuple[str, Verdict] | None = None
    """The key of the answer that this message is a verdict on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken in."""

    per_minute: int
    """Messages of one person."""
    backlog: int
    """Unfinished questions of all."""


class Inbox:
    """Messages in the database.

    Args:
        engine: as `bot.store.open_store` returns it.
        limits: above them, a friendly text.
        regions: for 「人工」.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        engine: Engine,
        limits: Limits,
        regions: Sequence[Region],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._regions = regions
        self._clock = clock

    def receive(self, account: Account, incoming: Incoming) -> Receipt:
        """Keep a message and its job, or find what was decided at an earlier delivery."""
        with self._engine.begin() as connection:
            who = self._lock(connection, incoming.person)
            query = select(message.c.response, message.c.fetches).where(
                message.c.key == incoming.key
            )
            if (seen := connection.execute(query).one_or_none()) is not None:
                return Receipt(seen.response, seen.fetches or incoming.key)
            values, receipt = self._decide(connection, incoming, who)
            row: dict[str, Any] = {
                "key": incoming.key,
                "person": incoming.person,
                "app_id": account.app_id,
                "received": self._clock(),
                "state": SHOWN,
                "question": "",
            }
            if account.mode == "push":
                self._unpark(connection, incoming.person)
                if values.get("state") == tables.QUEUED:
                    values |= {"openid": incoming.openid, "response": ""}
                    receipt = Receipt("")
            connection.execute(message.insert().values(row | values))
            return receipt

    def ready(self, keys: Sequence[str]) -> list[str]:
        """Return those of the messages that needn't be waited for any longer."""
        query = select(message.c.key).where(
            message.c.key.in_(keys), message.c.state.not_in(UNFINISHED)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def choose(self, key: str, whose: str) -> str:
        """Return the message's response; where none is chosen yet, choose it now, for good."""
        with self._engine.begin() as connection:
            who = self._lock(connection, whose)
            mine = self._message(connection, key)
            if mine is None or mine.response is not None:
                return mine.response if mine is not None else ""
            target = self._message(connection, mine.fetches) if mine.fetches else mine
            if target is not None and target.state == READY:
                response = self._show(connection, who, target, late=bool(mine.fetches))
                chosen: dict[str, Any] = {"response": response}
            elif target is None or target.state == SHOWN:
                chosen = {"response": phrases.ALREADY_SHOWN}
            else:
                chosen = {"response": phrases.STILL_WAIT if mine.fetches else phrases.WAIT}
                chosen["late"] = not mine.fetches
            if mine.fetches:
                chosen["state"] = SHOWN
            connection.execute(update(message).where(message.c.key == key).values(chosen))
            return str(chosen["response"])

    def erase(self, whose: str, key: str | None = None) -> None:
        """Forget the person, but for a note that these messages have been dealt with.

        Args:
            whose: the person.
            key: the message that asked for it, where that is to be answered.
        """
        with self._engine.begin() as connection:
            self._lock(connection, whose)
            connection.execute(delete(outbox).where(outbox.c.person == whose))
            blank = {
                "person": None,
                "openid": None,
                "question": "",
                "answer": None,
                "response": "",
                "state": SHOWN,
                "lease": None,
                "fetches": None,
            }
            connection.execute(update(message).where(message.c.person == whose).values(blank))
            connection.execute(delete(person).where(person.c.person == whose))
            if key is not None:
                note = {"key": key, "app_id": "", "question": "", "received": self._clock()}
                note |= {"state": SHOWN, "response": phrases.ERASED}
                row = tables.insert(self._engine, message).values(note)
                connection.execute(row.on_conflict_do_nothing())
        truncate_log(self._engine)

    def knows(self, key: str) -> bool:
        """Whether a message has arrived before."""
        with self._engine.connect() as connection:
            return bool(connection.scalar(select(message.c.id).where(message.c.key == key)))

    def purge(self, seconds: float) -> None:
        """Forget what is older."""
        before = self._clock() - seconds
        with self._engine.begin() as connection:
            connection.execute(delete(message).where(message.c.received < before))
            connection.execute(delete(outbox).where(outbox.c.created < before))
            connection.execute(delete(person).where(person.c.touched < before))
        truncate_log(self._engine)

    def _lock(self, connection: Connection, whose: str) -> Row[Any]:
        now = self._clock()
        row = tables.insert(self._engine, person).values(person=whose, touched=now)
        row = row.on_conflict_do_update(index_elements=["person"], set_={"touched": now})
        return connection.execute(row.returning(person)).one()

    def _message(self, connection: Connection, key: str) -> Row[Any] | None:
        return connection.execute(select(message).where(message.c.key == key)).one_or_none()

    def _decide(
        self, connection: Connection, incoming: Incoming, who: Row[Any]
    ) -> tuple[dict[str, Any], Receipt]:
        """What a new message becomes: the values of its row, and what the webhook is told."""
        text = _INSTANT.get(incoming.kind)
        if text is None:
            text = self._refusal(connection, incoming)
        command = read_command(incoming.text) if text is None else None
        if command is Command.FETCH or (command is Command.MORE and not who.rest):
            target = self._promised(connection, who.person, abandoned=command is Command.MORE)
            if target is not None:
                values = {"state": tables.FETCHING, "fetches": target}
                return values, Receipt(awaits=target)
        if text is None:
            text = self._obey(connection, command, who)
        if text is not None:
            verdict = _VERDICTS.get(command)
            judged = (str(who.last_key), verdict) if verdict else None
            return {"response": text}, Receipt(text, judged=judged)
        if self._backlog(connection) >= self._limits.backlog:
            return {"response": phrases.BUSY}, Receipt(phrases.BUSY)
        values = {"state": tables.QUEUED, "question": mask(incoming.text)}
        return values, Receipt(awaits=incoming.key)

    def _refusal(self, connection: Connection, incoming: Incoming) -> str | None:
        recent = select(func.count()).where(
            message.c.person == incoming.person, message.c.received > self._clock() - 60
        )
        if (connection.scalar(recent) or 0) >= self._limits.per_minute:
            return phrases.TOO_FAST
        if len(incoming.text) > MAX_CHARACTERS:
            return phrases.TOO_LONG
        return None if incoming.text else phrases.EMPTY

    def _obey(self, connection: Connection, command: Command | None, who: Row[Any]) -> str | None:
        """The response to a command that needs no waiting; None: a matter for the conversation."""
        if command is Command.MORE:
            return self._page(connection, who.person, who.rest) if who.rest else phrases.NO_MORE
        if command is Command.REPEAT:
            if not who.last:
                return phrases.NOTHING_TO_REPEAT
            return self._page(connection, who.person, who.last)
        if command is Command.OFFICE:
            here = [region for region in self._regions if region.id == who.region]
            return phrases.offices(here or self._regions)
        if command in _VERDICTS and who.last_key:
            return phrases.THANKS
        return None

    def _page(self, connection: Connection, whose: str, parts: Sequence[str]) -> str:
        mine = update(person).where(person.c.person == whose)
        connection.execute(mine.values(rest=list(parts[1:]) or None))
        return parts[0]

    def _show(self, connection: Connection, who: Row[Any], target: Row[Any], *, late: bool) -> str:
        parts = list(target.answer["parts"])
        remember(connection, who.person, target.key, target.answer, shown=1)
        done = update(message).where(message.c.id == target.id)
        connection.execute(done.values(state=SHOWN, answer=None, question=""))
        text = phrases.late(target.question, parts[0]) if late else parts[0]
        other = self._promised(connection, who.person, abandoned=True, only_ready=True)
        if other is not None and (waiting := self._message(connection, other)) is not None:
            text += "\n" + phrases.waiting(waiting.question)
        return text

    def _promised(
        self, connection: Connection, whose: str, *, abandoned: bool, only_ready: bool = False
    ) -> str | None:
        """The key of the answer to be fetched next: one that is there, else one being made."""
        wanted: ColumnElement[bool] = message.c.late.is_(True)
        if abandoned:
            lost = message.c.response.is_(None) & (
                message.c.received < self._clock() - ABANDONED_SECONDS
            )
            wanted |= lost & (message.c.state == READY)
        states = (READY,) if only_ready else (READY, *UNFINISHED)
        query = (
            select(message.c.key)
            .where(message.c.person == whose, message.c.state.in_(states), wanted)
            .order_by(message.c.state != READY, message.c.id)
            .limit(1)
        )
        return connection.scalar(query)

    def _backlog(self, connection: Connection) -> int:
        query = select(func.count()).where(message.c.state.in_(UNFINISHED))
        return connection.scalar(query) or 0

    def _unpark(self, connection: Connection, whose: str) -> None:
        """A message of theirs opens the platform's window again."""
        parked = update(outbox).where(outbox.c.person == whose, outbox.c.state == tables.PARKED)
        connection.execute(parked.values(state=tables.WAITING, not_before=0.0, attempts=0))


def remember(
    connection: Connection, whose: str, key: str, answer: Mapping[str, Any], *, shown: int
) -> None:
    """Keep an answer for 「重发」, and those of its messages that aren't shown yet for 「继续」."""
    values = {
        "last": answer["parts"],
        "last_key": key,
        "rest": answer["parts"][shown:] or None,
        "region": func.coalesce(answer["region"], person.c.region),
    }
    connection.execute(update(person).where(person.c.person == whose).values(values))
