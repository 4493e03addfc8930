"""Push mode against a mock of the platform's API on loopback: no part twice, none lost, no loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.channels.wechat import channel, phrases
from bot.channels.wechat import mock_api as mock
from bot.channels.wechat.mock_api import MockApi
from bot.reply import Reply, Status

pytestmark = pytest.mark.anyio
Serve = Callable[..., Any]
ME = "oPatient1"
LONG = "".join(
    f"第{n}条说的是报销要带的材料和办理的地方，请带好身份证和医保卡。" for n in range(250)
)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for work often, wait between attempts for moments only."""
    monkeypatch.setattr("bot.channels.wechat.pump.POLL_SECONDS", 0.05)
    monkeypatch.setattr("bot.channels.wechat.outbox.MAX_WAIT_SECONDS", 0.01)


@asynccontextmanager
async def pushing(serve: Serve, api: MockApi) -> AsyncIterator[Any]:
    async with mock.serve(api) as base:
        given = {"wechat_mode": "push", "wechat_app_secret": "s", "wechat_api_base": base}
        async with serve(**given) as server:
            server.settle = lambda count=1: settled(api, count)
            yield server


async def settled(api: MockApi, count: int) -> list[str]:
    """What was accepted, once it is so many and no more comes."""
    async with asyncio.timeout(20):
        while len(api.accepted[ME]) < count:
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    return api.accepted[ME]


async def calls(api: MockApi, count: int) -> None:
    async with asyncio.timeout(20):
        while api.calls["send"] < count:
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)


async def test_the_call_is_acknowledged_and_the_answer_sent(serve: Serve) -> None:
    api = MockApi()
    async with pushing(serve, api) as server:
        xml = server.wechat.message(ME, "text", {"Content": "能报多少"})
        for _ in range(3):
            assert (await server.wechat.deliver(xml)).text == "success"
        assert await server.settle() == ["答：能报多少"]


async def test_at_most_three_parts_the_rest_behind_a_word(serve: Serve, talk: Any) -> None:
    talk.answer = lambda _: Reply(status=Status.ANSWERED, text=LONG)
    api = MockApi()
    async with pushing(serve, api) as server:
        await server.says("都有哪些")
        shown = list(await server.settle(3))
        assert len(shown) == 3
        while shown[-1].endswith(phrases.MORE):
            shown.append(await server.says("继续"))
    assert "".join(text.removesuffix(phrases.MORE).strip() for text in shown) == LONG


@pytest.mark.parametrize("code", [mock.WINDOW_OVER, mock.QUOTA_USED_UP, 48001])
async def test_a_refused_answer_waits_until_the_person_writes(serve: Serve, code: int) -> None:
    api = MockApi()
    api.codes.append(code)
    async with pushing(serve, api) as server:
        await server.says("甲")
        await calls(api, 1)
        assert api.accepted[ME] == []
        assert api.calls["send"] == 1, "no loop"
        await server.says("乙")
        assert await server.settle(2) == ["答：甲", "答：乙"]


async def test_the_quota_is_kept_and_nothing_lost(serve: Serve, talk: Any) -> None:
    talk.answer = lambda message: Reply(
        status=Status.ANSWERED, text=LONG.replace("第", f"{message}，第")
    )
    api = MockApi(strict=True)
    async with pushing(serve, api) as server:
        api.writes(ME)
        for question in ("甲", "乙"):
            await server.says(question)
        assert len(await server.settle(5)) == 5
        api.writes(ME)
        await server.says("谢谢")
        shown = await server.settle(9)
    assert len(shown) == len(set(shown)) == 9


async def test_a_refused_token_is_fetched_again_once(serve: Serve) -> None:
    api = MockApi()
    async with pushing(serve, api) as server:
        await server.says("甲")
        await server.settle()
        api.token = "token-2"
        await server.says("乙")
        assert await server.settle(2) == ["答：甲", "答：乙"]
    assert api.calls["stable_token"] == 2
    assert api.calls["force_refresh"] == 0


async def test_a_token_that_is_always_refused_makes_no_loop(serve: Serve) -> None:
    api = MockApi()
    api.codes.extend([mock.BAD_TOKEN] * 100)
    async with pushing(serve, api) as server:
        await server.says("甲")
        await calls(api, 16)
        assert api.calls["send"] == 16, "eight attempts of two"
        api.codes.clear()
        await server.says("乙")
        assert await server.settle(2) == ["答：甲", "答：乙"]


async def test_busy_is_tried_again(serve: Serve) -> None:
    api = MockApi()
    api.codes.extend([-1, -1])
    async with pushing(serve, api) as server:
        await server.says("甲")
        assert await server.settle() == ["答：甲"]


async def test_a_time_out_after_acceptance_is_not_sent_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "TIMEOUT", httpx.Timeout(0.5))
    api = MockApi()
    api.hold.append(1.0)
    async with pushing(serve, api) as server:
        await server.says("甲")
        assert await server.settle() == ["答：甲"]
        await server.says("乙")
        assert await server.settle(2) == ["答：甲", "答：乙"]
        assert await server.says("重发") == "答：乙"


async def test_a_replica_that_died_while_sending_leaves_it(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.wechat.outbox.LEASE_SECONDS", 0.1)
    api = MockApi()
    api.latency = 1.0
    async with pushing(serve, api) as server:
        await server.says("甲")
        assert await server.settle() == ["答：甲"]
    assert api.calls["send"] == 1


async def test_an_unreachable_platform_loses_nothing(serve: Serve) -> None:
    api = MockApi()
    nobody = "http://127.0.0.1:9"  # a port that was free a moment ago may be another test's by now
    given = {"wechat_mode": "push", "wechat_app_secret": "s"}
    async with serve(**given, wechat_api_base=nobody) as server:
        await server.says("甲")
        await asyncio.sleep(0.5)
    async with pushing(serve, api) as server:
        await server.says("乙")
        assert await server.settle(2) == ["答：甲", "答：乙"]


async def test_typing_is_shown_for_slow_answers(
    serve: Serve, talk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "TYPING_SECONDS", 0.05)
    api = MockApi()
    talk.hold()
    async with pushing(serve, api) as server:
        await server.says("甲")
        async with asyncio.timeout(10):
            while not api.typing:
                await asyncio.sleep(0.05)
        talk.release()
        assert await server.settle() == ["答：甲"]


async def test_neither_token_nor_openid_is_logged(serve: Serve, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    for name in ("httpx", "httpcore"):
        caplog.set_level("INFO", logger=name)
    api = MockApi()
    api.codes.append(mock.WINDOW_OVER)
    async with pushing(serve, api) as server:
        await server.says("我的秘密问题")
        await calls(api, 1)
    for secret in (api.token, ME, "秘密", "Zx81kQw7LmP3vTn6"):
        assert secret not in caplog.text
