"""Limits of the HTTP channels: how large, how often, how many at once."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BURST_SECONDS = 10
"""A client may use up the allowance of so many seconds at once."""

REMEMBERED_CLIENTS = 10_000
"""Those who were quiet longest are dropped first; their allowance is full again anyway."""


class BusyError(Exception):
    """Too many requests; ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class Limits:
    """Admits a request or raises `BusyError`. Used from the event loop only, so without locks.

    Args:
        per_minute: requests of one client.
        in_flight: requests of all clients that are being answered at once.
        clock: seconds that never go back.
    """

    def __init__(
        self, *, per_minute: int, in_flight: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = max(1.0, self._rate * BURST_SECONDS)
        self._in_flight_limit = in_flight
        self._in_flight = 0
        self._clock = clock
        self._allowances: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @contextmanager
    def admit(self, client: str) -> Iterator[None]:
        """Count one request of this client for as long as it is being answered.

        Raises:
            BusyError: the client asks too often, or too many are being answered.
        """
        if self._in_flight >= self._in_flight_limit:
            raise BusyError(1)
        self._take(client)
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1

    def _take(self, client: str) -> None:
        now = self._clock()
        left, since = self._allowances.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        self._allowances[client] = (left - 1 if left >= 1 else left, now)
        if len(self._allowances) > REMEMBERED_CLIENTS:
            self._allowances.popitem(last=False)
        if left < 1:
            raise BusyError(math.ceil((1 - left) / self._rate))


class BodyLimit:
    """ASGI middleware: a request body above ``limit`` bytes is answered with 413."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body as it comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            # Raised inside the application, whose error handler answers.
            if received > self._limit or int(announced) > self._limit:
                raise HTTPException(413, f"the body is larger than {self._limit} bytes")
            return message

        await self._app(scope, counted, send)
