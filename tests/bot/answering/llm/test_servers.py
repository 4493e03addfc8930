"""Model servers that are dead, slow, flapping or lying: every patient is answered in time."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel

from bot.answering.llm.budget import Breaker
from bot.answering.llm.errors import ModelError
from bot.answering.llm.opening import open_model
from bot.answering.llm.trace import Outcome, Trace
from bot.conversation import Conversation
from bot.settings import Settings
from tests.bot.answering.llm.conftest import Opened
from tests.bot.answering.llm.model_server import ModelServer
from tests.bot.answering.llm.test_answers import (
    BILL,
    CASE,
    LEAD,
    MATERIALS,
    MATERIALS_SAID,
    shows_embedded,
)

BUDGET = 1.5
SLACK = 1.5
"""Of a busy machine."""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    server = ModelServer()
    server.text = MATERIALS_SAID
    yield server
    server.close()


@pytest.fixture
def remote(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> BaseChatModel:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return open_model(Settings(bot_llm="openai:some-model", answer_seconds=BUDGET))


def reply_in_time(conversation: Conversation, question: str, session: str = "a") -> str:
    began = time.monotonic()
    reply = conversation.reply(session, question)
    assert time.monotonic() - began < BUDGET + SLACK
    assert reply.text
    return reply.answerer


def test_a_server_is_spoken_to_as_usual(
    opened: Opened, remote: BaseChatModel, server: ModelServer, traces: list[Trace]
) -> None:
    server.calls, server.text = [CASE], LEAD
    reply = opened(remote, seconds=10).reply("a", BILL)
    assert reply.answerer == "llm"
    assert reply.text.startswith(LEAD)
    first, second = server.requests
    assert first["tools"][0]["function"]["name"] == "settle"
    assert "expense" in first["tools"][0]["function"]["parameters"]["properties"]
    assert second["messages"][-1]["role"] == "tool"
    trace = traces[0]
    assert (trace.calls, trace.input_tokens, trace.output_tokens) == (2, 1800, 80)


def test_a_call_in_the_text_goes_back_to_the_server_with_its_result(
    opened: Opened, remote: BaseChatModel, server: ModelServer, traces: list[Trace]
) -> None:
    server.written_call = '{"name": "settle", "arguments": {"expense": 15000.00}}'
    server.text = LEAD
    reply = opened(remote, seconds=10).reply("a", BILL)
    assert reply.answerer == "llm"
    assert "2,360" in server.requests[1]["messages"][-1]["content"]
    assert traces[0].tool_calls == 1


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        ({"status": 429}, Outcome.RATE_LIMITED),
        ({"status": 500}, Outcome.UNAVAILABLE),
        ({"status": 401}, Outcome.UNAVAILABLE),
        ({"garbage": True}, Outcome.UNAVAILABLE),
        ({"delay": 30}, Outcome.LATE),
        ({"drip": 0.05}, Outcome.LATE),
        ({"breaks": True}, Outcome.REJECTED),
        ({"text": ""}, Outcome.REJECTED),
    ],
)
def test_a_bad_server_costs_no_answer(
    opened: Opened,
    plain: Conversation,
    remote: BaseChatModel,
    server: ModelServer,
    traces: list[Trace],
    behaviour: dict[str, object],
    outcome: Outcome,
) -> None:
    for name, value in behaviour.items():
        setattr(server, name, value)
    seconds = BUDGET if outcome is Outcome.LATE else 10
    began = time.monotonic()
    reply = opened(remote, seconds=seconds).reply("a", MATERIALS)
    assert time.monotonic() - began < seconds + SLACK
    assert shows_embedded(reply, plain, MATERIALS)
    assert (traces[0].outcome, traces[0].calls >= 1) == (outcome, True)


def test_a_dead_server_is_soon_left_alone_and_found_again(
    opened: Opened, remote: BaseChatModel, server: ModelServer, traces: list[Trace]
) -> None:
    now = [0.0]
    breaker = Breaker(failures=3, rest=30, clock=lambda: now[0])
    conversation = opened(remote, seconds=10, breaker=breaker)
    server.status = 500
    for _ in range(5):
        conversation.reply("a", MATERIALS)
    assert len(server.requests) == 3
    assert [t.outcome for t in traces[3:]] == [Outcome.RESTING, Outcome.RESTING]
    now[0] = 31
    conversation.reply("a", MATERIALS)
    conversation.reply("a", MATERIALS)
    assert len(server.requests) == 4, "one try after the rest"
    now[0] = 62
    server.status = 200
    assert conversation.reply("a", MATERIALS).answerer == "llm"
    assert conversation.reply("a", MATERIALS).answerer == "llm"


def test_nothing_listens(
    opened: Opened, remote: BaseChatModel, server: ModelServer, traces: list[Trace]
) -> None:
    server.close()
    assert reply_in_time(opened(remote, seconds=BUDGET), MATERIALS) == "embedded"
    assert traces[0].outcome is Outcome.UNAVAILABLE


def test_a_flapping_server_is_used_when_it_is_there(
    opened: Opened, remote: BaseChatModel, server: ModelServer
) -> None:
    conversation = opened(remote, seconds=10)
    by = []
    for number in range(6):
        server.status = 500 if number % 2 else 200
        by.append(conversation.reply("a", MATERIALS).answerer)
    assert by == ["llm", "embedded"] * 3


def test_a_message_channel_is_answered_within_its_own_time(
    opened: Opened, remote: BaseChatModel, server: ModelServer
) -> None:
    server.delay = 30
    conversation = opened(remote, seconds=20)
    began = time.monotonic()
    assert conversation.reply("a", MATERIALS, within=1.2).answerer == "embedded"
    assert time.monotonic() - began < 1.2 + SLACK


def test_a_model_too_slow_for_messages_still_answers_in_the_page(
    opened: Opened, remote: BaseChatModel, server: ModelServer, traces: list[Trace]
) -> None:
    conversation = opened(remote, seconds=10)
    server.status = 500
    for _ in range(4):
        conversation.reply("a", MATERIALS, within=3.5)
    assert traces[-1].outcome is Outcome.RESTING
    server.status = 200
    assert conversation.reply("b", MATERIALS).answerer == "llm"


def test_no_time_no_model(opened: Opened, remote: BaseChatModel, server: ModelServer) -> None:
    assert opened(remote).reply("a", MATERIALS, within=0).answerer == "embedded"
    assert not server.requests


def test_sixteen_patients_and_a_slow_server(
    opened: Opened, remote: BaseChatModel, server: ModelServer, traces: list[Trace]
) -> None:
    server.delay = 30
    conversation = opened(remote, seconds=BUDGET, parallel=8)
    conversation.reply("warm", MATERIALS, within=0)
    began = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        by = list(pool.map(lambda n: conversation.reply(str(n), MATERIALS).answerer, range(48)))
    assert by == ["embedded"] * 48
    # Three waves at most, and only the first waits for the model.
    assert time.monotonic() - began < 2 * (BUDGET + SLACK)
    outcomes = Counter(trace.outcome for trace in traces)
    assert outcomes[Outcome.LATE] <= 8
    # A call may end in time for another one of the last wave. On a slow machine some patients
    # are answered without a trace: their time was over before the model could be asked.
    waited = len(traces) - outcomes[Outcome.BUSY] - outcomes[Outcome.RESTING]
    assert waited <= 12


def test_a_lying_server_under_load(
    opened: Opened, remote: BaseChatModel, server: ModelServer
) -> None:
    server.calls, server.text = [CASE], "您一分不用付，医保付 15,000 元，保证全额报销 100%。"
    conversation = opened(remote, seconds=10, parallel=4)
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda n: conversation.reply(str(n), BILL), range(8)))
    for reply in replies:
        assert reply.answerer == "embedded"
        assert "2,360.00" in reply.text
        assert "100%" not in reply.text


def test_an_unknown_model_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    for name in ("openai:x", "nosuch:x", "noprovider"):
        with pytest.raises(ModelError, match=f"BOT_LLM={name}"):
            open_model(Settings(bot_llm=name))


def test_a_missing_model_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make run-local-llm"):
        open_model(Settings(bot_llm="local", data_dir=tmp_path))
    with pytest.raises(ModelError, match=r"nowhere\.gguf"):
        open_model(Settings(bot_llm="gguf:/nowhere.gguf"))


def test_nothing_is_sent_anywhere_but_to_the_model(
    opened: Opened, remote: BaseChatModel, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No tracing service is called unless it is configured."""
    hosts: list[object] = []
    look_up = socket.getaddrinfo

    def watched(host: object, *rest: Any, **options: Any) -> Any:
        hosts.append(host)
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    opened(remote, seconds=10).reply("a", MATERIALS)
    assert set(hosts) == {"127.0.0.1"}
