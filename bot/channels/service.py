"""What the HTTP channels share: one way into the conversation, with limits, threads, metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from starlette.requests import Request

from bot.answering.answerer import Progress, Watch, unwatched
from bot.channels.limits import BusyError, Limits
from bot.channels.metrics import Metrics
from bot.memory import Verdict
from bot.reply import Citation, Reply
from bot.settings import Settings
from corpus.documents import Clause
from tools.settlement import settle

_Result = TypeVar("_Result")


class Conversation(Protocol):
    """What a channel needs of `bot.conversation.Conversation`."""

    def reply(
        self,
        session: str,
        message: str,
        within: float | None = None,
        watch: Watch = unwatched,
    ) -> Reply:
        """Answer one message, within so many seconds; None: the answerer's own time."""

    def choose_region(self, session: str, region: str | None) -> None:
        """The patient picked a place in the page, or took it back."""

    def judge(self, session: str, reply: str, verdict: Verdict) -> None:
        """The patient's verdict on a reply."""

    def erase(self, session: str) -> None:
        """Forget the session."""

    def purge(self) -> None:
        """Forget the sessions that have expired."""

    def ready(self) -> bool:
        """Whether index and store are open."""


def address(request: Request) -> str:
    """The client's address, by which its requests are counted."""
    return request.client.host if request.client else "unknown"


class Service:
    """Answers for one channel's clients; never blocks the event loop.

    A channel's sessions are its own: the same session string means another conversation in
    another channel.

    Args:
        conversation: answers messages.
        clauses: the library by clause id, for the citations of an estimate.
        settings: limits and threads.
    """

    def __init__(
        self, conversation: Conversation, clauses: Mapping[str, Clause], settings: Settings
    ) -> None:
        self.metrics = Metrics()
        self._clauses = clauses
        self._conversation = conversation
        self._limits = Limits(
            per_minute=settings.requests_per_minute, in_flight=settings.max_in_flight
        )
        self._threads = ThreadPoolExecutor(settings.reply_threads, thread_name_prefix="reply")

    async def reply(
        self, channel: str, client: str, session: str, message: str, within: float | None = None
    ) -> Reply:
        """Answer one message, within so many seconds; None: the answerer's own time.

        Raises:
            BusyError: over a limit.
        """
        answer = partial(self._conversation.reply, f"{channel}:{session}", message, within)
        return await self._answered(channel, client, answer)

    async def stream(
        self, channel: str, client: str, session: str, message: str
    ) -> AsyncIterator[Progress | Reply]:
        """Answer one message as `reply`, with what can be shown meanwhile; the reply comes last.

        Raises:
            BusyError: over a limit.
        """
        loop = asyncio.get_running_loop()
        news: asyncio.Queue[Progress | None] = asyncio.Queue()

        def watch(progress: Progress | None) -> None:
            loop.call_soon_threadsafe(news.put_nowait, progress)

        answer = partial(self._conversation.reply, f"{channel}:{session}", message, watch=watch)
        reply = asyncio.create_task(self._answered(channel, client, answer))
        reply.add_done_callback(lambda _: watch(None))
        while (progress := await news.get()) is not None:
            yield progress
        yield await reply

    async def _answered(self, channel: str, client: str, answer: Callable[[], Reply]) -> Reply:
        with self.admitted(channel, client, "chat"):
            reply = await self._run(answer)
        self.metrics.replies.labels(channel, reply.status, reply.answerer).inc()
        return reply

    async def estimate(self, channel: str, client: str, case: Mapping[str, Any]) -> dict[str, Any]:
        """Settle one case.

        Raises:
            BusyError: over a limit.
            InvalidCase: a field has a value that no case may have.
        """
        with self.admitted(channel, client, "estimate"):
            result = await self._run(settle, case)
        self.metrics.estimates.labels(channel, result.status).inc()
        return result.to_json(self._clauses)

    def citations(self, result: Mapping[str, Any]) -> tuple[Citation, ...]:
        """The clauses that a settlement rests on, numbered in the order of their use."""
        ids: dict[str, None] = {}
        for line in result["lines"]:
            ids |= {cite["clause"]: None for cite in (line["cite"], *line["more_cites"]) if cite}
        for entry in (*result["alternatives"], *result["gaps"]):
            ids |= {entry["cite"]["clause"]: None} if entry["cite"] else {}
        known = [self._clauses[clause] for clause in ids if clause in self._clauses]
        return tuple(Citation.of(n, clause) for n, clause in enumerate(known, 1))

    async def choose_region(self, channel: str, session: str, region: str | None) -> None:
        """The place that the patient picked."""
        await self._run(self._conversation.choose_region, f"{channel}:{session}", region)

    async def judge(self, channel: str, session: str, reply: str, verdict: Verdict) -> None:
        """The patient's verdict on a reply."""
        await self._run(self._conversation.judge, f"{channel}:{session}", reply, verdict)
        self.metrics.verdicts.labels(verdict).inc()

    async def erase(self, channel: str, session: str) -> None:
        """Forget the session."""
        await self._run(self._conversation.erase, f"{channel}:{session}")

    async def ready(self) -> bool:
        """Whether index and store are open; asked past the queue, so that load doesn't hide it."""
        return await asyncio.to_thread(self._conversation.ready)

    async def purge(self) -> None:
        """Forget the sessions that have expired."""
        await self._run(self._conversation.purge)

    def close(self) -> None:
        """Let the requests that are being answered finish."""
        self._threads.shutdown()

    @contextmanager
    def admitted(self, channel: str, client: str, kind: str) -> Iterator[None]:
        """Count something asked for by a client while it is being done.

        Raises:
            BusyError: over a limit.
        """
        try:
            with self._limits.admit(client), self.metrics.measured(channel, kind):
                yield
        except BusyError:
            self.metrics.refused.labels(channel, "busy").inc()
            raise

    async def _run(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
