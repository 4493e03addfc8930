"""One conversation with the model about one question: a LangChain agent with the tool in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    AnyMessage,
    HumanMessage,
    SystemMessage,
    message_chunk_to_message,
)

from bot.answering.llm.budget import Deadline
from bot.answering.llm.calls import with_calls
from bot.answering.llm.task import Task, prompt
from bot.answering.llm.text import clean, whole_sentences
from bot.answering.llm.tool import NAME, settlement_tool
from bot.answering.llm.trace import Trace

_CALLS = 4
"""Calls of the model for one draft."""
_LONGEST = 4000
"""Characters read of one message, thinking included; what comes after is not waited for."""
_BLANKS = 40
"""Of so many at its end, a message has ended, though the model goes on."""


class NoEndError(Exception):
    """The model calls the tool again and again."""


class Agent:
    """Drafts an answer, and drafts it again when told what was wrong.

    Args:
        model: any chat model.
        task: the question.
        deadline: when to give up.
        trace: counts calls and tokens.
        written: called with the text written so far, again and again.
    """

    def __init__(
        self,
        model: BaseChatModel,
        task: Task,
        deadline: Deadline,
        trace: Trace,
        written: Callable[[str], None],
    ) -> None:
        tools = [settlement_tool(task.inquiry, self._settle)] if task.calls else []
        self._agent: Any = create_agent(
            model,
            tools,
            system_prompt=task.system,
            middleware=[_Reading(deadline, trace, written)],
        )
        self._before: list[AnyMessage] = examples() if task.small else []
        self._messages = [*self._before, HumanMessage(task.question())]
        self._task = task
        self._trace = trace
        self.settled = False
        """Whether the model has called the tool and got a settlement."""

    def draft(self) -> str:
        """Return the model's words for the patient, cleaned.

        Raises:
            LateError: the time is over.
            NoEndError: it doesn't come to words.
            Exception: whatever the model's client raises.
        """
        self._messages = self._agent.invoke({"messages": self._messages})["messages"]
        last = self._messages[-1]
        if last.response_metadata.get("finish_reason") == "length":
            return whole_sentences(clean(last.text))
        return clean(last.text)

    def object(self, complaints: str) -> None:
        """Tell the model what is wrong with its draft."""
        retry = prompt("retry").format(objections=complaints)
        if self._task.small:
            # Shown its own words, a small model repeats them.
            self._ask_again(retry)
        else:
            self._messages.append(HumanMessage(retry))

    def demand_call(self) -> None:
        """Have the model begin again, with the call of the tool; what it wrote is of no use."""
        self._ask_again(prompt("unsettled"))

    def _ask_again(self, besides: str) -> None:
        question = HumanMessage(f"{self._task.question()}\n{besides}")
        self._messages = [*self._before, question]

    def _settle(self) -> None:
        self.settled = True
        self._trace.tool_calls += 1


def examples() -> list[AnyMessage]:
    """Questions and answers in turn that show a small model what is wanted."""
    return [
        AIMessage(example) if number % 2 else HumanMessage(example)
        for number, example in enumerate(prompt("examples").split("\n\n"))
    ]


def warm_up(model: BaseChatModel) -> None:
    """Have a small model's server read what comes before every question; it is read once."""
    said = [SystemMessage(prompt("small")), *examples(), HumanMessage("")]
    with suppress(Exception):  # the first patient's question will tell
        model.invoke(said, max_tokens=1)


class _Reading(AgentMiddleware[Any, Any, Any]):
    """Reads what the model writes piece by piece, so that it can be shown, cut off or left."""

    def __init__(self, deadline: Deadline, trace: Trace, written: Callable[[str], None]) -> None:
        super().__init__()
        self._deadline = deadline
        self._trace = trace
        self._written = written

    def wrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], ModelResponse[Any]],  # noqa: ARG002
    ) -> ModelResponse[Any]:
        """Call the model as a stream; a call of the tool in its text counts as one."""
        if sum(isinstance(m, AIMessage) for m in request.messages) >= 2 * _CALLS:
            raise NoEndError
        message = self._read(request, [NAME] if request.tools else [])
        return ModelResponse(result=[message])

    def _read(self, request: ModelRequest[Any], tools: Sequence[str]) -> AIMessage:
        model: Any = request.model.bind_tools(request.tools) if request.tools else request.model
        system = [request.system_message] if request.system_message else []
        self._deadline.check()
        self._trace.calls += 1
        whole: AIMessageChunk | None = None
        for chunk in model.stream([*system, *request.messages]):
            self._deadline.check()
            whole = chunk if whole is None else whole + chunk
            self._written(whole.text)
            if _is_over(whole.text, tools):
                break
        message = message_chunk_to_message(whole) if whole is not None else AIMessage("")
        if not isinstance(message, AIMessage):
            return AIMessage("")
        if usage := message.usage_metadata:
            self._trace.input_tokens += usage["input_tokens"]
            self._trace.output_tokens += usage["output_tokens"]
        return with_calls(message, tools)


def _is_over(text: str, tools: Sequence[str]) -> bool:
    """Whether nothing of use can follow: small models go on without end."""
    if len(text) > _LONGEST or len(text) - len(text.rstrip()) >= _BLANKS:
        return True
    # What a model writes after a call is the result that it imagines.
    return text.rstrip().endswith("}") and bool(with_calls(AIMessage(text), tools).tool_calls)
