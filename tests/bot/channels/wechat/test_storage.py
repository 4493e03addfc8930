"""What stays in the database: all across a crash, nothing after 「清除」 or unsubscribing."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.wechat import phrases
from bot.memory import Memory, Remembered, Turn
from bot.reply import Reply, Status
from bot.settings import Settings
from bot.store import metadata, open_store

pytestmark = pytest.mark.anyio
Serve = Callable[..., Any]
SECRET = "白血病骨髓移植"
OPENID = "oVerySpecialPerson42"


def kept(folder: Path) -> bytes:
    """All bytes of the database's files."""
    return b"".join(path.read_bytes() for path in folder.glob("assistant.sqlite3*"))


@pytest.fixture
def remembering(talk: Any, tmp_path: Path) -> Any:
    """The conversation keeps and erases as the product's own does."""
    memory = Memory(open_store(Settings(_env_file=None, data_dir=tmp_path)), hours=24, turns=6)

    def reply(session: str, message: str, within: float | None = None) -> Reply:
        talk.asked.append((session, message))
        before: Remembered = memory.recall(session)
        talk.gate.wait(10)
        memory.keep(session, {"said": message}, Turn(message, message), before=before)
        return Reply(status=Status.ANSWERED, text=f"答：{message}。" * 300)

    talk.reply, talk.erase = reply, memory.erase
    return talk


@pytest.mark.parametrize("mode", ["passive", "push"])
async def test_clearing_and_unsubscribing_leave_nothing(
    serve: Serve, remembering: Any, tmp_path: Path, mode: str
) -> None:
    given = {"wechat_mode": mode, "wechat_app_secret": "s"}
    async with serve(**given, wechat_api_base="http://127.0.0.1:9") as server:
        for goodbye in ("清除", "unsubscribe"):
            await server.says(SECRET, OPENID)
            async with asyncio.timeout(20):
                while SECRET.encode() not in kept(tmp_path):
                    await asyncio.sleep(0.05)
            if goodbye == "unsubscribe":
                assert (await server.wechat.event(OPENID, goodbye)).text == ""
            else:
                assert await server.says(goodbye, OPENID) == phrases.ERASED
            await asyncio.sleep(0.2)
            for trace in (SECRET, OPENID):
                assert trace.encode() not in kept(tmp_path), f"{goodbye} leaves {trace}"


async def test_clearing_while_an_answer_is_made(
    serve: Serve, remembering: Any, tmp_path: Path
) -> None:
    remembering.hold()
    async with serve() as server:
        assert await server.says(SECRET, OPENID) == phrases.WAIT
        assert await server.says("清除", OPENID) == phrases.ERASED
        remembering.release()
        await asyncio.sleep(0.5)
        assert await server.says("继续", OPENID) == phrases.NO_MORE
    assert SECRET.encode() not in kept(tmp_path)


async def test_a_redelivered_clear_does_not_erase_what_came_after(
    serve: Serve, remembering: Any, tmp_path: Path
) -> None:
    async with serve() as server:
        xml = server.wechat.message(OPENID, "text", {"Content": "清除"})
        await server.wechat.deliver(xml)
        await server.says(SECRET, OPENID)
        again = await server.wechat.deliver(xml)
        assert server.wechat.read(again.text) == phrases.ERASED
        assert (await server.says("继续", OPENID) or "").startswith("答")


async def test_expired_messages_are_forgotten(serve: Serve, talk: Any, tmp_path: Path) -> None:
    async with serve() as server:
        await server.says(SECRET, OPENID)
    engine = open_store(Settings(_env_file=None, data_dir=tmp_path))
    with engine.begin() as connection:
        connection.execute(text("UPDATE wechat_message SET received = received - 90000"))
        connection.execute(text("UPDATE wechat_person SET touched = touched - 90000"))
    engine.dispose()
    async with serve(), asyncio.timeout(20):
        while SECRET.encode() in kept(tmp_path):
            await asyncio.sleep(0.05)


async def test_two_replicas_on_postgresql(serve: Serve, talk: Any, postgresql_url: str) -> None:
    """The whole way on PostgreSQL: once each, in order, late answers, clearing."""
    try:
        async with (
            serve(database_url=postgresql_url) as one,
            serve(database_url=postgresql_url) as two,
        ):
            xml = one.wechat.message("oA", "text", {"Content": "能报多少"})
            deliveries = (server.wechat.deliver(xml) for server in (one, two, one))
            bodies = [one.wechat.read(r.text) for r in await asyncio.gather(*deliveries)]
            assert bodies == ["答：能报多少"] * 3
            assert len(talk.asked) == 1
            talk.hold()
            assert await one.says("甲", "oB") == phrases.WAIT
            talk.release()
            assert await two.says("1", "oB") == "您问的「甲」：\n答：甲"
            many = [(one, two)[n % 2].says(f"问{n}", f"oC{n % 7}") for n in range(40)]
            assert await asyncio.gather(*many) == [f"答：问{n}" for n in range(40)]
            assert await two.says("清除", "oB") == phrases.ERASED
            assert await one.says("重发", "oB") == phrases.NOTHING_TO_REPEAT
    finally:
        engine = open_store(Settings(_env_file=None, database_url=postgresql_url))
        with engine.begin() as connection:
            left = connection.scalar(text("SELECT count(*) FROM wechat_message"))
        metadata.drop_all(engine)
        engine.dispose()
    assert left


async def test_memory_stays_flat(serve: Serve, talk: Any) -> None:
    async def some(server: Any, rounds: int) -> int:
        for _ in range(rounds):
            await asyncio.gather(*(server.says("问" * 900, f"o{n}") for n in range(10)))
        talk.asked.clear()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    async with serve(wechat_per_minute=10_000) as server:
        tracemalloc.start()
        before = await some(server, 3)
        after = await some(server, 10)
        tracemalloc.stop()
    # Question and answer take 3.6 KB; caches of the libraries grow a little.
    assert after - before < 100 * 2000
