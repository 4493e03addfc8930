"""Tool calls that a model writes into its text instead of making them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage
from langchain_core.messages.tool import ToolCall, tool_call

_NAMES = ("name", "tool", "function", "tool_name")
_ARGUMENTS = ("arguments", "parameters", "args", "input")
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL)


def with_calls(message: AIMessage, tools: Collection[str]) -> AIMessage:
    """Return the message with the calls in its text made real; unchanged where it has none."""
    if message.tool_calls or not tools:
        return message
    calls = list(_calls(_THINKING.sub("", message.text), tools))
    if not calls:
        return message
    return message.model_copy(update={"content": "", "tool_calls": calls})


def _calls(text: str, tools: Collection[str]) -> Iterator[ToolCall]:
    for value in _objects(text):
        for key in ("function", "tool_call"):  # {"function": {"name": …, "arguments": …}}
            value = value[key] if isinstance(value.get(key), Mapping) else value
        name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
        arguments: Any = next((value[key] for key in _ARGUMENTS if key in value), {})
        if isinstance(arguments, str):
            arguments = next(_objects(arguments), {})
        if name in tools and isinstance(arguments, Mapping):
            yield tool_call(name=str(name), args=dict(arguments), id=uuid4().hex)


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Return the outermost JSON objects of a text."""
    # Amounts go back to the model in JSON, which has no exact numbers: as text they stay exact.
    decoder = json.JSONDecoder(parse_float=str)
    at = text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(value, dict):
                yield value
        at = text.find("{", end)
