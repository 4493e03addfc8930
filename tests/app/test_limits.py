"""What the server does under pressure, at its limits and when something breaks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app import main
from bot.answering.answerer import Watch, unwatched
from bot.channels import api
from bot.channels.limits import BusyError, Limits
from bot.channels.service import Service
from bot.memory import Verdict
from bot.reply import Reply, Status
from bot.settings import Settings
from tests.servers import serving

MESSAGE = {"session": "a", "message": "你好"}


class HeldConversation:
    """Answers when it is released; breaks when it is told to."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def reply(
        self,
        session: str,
        message: str,
        within: float | None = None,
        watch: Watch = unwatched,
    ) -> Reply:
        if message == "坏":
            raise RuntimeError("broken on purpose")
        assert self.released.wait(30)
        return Reply(status=Status.ANSWERED, text=message)

    def choose_region(self, session: str, region: str | None) -> None: ...
    def judge(self, session: str, reply: str, verdict: Verdict) -> None: ...
    def erase(self, session: str) -> None: ...
    def purge(self) -> None: ...
    def ready(self) -> bool:
        return False


@contextmanager
def served(conversation: HeldConversation, **settings: int) -> Iterator[httpx.Client]:
    """A client of the API around a conversation."""
    app = FastAPI()
    api.install(app, Service(conversation, {}, Settings(**settings)))
    with serving(app) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_above_the_limit_of_requests_at_once_a_client_is_told_when_to_come_back() -> None:
    held = HeldConversation()
    with served(held, max_in_flight=3, threads=2) as client, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(client.post, "/api/chat", json=MESSAGE) for _ in range(8)]
        first = list(islice(as_completed(asked), 5))
        held.released.set()
        for answer in first:
            assert answer.result().status_code == 429
            assert int(answer.result().headers["retry-after"]) >= 1
            assert answer.result().json()["reason"]
        codes = [answer.result().status_code for answer in asked]
        assert (codes.count(200), codes.count(429)) == (3, 5)
        assert client.post("/api/chat", json=MESSAGE).status_code == 200


def test_waiting_answers_do_not_hold_up_health() -> None:
    held = HeldConversation()
    with served(held, threads=2) as client, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(client.post, "/api/chat", json=MESSAGE) for _ in range(6)]
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert not any(answer.done() for answer in asked)
        held.released.set()
        assert {answer.result().status_code for answer in asked} == {200}


def test_a_client_that_asks_too_often_is_slowed_others_are_not() -> None:
    now = [0.0]
    limits = Limits(per_minute=60, in_flight=100, clock=lambda: now[0])
    for _ in range(10):
        with limits.admit("often"):
            pass
    with pytest.raises(BusyError) as refused, limits.admit("often"):
        pass
    assert refused.value.retry_after == 1
    with limits.admit("seldom"):
        pass
    now[0] += 1
    with limits.admit("often"):
        pass


def test_a_defect_is_told_politely_and_counted_as_done() -> None:
    held = HeldConversation()
    held.released.set()
    with served(held, max_in_flight=1) as client:
        for _ in range(3):
            broken = {"session": "a", "message": "坏"}
            # A broken request ends its connection.
            answer = client.post("/api/chat", json=broken, headers={"Connection": "close"})
            assert answer.status_code == 500
            assert "purpose" not in answer.text
        assert client.post("/api/chat", json=MESSAGE).status_code == 200


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"PORT": "seven"}, "PORT=seven"),
        ({"PORT": "70000"}, "PORT=70000"),
        ({"THREADS": "0"}, "THREADS=0"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"HOME_REGION": "atlantis"}, "HOME_REGION=atlantis"),
        ({"HOST": "203.0.113.1"}, "HOST=203.0.113.1"),
    ],
)
def test_a_bad_setting_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    settings: dict[str, str],
    says: str,
) -> None:
    assert start(monkeypatch, {"DATA_DIR": str(tmp_path), "PORT": "0", **settings}) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert says in said[0]


def test_a_data_folder_that_can_not_be_used_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    assert start(monkeypatch, {"DATA_DIR": str(tmp_path / "file"), "PORT": "0"}) == 2
    assert "DATA_DIR" in capsys.readouterr().err


def test_a_busy_port_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with served(HeldConversation()) as client:
        port = str(client.base_url.port)
        assert start(monkeypatch, {"DATA_DIR": str(tmp_path), "PORT": port}) == 2
    assert f"PORT={port}" in capsys.readouterr().err


def start(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> int:
    """Start the program in this process; it must not get as far as serving."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return main()
