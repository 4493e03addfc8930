"""The way of a message: kept, answered by the conversation, shown within the call or sent.

Everything that must survive a crash is in the database (inbox, jobs, outbox); what is here may die
at any moment, on any replica, and another one goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import httpx
from sqlalchemy import Engine

from bot.channels.limits import BusyError
from bot.channels.service import Service
from bot.channels.wechat import phrases
from bot.channels.wechat.accounts import Account
from bot.channels.wechat.commands import Command, read_command
from bot.channels.wechat.inbox import Inbox, Limits, Receipt, TooLateError
from bot.channels.wechat.jobs import Job, Jobs
from bot.channels.wechat.outbox import Outbox, Part
from bot.channels.wechat.platform import TIMEOUT, Platform, Sending
from bot.channels.wechat.protocol import Incoming, Kind
from bot.channels.wechat.pump import Pump, report, reported
from bot.channels.wechat.splitting import messages
from bot.channels.wechat.waiting import Answer, Call, Waiting
from bot.settings import Settings
from corpus.regions import load_regions

CHANNEL = "wechat"

ANSWER_SECONDS = 3.8
"""After so long a response is chosen, answer or not."""

LATEST_SECONDS = 4.2
"""After so long a delivery is answered with what has been decided, whatever the database does. The
platform hangs up after 5 s; the rest is for the way there and back, and for a busy machine."""

WATCH_SECONDS = 0.25
"""How often we look whether another replica has finished an answer that is waited for here."""

HEARTBEAT_SECONDS = 2
JOB_SECONDS = 60
"""A job that takes longer is left to another replica."""

TYPING_SECONDS = 1
"""「对方正在输入」 is shown for answers that take longer."""

AHEAD = 4
"""Jobs taken for each thread that answers: to take one out of the queue costs a transaction more
than to take it as it comes in."""

PURGE_SECONDS = 3600
SENDERS = 8
DATABASE_THREADS = 4

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class Channel:
    """The message channel of one process, for all accounts.

    Args:
        accounts: by AppID.
        service: answers, with its limits and metrics.
        settings: limits and the platform's address.
        engine: as `bot.store.open_store` returns it; disposed of at the end.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        service: Service,
        settings: Settings,
        engine: Engine,
    ) -> None:
        self._accounts = accounts
        self._service = service
        self._engine = engine
        self._keep_seconds = settings.conversation_hours * 3600
        limits = Limits(settings.wechat_per_minute, settings.wechat_backlog)
        self._inbox = Inbox(engine, limits, load_regions())
        self._jobs = Jobs(engine)
        self._outbox = Outbox(engine)
        self._api_base = settings.wechat_api_base
        self._platforms: dict[str, Platform] = {}
        self._message_seconds = settings.message_seconds
        self._answers = Pump(self._claim_jobs, self._answer, AHEAD * settings.reply_threads)
        self._sends = Pump(self._claim_parts, self._send, SENDERS)
        self._waiting = Waiting()
        self._deliveries: set[asyncio.Task[None]] = set()
        self._held: set[int] = set()
        self._threads = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="wechat")
        # httpx would log every address, and with it the access token.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    async def respond(self, account: Account, incoming: Incoming, began: float) -> str:
        """Return what the person sees within the call; empty: nothing.

        Args:
            account: to which the message was sent.
            incoming: the message; any delivery of it gets the same response.
            began: when the request arrived, in the event loop's time.
        """
        call = Call()
        delivery = asyncio.create_task(self._deliver(account, incoming, call, began))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)
        left = began + LATEST_SECONDS - asyncio.get_running_loop().time()
        # Not cancelled: what it does to the database is still to be done.
        await asyncio.wait((delivery,), timeout=left)
        return call.end()

    async def _deliver(
        self, account: Account, incoming: Incoming, call: Call, began: float
    ) -> None:
        """Decide what ``call`` is answered."""
        with reported(f"a message of {incoming.person[:12]} failed"), suppress(TooLateError):
            if incoming.kind is Kind.NOTICE:
                call.decide("")
            elif incoming.kind is Kind.UNSUBSCRIBE:
                call.decide("")
                await self._forget(incoming)
            elif incoming.kind is Kind.TEXT and read_command(incoming.text) is Command.ERASE:
                if not await self._run(self._inbox.knows, incoming.key):
                    await self._forget(incoming, incoming.key)
                call.decide(phrases.ERASED)
            else:
                await self._take_in(account, incoming, call, began + ANSWER_SECONDS)

    async def _take_in(self, account: Account, incoming: Incoming, call: Call, due: float) -> None:
        lease = self._jobs.lease() if self._answers.free else None
        try:
            receipt = await self._run(self._inbox.receive, account, incoming, call, lease)
        except Exception:
            # Not kept: then nothing may be promised.
            call.decide(phrases.BUSY)
            raise
        if account.mode == "push":
            self._sends.wake()
        if receipt.judged is not None:
            reply, verdict = receipt.judged
            await self._service.judge(CHANNEL, incoming.person, reply, verdict)
        mine = call if receipt.awaits == incoming.key else None
        with self._waiting.place(receipt.awaits, mine) as answer:
            if receipt.job is not None:
                self._answers.start(receipt.job)
            elif receipt.response is None or account.mode == "push":
                self._answers.wake()
            if receipt.response is not None:
                return
            decided = await self._wait(receipt, answer, due)
        if call not in decided:
            await self._run(self._inbox.choose, incoming.key, incoming.person, call)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background for as long as the server runs."""
        async with httpx.AsyncClient(base_url=self._api_base, timeout=TIMEOUT) as client:
            for app_id, account in self._accounts.items():
                if account.mode == "push":
                    self._platforms[app_id] = Platform(account, client)
            loops = [self._answers.run(), self._watch(), self._beat(), self._purge()]
            if self._platforms:
                loops.append(self._sends.run())
            tasks = [asyncio.create_task(loop) for loop in loops]
            try:
                yield
            finally:
                tasks += self._deliveries
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                self._threads.shutdown()
                self._engine.dispose()

    async def _forget(self, incoming: Incoming, key: str | None = None) -> None:
        """Conversation first: should we die in between, the next delivery does it all again."""
        await self._service.erase(CHANNEL, incoming.person)
        await self._run(self._inbox.erase, incoming.person, key)

    async def _answer(self, job: Job) -> None:
        typing = asyncio.create_task(self._typing(job))
        self._held.add(job.id)
        try:
            async with asyncio.timeout(JOB_SECONDS):
                parts, region = await self._parts(job)
            calls = self._waiting.calls(job.key)
            finished = await self._run(self._jobs.finish, job, parts, region, calls)
            if not finished.known:
                # 「清除」 came while we were answering, and the conversation was written after it.
                await self._service.erase(CHANNEL, job.person)
        except asyncio.CancelledError:
            await self._run(self._jobs.release, job)
            raise
        finally:
            typing.cancel()
            self._held.discard(job.id)
        self._waiting.tell(job.key, finished.decided)
        if job.openid is not None:
            self._sends.wake()

    async def _parts(self, job: Job) -> tuple[list[str], str | None]:
        """The answer as messages, and the place it is about; an apology where there is none."""
        if job.exhausted:
            _log.error("a question of %s was given up", job.person[:12])
            return [phrases.SORRY], None
        while True:
            try:
                # What is sent, rather than shown within the call, may take its time.
                within = self._message_seconds if job.openid is None else None
                reply = await self._service.reply(
                    CHANNEL, job.person, job.person, job.question, within
                )
            except BusyError as busy:
                await asyncio.sleep(busy.retry_after)
            except Exception as error:
                report(f"no answer for {job.person[:12]}", error)
                return [phrases.SORRY], None
            else:
                break
        parts = messages(reply)
        if read_command(job.question) is Command.HELP:
            parts.append(phrases.COMMANDS)
        return parts, reply.region

    async def _typing(self, job: Job) -> None:
        if job.openid is not None and (platform := self._platforms.get(job.app_id)):
            await asyncio.sleep(TYPING_SECONDS)
            await platform.typing(job.openid)

    async def _send(self, part: Part) -> None:
        platform = self._platforms.get(part.app_id)
        sending = Sending.REFUSED
        if platform is not None:
            sending = await platform.send(part.openid, part.text)
        after = {
            Sending.SENT: self._outbox.sent,
            Sending.RETRY: self._outbox.retry,
            Sending.REFUSED: self._outbox.park,
            Sending.UNCERTAIN: self._outbox.uncertain,
        }
        await self._run(after[sending], part)
        self._service.metrics.sends.labels(sending.value).inc()

    async def _wait(self, receipt: Receipt, answer: Answer, until: float) -> Sequence[Call]:
        """Wait until a message's answer is there, wherever it is made, or it is late."""
        # One that isn't made by us from now on may be there already.
        if receipt.job is None:
            there = await self._run(self._inbox.ready, [receipt.awaits])
            if there:
                return ()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                return await answer
        return ()

    async def _watch(self) -> None:
        """Look for answers that other replicas have made for those who wait here."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if not (waiting := self._waiting.keys()):
                continue
            with reported("can't look for answers"):
                for key in await self._run(self._inbox.ready, waiting):
                    self._waiting.tell(key)

    async def _beat(self) -> None:
        """Keep the leases of the jobs that are being answered here."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            if self._held:
                with reported("can't renew leases"):
                    await self._run(self._jobs.renew, set(self._held))

    async def _purge(self) -> None:
        while True:
            with reported("can't purge"):
                await self._run(self._inbox.purge, self._keep_seconds)
            await asyncio.sleep(PURGE_SECONDS)

    async def _claim_jobs(self, limit: int) -> Sequence[Job]:
        return await self._run(self._jobs.claim, limit)

    async def _claim_parts(self, limit: int) -> Sequence[Part]:
        return await self._run(self._outbox.claim, limit)

    async def _run(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
