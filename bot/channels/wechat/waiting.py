"""Deliveries that are waiting for their response, and what each is answered at the latest.

A response is chosen in a thread, inside a transaction, which may have to wait for a database; the
platform doesn't wait for either. `Call` is where both meet: what the person is shown is what has
been decided when the delivery is answered, and what is decided later knows that it isn't shown.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bot.channels.wechat import phrases

Answer = asyncio.Future["Sequence[Call]"]


class Call:
    """One delivery. Used by the event loop and by the threads that decide for it."""

    def __init__(self) -> None:
        self.arrived = time.time()
        """Seconds since 1970."""
        self._lock = threading.Lock()
        # Until the message is kept, nothing can be promised.
        self._text = phrases.BUSY
        self._over = False

    def decide(self, text: str) -> bool:
        """Decide what the person is shown; the last decision counts. False: it was too late."""
        with self._lock:
            if not self._over:
                self._text = text
            return not self._over

    def end(self) -> str:
        """Answer the delivery: with what has been decided by now."""
        with self._lock:
            self._over = True
            return self._text


class Waiting:
    """Who is waiting in this process, by the key of the message whose answer they wait for."""

    def __init__(self) -> None:
        self._calls: defaultdict[str, list[Call]] = defaultdict(list)
        self._answers: defaultdict[str, list[Answer]] = defaultdict(list)

    @contextmanager
    def place(self, key: str, call: Call | None) -> Iterator[Answer]:
        """Wait in here for an answer; it comes with the calls that it was decided for.

        Args:
            key: of the message.
            call: a delivery of that message itself; None for one that fetches its answer.
        """
        answer: Answer = asyncio.get_running_loop().create_future()
        self._answers[key].append(answer)
        if call is not None:
            self._calls[key].append(call)
        try:
            yield answer
        finally:
            _leave(self._answers, key, answer)
            if call is not None:
                _leave(self._calls, key, call)

    def calls(self, key: str) -> Sequence[Call]:
        """The message's own deliveries that are waiting here."""
        return tuple(self._calls.get(key, ()))

    def keys(self) -> Sequence[str]:
        """The messages that are waited for."""
        return tuple(self._answers)

    def tell(self, key: str, decided: Sequence[Call] = ()) -> None:
        """The answer is there."""
        for answer in self._answers.get(key, ()):
            if not answer.done():
                answer.set_result(decided)


def _leave(places: dict[str, list[Any]], key: str, item: object) -> None:
    places[key].remove(item)
    if not places[key]:
        del places[key]
