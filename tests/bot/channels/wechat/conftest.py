"""The message channel in an application of its own, with a conversation that tests can steer."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.service import Service
from bot.channels.wechat import channel, webhook
from bot.channels.wechat.accounts import load_accounts
from bot.channels.wechat.simulate import WeChat
from bot.reply import Reply, Status
from bot.settings import Settings

TOKEN = "Zx81kQw7LmP3vTn6"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx5823bf96d3bd56c7"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Talk:
    """A conversation that answers with the question; between `hold` and `release` it is slow."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.asked: list[tuple[str, str]] = []
        self.within: list[float | None] = []
        self.erased: list[str] = []
        self.verdicts: list[tuple[str, str, str]] = []
        self.gate = threading.Event()
        self.answer: Callable[[str], Reply] = lambda message: Reply(
            status=Status.ANSWERED, text=f"答：{message}"
        )

    def hold(self) -> None:
        """Don't answer; people are told to wait soon."""
        self.gate.clear()
        self._monkeypatch.setattr(channel, "ANSWER_SECONDS", 0.3)

    def release(self) -> None:
        """Answer; on a busy machine that may take a while."""
        self.gate.set()
        self._monkeypatch.setattr(channel, "ANSWER_SECONDS", 20)

    def reply(self, session: str, message: str, within: float | None = None) -> Reply:
        self.asked.append((session, message))
        self.within.append(within)
        self.gate.wait(10)
        return self.answer(message)

    def choose_region(self, session: str, region: str | None) -> None:
        raise NotImplementedError

    def judge(self, session: str, reply: str, verdict: str) -> None:
        self.verdicts.append((session, reply, verdict))

    def erase(self, session: str) -> None:
        self.erased.append(session)

    def purge(self) -> None:
        pass

    def ready(self) -> bool:
        return True


class Server:
    """One replica, and WeChat in front of it."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings, service: Service) -> None:
        self.client = client
        self.service = service
        self.account = load_accounts(settings)[""]
        self.wechat = WeChat(client, ["http://bot/wechat"], self.account, again=0)

    async def says(self, text: str, openid: str = "oPatient1") -> str | None:
        return (await self.wechat.say(openid, text)).text


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    talk = Talk(monkeypatch)
    talk.release()
    yield talk
    talk.gate.set()


@pytest.fixture
def serve(talk: Talk, tmp_path: Path) -> Callable[..., Any]:
    """Start a replica on the test's database: ``async with serve(wechat_backlog=2) as server``."""

    @asynccontextmanager
    async def start(**given: Any) -> AsyncIterator[Server]:
        values: dict[str, Any] = {
            "data_dir": tmp_path,
            "wechat_token": TOKEN,
            "wechat_aes_key": KEY,
            "wechat_app_id": APP_ID,
            "wechat_per_minute": 1000,
        }
        settings = Settings(_env_file=None, **(values | given))
        service = Service(talk, {}, settings)
        app = FastAPI()
        webhook.install(app, service, settings)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport) as client,
        ):
            yield Server(client, settings, service)
            talk.gate.set()
        service.close()

    return start
