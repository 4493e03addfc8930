"""Load on the message channel: two replicas, one database, AES, a replica killed in the run.

::

    python -m tests.load.wechat_load --users 600 --rate 20 --kill
    python -m tests.load.wechat_load --users 600 --rate 20 --kill --database postgresql://…
    python -m tests.load.wechat_load --users 600 --rate 60 --answerer embedded --threads 2

Arrivals are open loop: people come when they come, whatever the server does. Each asks one
question and then does what the bot tells them (「1」) until the answer is there; whoever is shown
「该公众号暂时无法提供服务」 sends 「重发」. Ends with 1 unless each has been shown the answer to
their own question exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.channels.wechat import phrases
from bot.channels.wechat import tables as _tables  # noqa: F401  declares the tables
from bot.channels.wechat.accounts import load_accounts
from bot.channels.wechat.simulate import HANG_UP_SECONDS, WeChat
from bot.settings import Settings
from bot.store import open_store
from tests.load.questions import known_questions, new_question

LOSS = 0.05
LATEST_SECONDS = 4.5
EMBEDDED_SECONDS = 0.5
"""99 of 100 responses of the embedded answerer come within it."""
PATIENCE_SECONDS = 60


class Direct(httpx.AsyncBaseTransport):
    """A connection for each request, as the platform's own; httpx's pool is slow with hundreds."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            async with asyncio.timeout(HANG_UP_SECONDS):
                return await self._exchange(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("hung up") from error
        except (OSError, EOFError) as error:
            refused = isinstance(error, ConnectionRefusedError)
            raise (httpx.ConnectError if refused else httpx.ReadError)(str(error)) from error

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        reader, writer = await asyncio.open_connection(request.url.host, request.url.port)
        try:
            body = await request.aread()
            head = f"POST {request.url.raw_path.decode()} HTTP/1.1\r\nHost: localhost\r\n"
            head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            status = int((await reader.readuntil(b"\r\n")).split()[1])
            await reader.readuntil(b"\r\n\r\n")
            return httpx.Response(status, content=await reader.read())
        finally:
            writer.close()


@dataclass
class Person:
    """One user and what they were shown."""

    openid: str
    question: str
    shown: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    hung_up: int = 0
    answered_after: float | None = None


class Replica:
    """A server process that can be killed."""

    def __init__(self, port: int, answerer: str, environment: dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}/wechat"
        self._command = [sys.executable, "-m", "tests.load.wechat_replica", str(port), answerer]
        self._environment = {**os.environ, **environment}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, env=self._environment)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    async def ready(self) -> None:
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            while True:
                try:
                    await client.get(self.url)
                except httpx.TransportError:
                    await asyncio.sleep(0.2)
                else:
                    return

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


async def live(person: Person, wechat: WeChat, embedded: bool) -> None:
    """Ask, and do as one is told until the answer is there."""
    start = time.perf_counter()
    text = person.question
    while time.perf_counter() - start < PATIENCE_SECONDS:
        result = await wechat.say(person.openid, text)
        person.seconds += result.seconds
        person.hung_up += result.hung_up
        if result.text is None:
            text = "重发"
            continue
        person.shown.append(result.text)
        if embedded or person.question in result.text.replace(f"「{person.question}」", ""):
            person.answered_after = time.perf_counter() - start
            break
        text = "1" if result.text in (phrases.WAIT, phrases.STILL_WAIT) else "继续"
        await asyncio.sleep(random.uniform(1, 4))
    if not embedded:
        # Whatever else is still kept for this person would be a second answer.
        for more in ("继续", "继续"):
            extra = await wechat.say(person.openid, more)
            person.seconds += extra.seconds
            person.hung_up += extra.hung_up
            person.shown.append(extra.text or "")


async def arrivals(people: list[Person], wechat: WeChat, rate: float, embedded: bool) -> None:
    start, due, running = time.perf_counter(), 0.0, []
    for person in people:
        due += random.expovariate(rate)
        await asyncio.sleep(max(0.0, start + due - time.perf_counter()))
        running.append(asyncio.create_task(live(person, wechat, embedded)))
    await asyncio.gather(*running)


async def crash(replica: Replica, after: float) -> None:
    await asyncio.sleep(after)
    replica.kill()
    print(f"{after:.0f} s: one replica killed with SIGKILL")
    await asyncio.sleep(3)
    replica.start()


def report(people: list[Person], embedded: bool) -> bool:
    """Print what was measured; whether it is as it must be."""
    seconds = sorted(second for person in people for second in person.seconds)
    for name, share in (("50", 0.5), ("95", 0.95), ("99", 0.99), ("100", 1.0)):
        index = min(int(len(seconds) * share), len(seconds) - 1)
        print(f"response time, percentile {name}: {seconds[index]:.3f} s")
    late = sum(second > LATEST_SECONDS for second in seconds) + sum(p.hung_up for p in people)
    print(f"responses: {len(seconds)}, later than {LATEST_SECONDS} s or never: {late}")
    waited = sorted(p.answered_after for p in people if p.answered_after is not None)
    print(f"to the answer: median {statistics.median(waited):.2f} s, longest {waited[-1]:.2f} s")
    if embedded:
        odd = sum(p.shown[0] in (phrases.WAIT, phrases.BUSY, phrases.SORRY) for p in people)
        print(f"people: {len(people)}, answered: {len(waited)}, not with an answer: {odd}")
        slow = seconds[int(len(seconds) * 0.99)] > EMBEDDED_SECONDS
        return late == odd == slow == 0 and len(waited) == len(people)
    counts: Counter[int] = Counter()
    foreign = 0
    for person in people:
        answers = [text for text in person.shown if "答案：" in text]
        counts[len(answers)] += 1
        foreign += sum(f"答案：{person.question}" not in text for text in answers)
    print(f"people: {len(people)}, by number of answers shown: {dict(counts)}, foreign: {foreign}")
    return late == foreign == 0 and counts == {1: len(people)}


async def run(given: argparse.Namespace, folder: str) -> bool:
    environment = {
        "DATA_DIR": given.data_dir or folder,
        "DATABASE_URL": given.database,
        "WECHAT_TOKEN": secrets.token_urlsafe(20),
        "WECHAT_AES_KEY": secrets.token_hex(22)[:43],
        "WECHAT_APP_ID": "wx0123456789abcdef",
        "THREADS": str(given.threads),
        "MAX_IN_FLIGHT": "1000",
        "WECHAT_BACKLOG": "2000",
        "WECHAT_PER_MINUTE": "100",
    }
    os.environ.update(environment)
    settings = Settings(_env_file=None)
    open_store(settings).dispose()
    embedded = given.answerer == "embedded"
    replicas = [Replica(given.port + n, given.answerer, environment) for n in range(2)]
    try:
        await asyncio.gather(*(replica.ready() for replica in replicas))
        people = [
            Person(f"oLoad{n:06d}{secrets.token_hex(8)}", _question(given, embedded))
            for n in range(given.users)
        ]
        before = [replica.memory_mb() for replica in replicas]
        async with httpx.AsyncClient(transport=Direct()) as client:
            urls = [replica.url for replica in replicas]
            account = load_accounts(settings)[""]
            wechat = WeChat(client, urls, account, loss=0 if embedded else LOSS)
            crashing = None
            if given.kill:
                crashing = asyncio.create_task(crash(replicas[0], given.users / given.rate * 0.4))
            await arrivals(people, wechat, given.rate, embedded)
            if crashing is not None:
                await crashing
        after = [replica.memory_mb() for replica in replicas]
        used = resource.getrusage(resource.RUSAGE_SELF)
        load = " ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"processor time of this client: {used.ru_utime + used.ru_stime:.1f} s; ", end="")
        print("of the replicas:", *(f"{r.processor_seconds():.1f} s" for r in replicas))
        print(f"load of the machine ({os.cpu_count()} cores): {load}")
        print("memory of the replicas, MB, before and after:", *map(round, (*before, *after)))
    finally:
        for replica in replicas:
            replica.stop()
    return report(people, embedded)


def _question(given: argparse.Namespace, embedded: bool) -> str:
    if not embedded:
        return f"住院能报多少（{secrets.token_hex(6)}）"
    return embedded_question(given.new)


def embedded_question(new: float) -> str:
    """What somebody asks; ``new``: the share that nobody asked before."""
    return new_question() if random.random() < new else random.choice(known_questions())


def main() -> int:
    parser = argparse.ArgumentParser(description="Load on the message channel.")
    parser.add_argument("--users", type=int, default=600)
    parser.add_argument("--rate", type=float, default=20.0, help="arrivals a second")
    parser.add_argument("--kill", action="store_true", help="kill a replica in the run")
    parser.add_argument("--answerer", choices=("slow", "instant", "embedded"), default="slow")
    parser.add_argument("--database", default="", help="DATABASE_URL; empty: SQLite")
    parser.add_argument("--data-dir", default="", help="for an index that is built already")
    parser.add_argument("--threads", type=int, default=96, help="THREADS of each replica")
    parser.add_argument(
        "--new", type=float, default=0.1, help="share of embedded questions never asked before"
    )
    parser.add_argument("--port", type=int, default=18410)
    return measure(parser, run)


def measure(
    parser: argparse.ArgumentParser,
    run: Callable[[argparse.Namespace, str], Coroutine[None, None, bool]],
) -> int:
    """Run with the command line's arguments in a folder of its own; the exit code."""
    given = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} UTC", vars(given))
    with tempfile.TemporaryDirectory() as folder:
        good = asyncio.run(run(given, folder))
    print("passed" if good else "FAILED")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
