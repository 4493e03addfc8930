"""Each delivery is answered in time, whatever the database does, and what it was told holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.channels.wechat import channel, inbox, phrases
from bot.settings import Settings

pytestmark = pytest.mark.anyio
Serve = Callable[..., Any]


@pytest.fixture(autouse=True)
def soon(talk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes four seconds for a person takes one here."""
    monkeypatch.setattr(channel, "ANSWER_SECONDS", 0.6)
    monkeypatch.setattr(channel, "LATEST_SECONDS", 1.0)
    monkeypatch.setattr(inbox, "PROMISED_SECONDS", 0.6)


@contextmanager
def stuck(folder: Path) -> Iterator[None]:
    """Another program writes to the database and doesn't end."""
    engine = create_engine(f"sqlite:///{folder / 'assistant.sqlite3'}")
    try:
        with engine.connect() as connection:
            connection.execute(text("BEGIN IMMEDIATE"))
            yield
            connection.rollback()
    finally:
        engine.dispose()


async def test_a_stuck_database_keeps_nobody_waiting(
    serve: Serve, talk: Any, tmp_path: Path
) -> None:
    async with serve() as server:
        assert await server.says("甲") == "答：甲"
        began = time.perf_counter()
        with stuck(tmp_path):
            shown = await asyncio.gather(*(server.says("乙", f"o{n}") for n in range(20)))
            took = time.perf_counter() - began
        assert set(shown) == {phrases.BUSY}
        assert took < 2.5
        await asyncio.sleep(1)
        assert [message for _, message in talk.asked] == ["甲"], "they were told to ask again"
        assert await server.says("继续", "o1") == phrases.NO_MORE


async def test_what_was_promised_is_there_when_the_database_is_back(
    serve: Serve, talk: Any, tmp_path: Path
) -> None:
    talk.gate.clear()
    async with serve() as server:
        asking = asyncio.create_task(server.says("住院能报多少"))
        while not talk.asked:
            await asyncio.sleep(0.02)
        with stuck(tmp_path):
            talk.gate.set()
            assert await asking == phrases.WAIT
        # The database's own waits may last a moment longer.
        await asyncio.sleep(1)
        assert await server.says("1") == "您问的「住院能报多少」：\n答：住院能报多少"
        assert await server.says("继续") == phrases.NO_MORE


async def test_a_promise_holds_before_it_is_written_down(
    serve: Serve, talk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve() as server:
        talk.gate.clear()
        with monkeypatch.context() as broken:
            broken.setattr(inbox.Inbox, "choose", lambda *_: time.sleep(1.5))
            assert await server.says("住院能报多少") == phrases.WAIT
        talk.gate.set()
        monkeypatch.setattr(channel, "ANSWER_SECONDS", 10)
        monkeypatch.setattr(channel, "LATEST_SECONDS", 20)
        assert await server.says("1") == "您问的「住院能报多少」：\n答：住院能报多少"
        assert await server.says("继续") == phrases.NO_MORE
        assert [message for _, message in talk.asked] == ["住院能报多少"]


async def test_a_failing_database_is_told_kindly(
    serve: Serve, talk: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    secret = "我的秘密问题"

    def fail(*given: Any) -> None:
        raise OSError(secret)

    async with serve() as server:
        with monkeypatch.context() as broken:
            broken.setattr("bot.channels.wechat.inbox.write", fail)
            assert await server.says("甲") == phrases.BUSY
        assert await server.says("甲") == "答：甲"
    assert "OSError" in caplog.text
    assert "秘密" not in caplog.text


async def test_an_answer_knows_when_it_is_due(serve: Serve, talk: Any) -> None:
    async with serve(message_seconds=2.5) as server:
        await server.says("甲")
    assert talk.within == [2.5]
    assert Settings(_env_file=None).message_seconds < 3.8
