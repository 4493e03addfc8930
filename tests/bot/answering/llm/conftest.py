"""A chat model that says what a test puts in, around the real index and the real policies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from bot.answering.embedded import EmbeddedAnswerer
from bot.answering.llm.answerer import LLMAnswerer
from bot.answering.llm.trace import Trace
from bot.conversation import Conversation
from bot.memory import Memory
from bot.retrieval import Retriever, open_retriever
from bot.settings import Settings
from bot.store import open_store
from bot.understanding.world import World
from corpus.regions import load_regions

Said = str | AIMessage | Exception | Callable[[Sequence[BaseMessage]], str | AIMessage]


class QueuedModel(BaseChatModel):
    """Says what is queued, a few characters at a time; the last again and again."""

    queue: list[Any] = Field(default_factory=list)
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    pause: float = 0
    """Seconds before each piece."""

    @property
    def _llm_type(self) -> str:
        return "queued"

    def bind_tools(self, tools: Any, **_: Any) -> QueuedModel:
        return self

    def say(self, *said: Said) -> None:
        self.queue[:] = said
        self.seen.clear()

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        self.seen.append(messages)
        said = self.queue.pop(0) if len(self.queue) > 1 else self.queue[0]
        if isinstance(said, Exception):
            raise said
        said = said(messages) if callable(said) else said
        return AIMessage(said) if isinstance(said, str) else said

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._next(messages)
        if message.tool_calls:
            chunk = AIMessageChunk(message.text, tool_calls=message.tool_calls)
            yield ChatGenerationChunk(message=chunk)
            return
        for at in range(0, max(len(message.text), 1), 7):
            time.sleep(self.pause)
            piece = AIMessageChunk(message.text[at : at + 7])
            yield ChatGenerationChunk(message=piece)
        last = AIMessageChunk(
            "", usage_metadata=message.usage_metadata, response_metadata=message.response_metadata
        )
        yield ChatGenerationChunk(message=last)


def calls(*arguments: dict[str, Any]) -> AIMessage:
    """A message that calls the settlement tool, once for each set of arguments."""
    made = [tool_call(name="settle", args=a, id=f"call-{n}") for n, a in enumerate(arguments)]
    return AIMessage("", tool_calls=made)


@pytest.fixture(scope="session")
def retriever(data_dir: Path) -> Retriever:
    return open_retriever(Settings(data_dir=data_dir), light=True)


@pytest.fixture
def model() -> QueuedModel:
    return QueuedModel()


@pytest.fixture
def traces() -> list[Trace]:
    return []


Opened = Callable[..., Conversation]


@pytest.fixture
def opened(retriever: Retriever, tmp_path: Path, traces: list[Trace]) -> Iterator[Opened]:
    """Opens a conversation around a chat model."""
    engine = open_store(Settings(data_dir=tmp_path))
    regions = load_regions()
    by_id = {region.id: region for region in regions}
    embedded = EmbeddedAnswerer(retriever, by_id)

    def opened(model: BaseChatModel | None, **options: Any) -> Conversation:
        answerer: Any = embedded
        if model is not None:
            names = [region.name for region in regions]
            answerer = LLMAnswerer(embedded, model, names, report=traces.append, **options)
        memory = Memory(engine, hours=1, turns=3)
        return Conversation(answerer, memory, World(regions, retriever.clauses.values()), by_id)

    yield opened
    engine.dispose()


@pytest.fixture
def conversation(opened: Opened, model: QueuedModel) -> Conversation:
    return opened(model)


@pytest.fixture
def plain(opened: Opened) -> Conversation:
    """Without a model."""
    return opened(None)
