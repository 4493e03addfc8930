"""Every message once: what is kept of it, and the one response that all its deliveries get.

Each transaction takes the person's row first (SQLite: the file), so that two messages of one
person, on any replica, are dealt with one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select

from bot.channels.wechat import phrases, tables
from bot.channels.wechat import statements as sql
from bot.channels.wechat.accounts import Account
from bot.channels.wechat.commands import Command, read_command
from bot.channels.wechat.jobs import Job
from bot.channels.wechat.protocol import Incoming, Kind
from bot.channels.wechat.showing import ABANDONED_SECONDS, remember, with_offer
from bot.channels.wechat.tables import QUEUED, READY, RUNNING, SHOWN
from bot.channels.wechat.waiting import Call
from bot.memory import Verdict
from bot.privacy import mask
from bot.store import truncate_log, write
from corpus.regions import Region

MAX_CHARACTERS = 1000
"""Of one message; the platform allows about 2000 bytes anyway, speech may be longer."""

PROMISED_SECONDS = 3.8
"""After so long a message without a response is one whose delivery was answered with a promise, or
is about to be."""

FORGOTTEN_SECONDS = 60
"""After so long only a promise that was written down counts: 「1」 may mean something else."""

_INSTANT = {
    Kind.SUBSCRIBE: phrases.GREETING,
    Kind.IMAGE: phrases.IMAGE,
    Kind.VOICE: phrases.VOICE,
    Kind.OTHER: phrases.UNSUPPORTED,
}
_VERDICTS: Mapping[Command | None, Verdict] = {Command.USEFUL: "up", Command.USELESS: "down"}


class TooLateError(Exception):
    """The delivery was answered before its message could be kept, so it isn't."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is to be done about a message that is now kept."""

    response: str | None = None
    """Chosen already; empty: nothing to say within the call."""
    awaits: str = ""
    """Where none is chosen yet: the key of the message whose answer it will be."""
    job: Job | None = None
    """To be done by the caller; otherwise it is in the queue, or done."""
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

    def receive(
        self,
        account: Account,
        incoming: Incoming,
        call: Call,
        lease: Mapping[str, Any] | None = None,
    ) -> Receipt:
        """Keep a message and its job, or find what was decided at an earlier delivery.

        Args:
            account: to which the message was sent.
            incoming: the message.
            call: its delivery.
            lease: of the caller, who does the job at once where nothing stands before it; None:
                it has its hands full.

        Raises:
            TooLateError: the delivery is over; nothing was kept.
        """

        def change(connection: Connection) -> Receipt:
            who = self._lock(connection, incoming.person)
            load = self._load(connection, incoming)
            if load.seen:
                return self._known(connection, incoming, call)
            values, receipt = self._decide(connection, incoming, who, load)
            row: dict[str, Any] = {
                "key": incoming.key,
                "person": incoming.person,
                "app_id": account.app_id,
                "received": call.arrived,
                "state": SHOWN,
                "question": "",
                "response": None,
                "fetches": None,
                "openid": None,
            } | values
            if account.mode == "push":
                # A message of theirs opens the platform's window again.
                connection.execute(sql.UNPARK, {"p_person": incoming.person})
                if row["state"] == QUEUED:
                    row |= {"openid": incoming.openid, "response": ""}
                    receipt = Receipt("")
            if row["state"] == QUEUED and lease is not None and not load.own:
                row |= {"state": RUNNING, "attempts": 1, **lease}
            kept = connection.execute(sql.INSERT, row).inserted_primary_key
            if not call.decide(_meanwhile(receipt, incoming.key)):
                raise TooLateError
            if row["state"] == RUNNING and kept is not None:
                receipt = replace(receipt, job=Job.of({**row, "id": kept[0]}))
            return receipt

        return write(self._engine, change)

    def ready(self, keys: Sequence[str]) -> list[str]:
        """Return those of the messages that needn't be waited for any longer."""
        with self._engine.connect() as connection:
            return list(connection.scalars(sql.FINISHED, {"p_keys": keys}))

    def choose(self, key: str, whose: str, call: Call) -> None:
        """Decide the message's response; where none is chosen yet, choose it now, for good."""

        def change(connection: Connection) -> None:
            self._lock(connection, whose)
            mine = self._find(connection, key)
            if mine is None or mine.response is not None:
                call.decide(mine.response if mine is not None else "")
                return
            target = self._find(connection, mine.fetches) if mine.fetches else mine
            chosen = self._choice(connection, whose, mine, target, call)
            connection.execute(sql.UPDATE, {"p_id": mine.id, "late": False, **chosen})

        write(self._engine, change)

    def erase(self, whose: str, key: str | None = None) -> None:
        """Forget the person, but for a note that these messages have been dealt with.

        Args:
            whose: the person.
            key: the message that asked for it, where that is to be answered.
        """

        def change(connection: Connection) -> None:
            self._lock(connection, whose)
            for statement in (sql.FORGET_PARTS, sql.ERASE, sql.FORGET_PERSON):
                connection.execute(statement, {"p_person": whose})
            if key is not None and self._find(connection, key) is None:
                note = {"key": key, "app_id": "", "question": "", "received": self._clock()}
                connection.execute(sql.INSERT, {**note, "state": SHOWN, "response": phrases.ERASED})

        write(self._engine, change)
        truncate_log(self._engine)

    def knows(self, key: str) -> bool:
        """Whether a message has arrived before."""
        with self._engine.connect() as connection:
            return self._find(connection, key) is not None

    def purge(self, seconds: float) -> None:
        """Forget what is older."""
        before = {"p_before": self._clock() - seconds}

        def change(connection: Connection) -> None:
            for statement in (sql.PURGE, sql.PURGE_PARTS, sql.PURGE_PEOPLE):
                connection.execute(statement, before)

        write(self._engine, change)
        truncate_log(self._engine)

    def _lock(self, connection: Connection, whose: str) -> Row[Any]:
        statement = sql.LOCK_PERSON[self._engine.dialect.name]
        return connection.execute(statement, {"p_person": whose, "p_now": self._clock()}).one()

    def _find(self, connection: Connection, key: str) -> Row[Any] | None:
        return connection.execute(sql.FIND, {"p_key": key}).one_or_none()

    def _known(self, connection: Connection, incoming: Incoming, call: Call) -> Receipt:
        """What was decided at an earlier delivery."""
        seen = self._find(connection, incoming.key)
        receipt = Receipt() if seen is None else Receipt(seen.response, seen.fetches or seen.key)
        call.decide(_meanwhile(receipt, incoming.key))
        return receipt

    def _decide(
        self,
        connection: Connection,
        incoming: Incoming,
        who: Row[Any],
        load: Row[int, int, int, int],
    ) -> tuple[dict[str, Any], Receipt]:
        """What a new message becomes: the values of its row, and what the webhook is told."""
        text = _INSTANT.get(incoming.kind) or self._refusal(load.recent, incoming)
        command = read_command(incoming.text) if text is None else None
        if (target := self._target(connection, command, who)) is not None:
            values = {"state": tables.FETCHING, "fetches": target}
            return values, Receipt(awaits=target)
        if text is None:
            text = self._obey(connection, command, who)
        if text is not None:
            verdict = _VERDICTS.get(command)
            judged = (str(who.last_key), verdict) if verdict else None
            return {"response": text}, Receipt(text, judged=judged)
        if load.backlog >= self._limits.backlog:
            return {"response": phrases.BUSY}, Receipt(phrases.BUSY)
        values = {"state": QUEUED, "question": mask(incoming.text)}
        return values, Receipt(awaits=incoming.key)

    def _load(self, connection: Connection, incoming: Incoming) -> Row[int, int, int, int]:
        """See `sql.LOAD`, for the last minute."""
        given: dict[str, Any] = {"p_person": incoming.person, "p_key": incoming.key}
        given["p_before"] = self._clock() - 60
        return connection.execute(sql.LOAD, given).one()

    def _refusal(self, recent: int, incoming: Incoming) -> str | None:
        if recent >= self._limits.per_minute:
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
        rest = list(parts[1:]) or None
        connection.execute(sql.UPDATE_PERSON, {"p_person": whose, "rest": rest})
        return parts[0]

    def _choice(
        self,
        connection: Connection,
        whose: str,
        mine: Row[Any],
        target: Row[Any] | None,
        call: Call,
    ) -> dict[str, Any]:
        """The response that a message gets now, and what becomes of its row."""
        if target is None or target.state == SHOWN:
            call.decide(phrases.ALREADY_SHOWN)
            return {"response": phrases.ALREADY_SHOWN, "state": mine.state}
        if target.state == READY:
            text = target.answer["parts"][0]
            if mine.fetches:
                text = phrases.late(target.question, text)
            text = with_offer(connection, text, whose, self._clock(), target.id)
            if call.decide(text):
                remember(connection, whose, target.key, target.answer, shown=1)
                shown = {"p_id": target.id, "state": SHOWN, "answer": None, "question": ""}
                connection.execute(sql.UPDATE, shown)
                return {"response": text, "state": SHOWN}
        text = _meanwhile(Receipt(awaits=target.key), mine.key)
        call.decide(text)
        if mine.fetches:
            return {"response": text, "state": SHOWN}
        return {"response": text, "state": mine.state, "late": True}

    def _target(self, connection: Connection, command: Command | None, who: Row[Any]) -> str | None:
        """The key of the message whose answer a command fetches."""
        found = None
        if command is Command.FETCH:
            found = self._first(connection, sql.PROMISED, who.person)
        elif command is Command.MORE and not who.rest:
            found = self._first(connection, sql.PROMISED_OR_LOST, who.person)
        return str(found.key) if found is not None else None

    def _first(self, connection: Connection, query: Select[Any], whose: str) -> Row[Any] | None:
        now = self._clock()
        given = {"p_person": whose, "p_before": now - ABANDONED_SECONDS}
        given |= {"p_first": now - FORGOTTEN_SECONDS, "p_last": now - PROMISED_SECONDS}
        return connection.execute(query, given).one_or_none()


def _meanwhile(receipt: Receipt, key: str) -> str:
    """What the person is told where the response isn't chosen in time."""
    if receipt.response is not None:
        return receipt.response
    return phrases.WAIT if receipt.awaits == key else phrases.STILL_WAIT
