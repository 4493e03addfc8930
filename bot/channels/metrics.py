"""What `GET /metrics` tells: counts and times by channel and status, nothing of any person."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from bot.answering.llm import trace

_BUCKETS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.25, 2.5, 5, 10, 20)


class Metrics:
    """The counters of one server, in a registry of their own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        registry.register(trace.REGISTRY)
        self.replies = Counter(
            "replies", "Messages answered", ["channel", "status", "answerer"], registry=registry
        )
        self.estimates = Counter(
            "estimates", "Settlements computed", ["channel", "status"], registry=registry
        )
        self.verdicts = Counter(
            "verdicts", "Patients' verdicts on replies", ["verdict"], registry=registry
        )
        self.refused = Counter(
            "refused", "Requests not answered", ["channel", "reason"], registry=registry
        )
        self.sends = Counter(
            "sends", "Messages sent to the platform, by outcome", ["outcome"], registry=registry
        )
        self._in_flight = Gauge("in_flight", "Being answered now", registry=registry)
        self._seconds = Histogram(
            "answer_seconds",
            "From request to answer",
            ["channel", "kind"],
            buckets=_BUCKETS,
            registry=registry,
        )

    @contextmanager
    def measured(self, channel: str, kind: str) -> Iterator[None]:
        """Count one request as in flight, and its time."""
        start = time.perf_counter()
        with self._in_flight.track_inprogress():
            yield
        self._seconds.labels(channel, kind).observe(time.perf_counter() - start)

    def exposition(self) -> bytes:
        """All of them, in Prometheus' text format."""
        return generate_latest(self._registry)
