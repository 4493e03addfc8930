"""How long a patient waits for the model, and when it is not asked at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

Clock = Callable[[], float]


class LateError(Exception):
    """The time for this answer is over."""


class Deadline:
    """The moment at which the patient is answered, with or without the model."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._end = self._began + seconds

    def left(self) -> float:
        """Seconds left, not below zero."""
        return max(self._end - self._clock(), 0.0)

    def spent(self) -> float:
        """Seconds since it was set."""
        return self._clock() - self._began

    def check(self) -> None:
        """Give up when the time is over.

        Raises:
            LateError: it is.
        """
        if not self.left():
            raise LateError


class Breaker:
    """Keeps a dead model from costing every patient the wait.

    After some failures in a row the model rests; then one call at a time tries it again.

    Args:
        failures: so many in a row open it.
        rest: seconds before the next try.
        clock: seconds that never go back.
    """

    def __init__(self, failures: int = 3, rest: float = 30.0, clock: Clock = time.monotonic):
        self._limit = failures
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._next_try = 0.0

    def allows(self) -> bool:
        """Whether the model may be called now; where it rests, one caller gets the next try."""
        with self._lock:
            if self._failures < self._limit:
                return True
            now = self._clock()
            if now < self._next_try:
                return False
            self._next_try = now + self._rest
            return True

    def succeeded(self) -> None:
        """The model answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The model was late, down or refused the call."""
        with self._lock:
            self._failures += 1
            self._next_try = self._clock() + self._rest
