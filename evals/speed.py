"""How fast the server is: ``python -m evals speed``.

Starts the program twice, in a data folder of its own: once without an index, once with it. Then one
client asks every message of the question sets once, and many clients ask them over and over.
Clients and server share this machine's cores. Ends with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

from evals.sets import find, read

START_SECONDS = 600
"""Longest wait for a start; the targets are far below."""
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, and what it should be."""

    what: str
    unit: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is on the right side of the limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "ok" if self.met else "MISSED"
        return f"{self.what:<42}{self.value:>9.1f} {self.unit:<3} {sign} {self.limit:g}  {verdict}"


@dataclass(slots=True)
class Load:
    """What many clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and say whether every target is met."""
    parser = argparse.ArgumentParser(prog="python -m evals speed", description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=60, help="duration of the load")
    given = parser.parse_args(argv)
    messages = messages_of_sets()
    targets = []
    with tempfile.TemporaryDirectory() as folder:
        with _program(Path(folder)) as (_, seconds):
            targets.append(Target("ready after start, index to be built", "s", seconds, 60))
        with _program(Path(folder)) as (port, seconds):
            targets.append(Target("ready after start, with an index", "s", seconds, 15))
            targets += _one_client(port, messages)
            targets += many_clients(port, messages, given.clients, given.seconds)
            memory = _resident_megabytes(port)
            targets.append(Target("resident memory after that", "MB", memory, 1000))
    for target in targets:
        print(target)
    return 0 if all(target.met for target in targets) else 1


def messages_of_sets() -> list[str]:
    """Every message of the question sets, in an order that is always the same."""
    sets = read(find([])).values()
    said = {turn.say for one in sets for talk in one.conversations for turn in talk.turns}
    messages = sorted(said)
    random.Random(0).shuffle(messages)  # noqa: S311
    return messages


@contextmanager
def _program(data_dir: Path) -> Iterator[tuple[int, float]]:
    """The server on a free port; yields the port and the seconds until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = {"PORT": str(port), "DATA_DIR": str(data_dir)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=_ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        if not process.stdout.readline():
            raise RuntimeError("the server did not start; see what 'python app.py' says")
        yield port, time.perf_counter() - began
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait()


def _one_client(port: int, messages: Sequence[str]) -> list[Target]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took = [_ask(connection, message) for message in messages]
    connection.close()
    return [
        Target(f"one client, {len(took)} messages, median", "ms", median(took), 40),
        Target(f"one client, {len(took)} messages, p95", "ms", _p95(took), 80),
    ]


def many_clients(port: int, messages: Sequence[str], clients: int, seconds: int) -> list[Target]:
    """Ask from many threads at once, each a message after the other, for so long."""
    load = Load()
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_client, args=(port, messages, number, end, load))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in sorted(set(load.errors)):
        print(f"{load.errors.count(error)} × {error}", file=sys.stderr)
    who = f"{clients} clients, {seconds} s"
    rate = len(load.milliseconds) / seconds
    return [
        Target(f"{who}, errors", "", len(load.errors), 0),
        Target(f"{who}, answers a second", "/s", rate, 40, at_least=True),
        Target(f"{who}, p95", "ms", _p95(load.milliseconds), 2000),
    ]


def _client(port: int, messages: Sequence[str], number: int, end: float, load: Load) -> None:
    """One patient after the other, each with a message from another place of the list."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    order = random.Random(number)  # noqa: S311
    while time.perf_counter() < end:
        try:
            load.milliseconds.append(_ask(connection, order.choice(messages)))
        except (OSError, http.client.HTTPException) as error:
            load.errors.append(repr(error))
            connection.close()
    connection.close()


def _ask(connection: http.client.HTTPConnection, message: str) -> float:
    """Milliseconds until the whole reply to a new patient is there.

    Raises:
        http.client.HTTPException: any status but 200.
    """
    body = json.dumps({"session": uuid4().hex, "message": message})
    began = time.perf_counter()
    connection.request("POST", "/api/chat", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise http.client.HTTPException(f"status {answer.status}")
    return (time.perf_counter() - began) * 1000


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else 0.0


def _resident_megabytes(port: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/metrics")
    metrics = connection.getresponse().read().decode()
    connection.close()
    found = re.search(r"^process_resident_memory_bytes (\S+)", metrics, re.MULTILINE)
    assert found
    return float(found[1]) / 1e6


if __name__ == "__main__":
    sys.exit(main())
