"""``python -m bot.wechat simulate``: chat with the bot in a terminal as WeChat would.

Takes token and keys from the same settings as the server. A line is a message; ``/subscribe``,
``/unsubscribe``, ``/image`` and ``/voice WORDS`` send what they say. With ``--api PORT`` it also
plays the platform's API, for push mode: start the server with ``WECHAT_API_BASE`` set to it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack

import httpx

from bot.channels.wechat.accounts import Account, AccountError, load_accounts
from bot.channels.wechat.mock_api import MockApi, serve
from bot.channels.wechat.simulate import ReplyError, Shown, WeChat
from bot.startup import STARTUP_ERRORS, explain, read_settings

_OUT_OF_SERVICE = "该公众号暂时无法提供服务，请稍后再试"


def main() -> int:
    """Read lines until the end of the input."""
    parser = argparse.ArgumentParser(prog="python -m bot.wechat", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    simulate = commands.add_parser("simulate", help="play the platform in this terminal")
    try:
        settings = read_settings()
    except STARTUP_ERRORS as error:
        return _fail(explain(error))
    host = f"http://127.0.0.1:{settings.port}"
    simulate.add_argument("--url", default=f"{host}/wechat", help="the webhook (%(default)s)")
    simulate.add_argument("--openid", default="oSimulatedPerson0000000001", help="who is writing")
    simulate.add_argument("--api", type=int, metavar="PORT", help="play the API too, for push mode")
    asked = parser.parse_args()
    try:
        account = load_accounts(settings).get("")
    except AccountError as error:
        return _fail(str(error))
    if account is None:
        return _fail("WECHAT_TOKEN is not set")
    try:
        asyncio.run(_chat(account, asked))
    except (KeyboardInterrupt, EOFError):
        print()
    return 0


def _fail(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


async def _chat(account: Account, asked: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient())
        if asked.api is not None:
            api = MockApi(on_message=lambda _, text: print(f"\n推送：{text}\n"))
            await stack.enter_async_context(serve(api, asked.api))
        wechat = WeChat(client, [asked.url], account)
        while True:
            line = await asyncio.to_thread(input, "> ")
            try:
                shown = await _send(wechat, asked.openid, line)
            except ReplyError as error:
                print(f"{_OUT_OF_SERVICE}  [{error}]")
                continue
            took = f"[{shown.seconds[-1]:.2f} s]" if shown.seconds else ""
            print(_OUT_OF_SERVICE if shown.text is None else shown.text, took, sep="\n")


async def _send(wechat: WeChat, openid: str, line: str) -> Shown:
    command, _, words = line.partition(" ")
    if command in ("/subscribe", "/unsubscribe"):
        return await wechat.event(openid, command[1:])
    if command == "/image":
        return await wechat.send(openid, "image", {"PicUrl": "http://127.0.0.1/p", "MediaId": "m"})
    if command == "/voice":
        return await wechat.say(openid, words, "voice")
    return await wechat.say(openid, line)


if __name__ == "__main__":
    sys.exit(main())
