"""Memory of the message channel over many messages: one replica, SQLite, AES.

::

    python -m tests.load.wechat_memory --messages 20000
    python -m tests.load.wechat_memory --messages 20000 --answerer embedded --data-dir data

Each message is a person's first. Ends with 1 where the second half of the messages makes the
replica more than `GROWTH` larger.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys

import httpx

from bot.channels.wechat.accounts import load_accounts
from bot.channels.wechat.simulate import WeChat
from bot.settings import Settings
from tests.load.wechat_load import Direct, Replica, embedded_question, measure

GROWTH = 0.05
AT_ONCE = 8
STEPS = 10


async def run(given: argparse.Namespace, folder: str) -> bool:
    environment = {
        "DATA_DIR": given.data_dir or folder,
        "WECHAT_TOKEN": secrets.token_urlsafe(20),
        "WECHAT_AES_KEY": secrets.token_hex(22)[:43],
        "WECHAT_APP_ID": "wx0123456789abcdef",
    }
    os.environ.update(environment)
    replica = Replica(given.port, given.answerer, environment)
    try:
        await replica.ready()
        account = load_accounts(Settings(_env_file=None))[""]
        async with httpx.AsyncClient(transport=Direct()) as client:
            wechat = WeChat(client, [replica.url], account)
            sizes = [replica.memory_mb()]
            print(f"messages 0: {sizes[0]:.1f} MB")
            for step in range(1, STEPS + 1):
                await many(wechat, given.messages // STEPS, given.answerer)
                sizes.append(replica.memory_mb())
                load = os.getloadavg()[0]
                print(f"messages {given.messages // STEPS * step}: {sizes[-1]:.1f} MB, load {load}")
    finally:
        replica.stop()
    growth = sizes[-1] / sizes[STEPS // 2] - 1
    print(f"growth over the second half: {growth:.1%}")
    return growth <= GROWTH


async def many(wechat: WeChat, count: int, answerer: str) -> None:
    """Send so many messages, `AT_ONCE` at a time, each of another person."""

    async def some() -> None:
        for _ in range(count // AT_ONCE):
            openid = f"oMemory{secrets.token_hex(10)}"
            said = embedded_question(0.1) if answerer == "embedded" else "住院能报多少" * 20
            assert (await wechat.say(openid, said)).text

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))


def main() -> int:
    parser = argparse.ArgumentParser(description="Memory of the message channel.")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--answerer", choices=("instant", "embedded"), default="instant")
    parser.add_argument("--data-dir", default="", help="for an index that is built already")
    parser.add_argument("--port", type=int, default=18450)
    return measure(parser, run)


if __name__ == "__main__":
    sys.exit(main())
