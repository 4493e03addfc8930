"""What a person sees in passive mode: each message answered once, none lost, none twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.wechat import phrases
from bot.reply import Reply, Status

pytestmark = pytest.mark.anyio
Serve = Callable[..., Any]


async def test_an_answer_comes_within_the_call(serve: Serve, talk: Any) -> None:
    async with serve() as server:
        assert await server.says("住院起付线多少") == "答：住院起付线多少"
    assert len(talk.asked) == 1


async def test_three_deliveries_get_one_answer(serve: Serve, talk: Any) -> None:
    async with serve() as server:
        xml = server.wechat.message("oPatient1", "text", {"Content": "能报多少"})
        responses = await asyncio.gather(*(server.wechat.deliver(xml) for _ in range(3)))
        later = await server.wechat.deliver(xml)
    assert {server.wechat.read(r.text) for r in (*responses, later)} == {"答：能报多少"}
    assert len(talk.asked) == 1


async def test_a_late_answer_waits_and_is_fetched_once(serve: Serve, talk: Any) -> None:
    talk.hold()
    async with serve() as server:
        assert await server.says("住院能报多少") == phrases.WAIT
        assert await server.says("1") == phrases.STILL_WAIT
        talk.release()
        assert await server.says("1") == "您问的「住院能报多少」：\n答：住院能报多少"
        assert await server.says("1") == "答：1", "now it is a choice, for the conversation"
        assert await server.says("继续") == phrases.NO_MORE
        assert await server.says("重发") == "答：1"


async def test_a_new_question_is_not_swallowed_by_a_late_answer(serve: Serve, talk: Any) -> None:
    talk.hold()
    async with serve() as server:
        assert await server.says("甲") == phrases.WAIT
        talk.release()
        shown = await server.says("乙")
        assert shown == "答：乙\n（您之前问的「甲」也查好了，回复「继续」看）"
        assert await server.says("继续") == "您问的「甲」：\n答：甲"


async def test_a_redelivered_fetch_shows_the_same(serve: Serve, talk: Any) -> None:
    talk.hold()
    async with serve() as server:
        await server.says("甲")
        talk.release()
        xml = server.wechat.message("oPatient1", "text", {"Content": "1"})
        first = server.wechat.read((await server.wechat.deliver(xml)).text)
        again = server.wechat.read((await server.wechat.deliver(xml)).text)
    assert first == again == "您问的「甲」：\n答：甲"


async def test_another_replica_goes_on_after_a_crash(
    serve: Serve, talk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.wechat.jobs.LEASE_SECONDS", 2)
    monkeypatch.setattr("bot.channels.wechat.channel.HEARTBEAT_SECONDS", 60)
    talk.hold()
    async with serve() as first:
        assert await first.says("甲") == phrases.WAIT
        # The first replica gives no sign of life any more; the second one takes the job.
        monkeypatch.setattr("bot.channels.wechat.channel.HEARTBEAT_SECONDS", 0.2)
        async with serve() as second:
            while len(talk.asked) < 2:
                await asyncio.sleep(0.1)
            talk.release()
            assert await second.says("1") == "您问的「甲」：\n答：甲"
            assert await second.says("1") == "答：1"
    assert len(talk.asked) > 2


async def test_one_question_at_a_time_for_each_person(serve: Serve, talk: Any) -> None:
    talk.hold()
    async with serve() as server:
        await asyncio.gather(server.says("甲"), server.says("乙"), server.says("丙", "oPatient2"))
        assert len({session for session, _ in talk.asked}) == len(talk.asked) == 2


async def test_a_failure_ends_in_an_apology(serve: Serve, talk: Any, caplog: Any) -> None:
    def fail(message: str) -> Reply:
        raise RuntimeError(message)

    talk.answer = fail
    async with serve() as server:
        assert await server.says("我的秘密问题") == phrases.SORRY
    assert "RuntimeError" in caplog.text
    assert "秘密" not in caplog.text


async def test_long_answers_go_on_behind_a_word(serve: Serve, talk: Any) -> None:
    sentences = [f"第{n}条说的是报销要带的材料和办理的地方。" for n in range(200)]
    talk.answer = lambda _: Reply(status=Status.ANSWERED, text="".join(sentences))
    async with serve() as server:
        shown = [await server.says("都有哪些") or ""]
        while shown[-1].endswith(phrases.MORE):
            shown.append(await server.says("继续") or "")
        again = await server.says("重发")
    assert all(len(text.encode()) <= 2000 for text in shown)
    joined = "".join(text.removesuffix(phrases.MORE).strip() for text in shown)
    assert joined == "".join(sentences)
    assert again == shown[0]


async def test_a_new_answer_ends_the_old_one(serve: Serve, talk: Any) -> None:
    talk.answer = lambda question: Reply(status=Status.ANSWERED, text=f"{question}。" * 900)
    async with serve() as server:
        assert (await server.says("甲") or "").startswith("甲")
        assert (await server.says("乙") or "").startswith("乙")
        assert (await server.says("继续") or "").startswith("乙")


@pytest.mark.parametrize(
    ("text", "verdict"), [("👍", "up"), ("👍🏻", "up"), ("[弱]", "down"), ("没用", "down")]
)
async def test_a_verdict_is_kept(serve: Serve, talk: Any, text: str, verdict: str) -> None:
    async with serve() as server:
        assert await server.says(text) == f"答：{text}", "nothing to judge yet"
        talk.answer = lambda _: Reply(status=Status.ANSWERED, text="好")
        assert await server.says(text) == phrases.THANKS
    assert [given for _, _, given in talk.verdicts] == [verdict]


async def test_the_office_of_the_persons_place(serve: Serve, talk: Any) -> None:
    talk.answer = lambda _: Reply(status=Status.ANSWERED, text="好", region="wuxi")
    async with serve() as server:
        assert "常州" in (await server.says("人工") or "")
        await server.says("无锡住院")
        shown = await server.says("转人工") or ""
    assert "0510-81880202" in shown
    assert "12393" in shown
    assert "常州" not in shown


async def test_help_tells_the_commands(serve: Serve, talk: Any) -> None:
    async with serve() as server:
        assert "答：帮助" in (await server.says("帮助") or "")
        assert "重发" in (await server.says("继续") or "")


async def test_limits_answer_kindly(serve: Serve, talk: Any) -> None:
    async with serve(wechat_per_minute=3) as server:
        assert await server.says("长" * 1001) == phrases.TOO_LONG
        assert await server.says("  ") == phrases.EMPTY
        await server.says("甲")
        assert await server.says("乙") == phrases.TOO_FAST
        assert await server.says("丙", "oPatient2") == "答：丙"


async def test_a_full_house_says_so(serve: Serve, talk: Any) -> None:
    talk.hold()
    async with serve(wechat_backlog=2) as server:
        await asyncio.gather(server.says("甲", "o1"), server.says("乙", "o2"))
        assert await server.says("丙", "o3") == phrases.BUSY


async def test_what_is_not_text(serve: Serve, talk: Any) -> None:
    async with serve() as server:
        wechat = server.wechat
        assert (await wechat.event("oP", "subscribe")).text == phrases.GREETING
        assert (await wechat.event("oP", "subscribe", "qrscene_7")).text == phrases.GREETING
        image = await wechat.send("oP", "image", {"PicUrl": "http://x/y", "MediaId": "m"})
        assert image.text == phrases.IMAGE
        assert (await wechat.say("oP", "", "voice")).text == phrases.VOICE
        assert (await wechat.say("oP", "起付线多少", "voice")).text == "答：起付线多少"
        place = {"Location_X": "31.5", "Location_Y": "120.3", "Scale": "1", "Label": "家"}
        assert (await wechat.send("oP", "location", place)).text == phrases.UNSUPPORTED
        assert (await wechat.event("oP", "CLICK", "怎么备案")).text == "答：怎么备案"
        assert (await wechat.event("oP", "VIEW", "http://x")).text == ""
        assert (await wechat.event("oP", "something_new")).text == ""


async def test_private_numbers_are_not_kept(serve: Serve, talk: Any) -> None:
    async with serve() as server:
        await server.says("我身份证110101199003074514能报吗")
    assert "110101199003074514" not in str(talk.asked)
