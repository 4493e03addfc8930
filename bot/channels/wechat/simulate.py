"""The platform's side of the webhook, for trying the channel without an account.

Signs, encrypts and delivers messages as WeChat does: up to three times, 5 s apart, hanging up on
each that takes longer. ``python -m bot.wechat simulate`` and the tests speak through it.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import httpx
import xmltodict

from bot.channels.wechat.accounts import Account
from bot.channels.wechat.protocol import ACKNOWLEDGED, Cipher, sign

DELIVERIES = 3
HANG_UP_SECONDS = 5.0
RECIPIENT = "gh_0123456789ab"

_TAGS = {"text": "Content", "voice": "Recognition"}


class ReplyError(Exception):
    """A response that WeChat would not show."""


@dataclass
class Shown:
    """What the person sees of one message."""

    text: str | None
    """None: nothing in three deliveries (「该公众号暂时无法提供服务」); empty: acknowledged."""
    seconds: list[float] = field(default_factory=list)
    """How long each response took that came."""
    hung_up: int = 0
    """Deliveries that had no response within `HANG_UP_SECONDS`."""


class WeChat:
    """Delivers messages to one account's webhook.

    Args:
        client: without a base address.
        urls: of the webhook, one a replica; a delivery takes the next that accepts a connection.
        account: its token and keys.
        loss: share of the responses that are lost on the way.
        chance: decides which.
        again: seconds from one delivery to the next.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        urls: Sequence[str],
        account: Account,
        *,
        loss: float = 0.0,
        chance: random.Random | None = None,
        again: float = HANG_UP_SECONDS,
    ) -> None:
        self._client = client
        self._urls = urls
        self._turn = itertools.count()
        self._ids = itertools.count(time.time_ns())
        self._account = account
        self._cipher = Cipher(account.keys[0]) if account.keys else None
        self._loss = loss
        self._again = again
        self._chance = chance or random.Random()  # noqa: S311

    async def say(self, openid: str, text: str, kind: str = "text") -> Shown:
        """Send a text, or with ``kind="voice"`` one that was spoken."""
        media = {} if kind == "text" else {"MediaId": "m", "Format": "amr"}
        return await self.send(openid, kind, {_TAGS[kind]: text, **media})

    async def event(self, openid: str, name: str, key: str = "") -> Shown:
        """Send an event, such as ``subscribe``."""
        return await self.send(openid, "event", {"Event": name, "EventKey": key})

    async def send(self, openid: str, kind: str, fields: dict[str, str]) -> Shown:
        """Deliver one message until a response comes, at most `DELIVERIES` times."""
        xml = self.message(openid, kind, fields)
        shown = Shown(None)
        for _ in range(DELIVERIES):
            start = time.perf_counter()
            try:
                response = await self.deliver(xml)
                shown.seconds.append(time.perf_counter() - start)
                if response.status_code == 200 and self._chance.random() >= self._loss:
                    shown.text = self.read(response.text)
                    break
            except httpx.TransportError as error:
                shown.hung_up += isinstance(error, httpx.TimeoutException)
            await asyncio.sleep(max(0.0, start + self._again - time.perf_counter()))
        return shown

    def message(self, openid: str, kind: str, fields: dict[str, str]) -> str:
        """One message or event as XML."""
        common = {"ToUserName": RECIPIENT, "FromUserName": openid, "CreateTime": str(_now())}
        unique = {} if kind == "event" else {"MsgId": str(next(self._ids))}
        return _xml({**common, "MsgType": kind, **fields, **unique})

    async def deliver(self, xml: str) -> httpx.Response:
        """Deliver once."""
        moment, nonce = str(_now()), secrets.token_hex(5)
        token = self._account.token
        query = {"timestamp": moment, "nonce": nonce, "signature": sign(token, moment, nonce)}
        body = xml
        if self._cipher is not None:
            encrypted = self._cipher.encrypt(xml, self._account.app_id).decode()
            query["encrypt_type"] = "aes"
            query["msg_signature"] = sign(token, moment, nonce, encrypted)
            body = _xml({"ToUserName": RECIPIENT, "Encrypt": encrypted})
        *others, last = self._next_urls()
        for url in others:
            try:
                return await self._post(url, query, body)
            except httpx.ConnectError:
                continue
        return await self._post(last, query, body)

    def read(self, body: str) -> str:
        """The text that a response shows.

        Raises:
            ReplyError: it isn't a valid reply.
        """
        if body in ("", ACKNOWLEDGED):
            return ""
        try:
            reply = xmltodict.parse(body)["xml"]
            if self._cipher is not None:
                parts = (str(reply[name]) for name in ("TimeStamp", "Nonce", "Encrypt"))
                if sign(self._account.token, *parts) != reply["MsgSignature"]:
                    raise ReplyError("wrong signature")
                inner = self._cipher.decrypt(reply["Encrypt"], self._account.app_id)
                reply = xmltodict.parse(inner)["xml"]
            text = str(reply["Content"])
        except (KeyError, TypeError, ValueError) as error:
            raise ReplyError(body) from error
        if len(text.encode()) > 2048:
            raise ReplyError("WeChat would cut it off")
        return text

    async def _post(self, url: str, query: dict[str, str], body: str) -> httpx.Response:
        return await self._client.post(
            url, params=query, content=body.encode(), timeout=HANG_UP_SECONDS
        )

    def _next_urls(self) -> Iterator[str]:
        first = next(self._turn)
        return (self._urls[(first + i) % len(self._urls)] for i in range(len(self._urls)))


def _now() -> int:
    return int(time.time())


def _xml(fields: dict[str, Any]) -> str:
    return f"<xml>{''.join(f'<{tag}>{escape(text)}</{tag}>' for tag, text in fields.items())}</xml>"
