"""The three calls to the platform's API: stable_token, custom/send, custom/typing.

A send never raises: it ends in one of the four ways of `Sending`, and what to do next follows from
that alone. There is no loop: a token that is refused is fetched anew once a call.
"""

from __future__ import annotations

import asyncio
import logging
import time
from enum import Enum
from typing import Any

import httpx

from bot.channels.wechat.accounts import Account

_log = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(8, connect=3)
"""Seconds. A send that takes longer is uncertain."""

TOKEN_MARGIN_SECONDS = 300
"""So long before its end a token is fetched anew; both are valid in that time."""

_BUSY = -1
_TOKEN_REFUSED = frozenset({40001, 40014, 41001, 42001})
_EXPECTED = {45015: "the 48 hours are over", 45047: "too many messages since the person's last"}
_NO_ANSWER = (httpx.HTTPError, ValueError, TypeError, AttributeError)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Sending(Enum):
    """How a send ended."""

    SENT = "sent"
    REFUSED = "refused"
    """Not accepted, and will not be before the person writes or an operator acts."""
    RETRY = "retry"
    """Not accepted this time."""
    UNCERTAIN = "uncertain"
    """May have been accepted."""


class _TokenError(Exception):
    """No token was given."""


class Platform:
    """The API for one account. Its token is cached until shortly before its end.

    Args:
        account: with AppID and AppSecret.
        client: with the API's address as base and `TIMEOUT`; closed by its owner.
    """

    def __init__(self, account: Account, client: httpx.AsyncClient) -> None:
        self._account = account
        self._client = client
        self._token = ""
        self._token_until = 0.0
        self._fetching = asyncio.Lock()

    async def send(self, openid: str, text: str) -> Sending:
        """Send one text as a customer-service message."""
        message = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        try:
            code = await self._call("/cgi-bin/message/custom/send", message)
        except (*_NOT_SENT, _TokenError) as error:
            _log.warning("not sent, will try again: %s", type(error).__name__)
            return Sending.RETRY
        except _NO_ANSWER as error:
            _log.warning("uncertain whether sent: %s", type(error).__name__)
            return Sending.UNCERTAIN
        if code == 0:
            return Sending.SENT
        if code == _BUSY or code in _TOKEN_REFUSED:
            return Sending.RETRY
        level = logging.INFO if code in _EXPECTED else logging.ERROR
        _log.log(level, "refused with %s %s", code, _EXPECTED.get(code, ""))
        return Sending.REFUSED

    async def typing(self, openid: str) -> None:
        """Show 「对方正在输入」; nothing depends on it."""
        try:
            await self._call(
                "/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"}
            )
        except (*_NO_ANSWER, _TokenError) as error:
            _log.info("typing not shown: %s", type(error).__name__)

    async def _call(self, path: str, body: dict[str, Any]) -> int:
        """POST with a token; with a fresh one if that is refused, once. Returns the errcode."""
        token = await self._valid_token("")
        code = await self._post(path, token, body)
        if code in _TOKEN_REFUSED:
            code = await self._post(path, await self._valid_token(token), body)
        return code

    async def _post(self, path: str, token: str, body: dict[str, Any]) -> int:
        # httpx writes JSON as UTF-8; escaped characters would be shown to the person as they are.
        response = await self._client.post(path, params={"access_token": token}, json=body)
        response.raise_for_status()
        return int(response.json().get("errcode", 0))

    async def _valid_token(self, refused: str) -> str:
        """The cached token, or a new one where it has ended or is the one that was refused."""
        async with self._fetching:
            if self._token == refused or time.monotonic() >= self._token_until:
                await self._fetch()
            return self._token

    async def _fetch(self) -> None:
        # force_refresh would invalidate the token that the other replicas hold.
        body = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": False,
        }
        try:
            response = await self._client.post("/cgi-bin/stable_token", json=body)
            given = response.json()
            self._token = str(given["access_token"])
            seconds = int(given["expires_in"])
        except KeyError as error:
            _log.error("no token: the platform says %s", given.get("errcode"))
            raise _TokenError from error
        except _NO_ANSWER as error:
            raise _TokenError from error
        self._token_until = time.monotonic() + max(seconds - TOKEN_MARGIN_SECONDS, 0)
