"""Takes work from the database and does it, a limited number at once: jobs, and parts to send."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How soon work is found that another replica left; one's own is announced by `Pump.wake`."""

STOP_SECONDS = 3
"""How long running work may take to finish when the server stops."""

_Work = TypeVar("_Work")


class Pump(Generic[_Work]):
    """One loop a process.

    Args:
        claim: takes up to so much work.
        do: does one piece; what it raises is logged without its words.
        slots: how much is done at once.
    """

    def __init__(
        self,
        claim: Callable[[int], Awaitable[Sequence[_Work]]],
        do: Callable[[_Work], Awaitable[None]],
        slots: int,
    ) -> None:
        self._claim = claim
        self._do = do
        self._slots = slots
        self._running: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._left = False
        """Whether there may be work that waits for what runs here."""

    @property
    def free(self) -> int:
        """How much more may be done at once."""
        return max(0, self._slots - len(self._running))

    def start(self, work: _Work) -> None:
        """Do work that was claimed elsewhere."""
        task = asyncio.create_task(self._guarded(work))
        self._running.add(task)
        task.add_done_callback(self._done)

    def wake(self) -> None:
        """There is work in the database."""
        self._left = True
        self._awake.set()

    async def run(self) -> None:
        """Work until cancelled, then let what runs finish, for `STOP_SECONDS`."""
        try:
            while True:
                await self._round()
        finally:
            if self._running:
                await asyncio.wait(self._running, timeout=STOP_SECONDS)
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _round(self) -> None:
        self._awake.clear()
        free = self.free
        found: Sequence[_Work] = ()
        with reported("can't look for work"):
            found = await self._claim(free) if free else ()
        for work in found:
            self.start(work)
        self._left = bool(found) or (self._left and bool(self._running))
        if free and len(found) == free:
            return
        # Not asyncio.wait_for: before Python 3.12 it may swallow the cancellation that ends `run`.
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._awake.wait()

    async def _guarded(self, work: _Work) -> None:
        with reported("work failed"):
            await self._do(work)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._left:
            self._awake.set()


@contextmanager
def reported(what: str) -> Iterator[None]:
    """Log a failure and go on: the database may be back in a moment, and with it all answers."""
    try:
        yield
    except Exception as error:
        report(what, error)


def report(what: str, error: BaseException) -> None:
    """Log where an error came from, but not its message, which may hold a patient's words."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s: %s\n%s", what, type(error).__name__, where)
