"""Opens the chat model that ``BOT_LLM`` names."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dotenv
import httpx
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from bot.answering.embedded import EmbeddedAnswerer
from bot.answering.llm.agent import warm_up
from bot.answering.llm.answerer import LLMAnswerer
from bot.answering.llm.errors import ModelError
from bot.answering.llm.local.fetch import place
from bot.answering.llm.local.server import LocalServer
from bot.settings import Settings
from corpus.regions import Region

_TOKENS = 800
"""Of one message; a model may think before it speaks."""
_FEW_TOKENS = 96
"""Of a small model's message: one or two sentences."""


def with_model(
    embedded: EmbeddedAnswerer, settings: Settings, regions: Iterable[Region]
) -> LLMAnswerer:
    """Put the model of the settings before the embedded answerer.

    Raises:
        ModelError: the model can't be used.
    """
    model = open_model(settings)
    if is_local(settings):
        threading.Thread(target=warm_up, args=(model,), daemon=True, name="warm-up").start()
    return LLMAnswerer(
        embedded,
        model,
        [region.name for region in regions],
        seconds=settings.answer_seconds,
        small=is_local(settings),
        # One machine's model answers one after the other: who would wait is answered without it.
        parallel=1 if is_local(settings) else settings.llm_parallel,
    )


def open_model(settings: Settings) -> BaseChatModel:
    """Return the model; one on this machine is started.

    Raises:
        ModelError: the name, a package, a key or the file is missing.
    """
    name = settings.bot_llm
    if is_local(settings):
        return _local(settings)
    # Keys stand in the environment or beside the other settings.
    dotenv.load_dotenv(Path(".env"))
    options = _limits(settings)
    if name.startswith("openai:"):
        options["stream_usage"] = True
    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except Exception as error:  # each provider's package has its own
        raise ModelError(f"BOT_LLM={name}: {error}") from error
    return model


def _limits(settings: Settings) -> dict[str, Any]:
    """No second try of the client's own: time is short, and the embedded answer is there."""
    return {
        "temperature": 0,
        "max_tokens": _TOKENS,
        "timeout": settings.answer_seconds,
        "max_retries": 0,
    }


def is_local(settings: Settings) -> bool:
    """Whether the model runs on this machine; it is then taken for a small one."""
    return settings.bot_llm == "local" or settings.bot_llm.startswith("gguf:")


def _local(settings: Settings) -> BaseChatModel:
    file = Path(settings.bot_llm.removeprefix("gguf:"))
    if settings.bot_llm == "local":
        file = place(settings.data_dir)
    if not file.is_file():
        raise ModelError(f"BOT_LLM={settings.bot_llm}: {file} is missing; run make run-local-llm")
    try:
        server = LocalServer(file)
    except OSError as error:
        raise ModelError(f"BOT_LLM={settings.bot_llm}: {error}") from error
    return ChatOpenAI(
        model="local",
        base_url=f"{server.url}/v1",
        api_key=SecretStr("none"),
        http_client=httpx.Client(trust_env=False),
        stream_usage=True,
        **_limits(settings) | {"max_tokens": _FEW_TOKENS},
    )
