"""``GET`` and ``POST /wechat``: the platform's side of the message channel.

A request that isn't the platform's gets 403, one above `MAX_BODY` 413. One that is the platform's
but makes no sense is acknowledged, so that it isn't delivered again, and counted.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response

from bot.channels.service import Service
from bot.channels.wechat.accounts import load_accounts
from bot.channels.wechat.channel import CHANNEL, Channel
from bot.channels.wechat.protocol import (
    ACKNOWLEDGED,
    Protocol,
    SignatureError,
    UnreadableError,
)
from bot.settings import Settings
from bot.store import open_store

MAX_BODY = 64 * 1024
"""Bytes of a request; a long message, encrypted, takes about six thousand."""

_log = logging.getLogger(__name__)


def install(app: FastAPI, service: Service, settings: Settings) -> None:
    """Add the message channel to an application; nothing where no account is configured.

    Raises:
        AccountError: an account's settings are weak or incomplete.
        StoreError: the database can't be used.
    """
    accounts = load_accounts(settings)
    if not accounts:
        return
    by_id = {account.app_id: account for account in accounts.values()}
    channel = Channel(by_id, service, settings, open_store(settings))
    protocols = {path: Protocol(account) for path, account in accounts.items()}
    app.include_router(_routes(protocols, channel, service))


def _routes(protocols: Mapping[str, Protocol], channel: Channel, service: Service) -> APIRouter:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with channel.running():
            yield

    routes = APIRouter(lifespan=lifespan)

    def refused(reason: str) -> HTTPException:
        service.metrics.refused.labels(CHANNEL, reason).inc()
        return HTTPException(403)

    @routes.get("/wechat")
    @routes.get("/wechat/{app_id}")
    async def check(request: Request, app_id: str = "") -> Response:
        """Prove to the platform that this address is the account's."""
        try:
            _protocol(protocols, app_id).check(request.query_params, time.time())
        except SignatureError as error:
            raise refused("signature") from error
        return PlainTextResponse(request.query_params.get("echostr", ""))

    @routes.post("/wechat")
    @routes.post("/wechat/{app_id}")
    async def deliver(request: Request, app_id: str = "") -> Response:
        """Take one delivery of a message or event."""
        began = asyncio.get_running_loop().time()
        protocol = _protocol(protocols, app_id)
        body = await _body(request)
        try:
            envelope = protocol.open(request.query_params, body, time.time())
        except SignatureError as error:
            raise refused("signature") from error
        except UnreadableError as error:
            service.metrics.refused.labels(CHANNEL, "unreadable").inc()
            _log.warning("unreadable message: %s", error)
            return PlainTextResponse(ACKNOWLEDGED)
        text = await channel.respond(protocol.account, envelope.message, began)
        sealed = envelope.seal(text)
        kind = "text/plain" if sealed == ACKNOWLEDGED else "application/xml"
        return Response(sealed, media_type=kind)

    return routes


def _protocol(protocols: Mapping[str, Protocol], app_id: str) -> Protocol:
    if app_id not in protocols:
        raise HTTPException(404)
    return protocols[app_id]


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise HTTPException(413)
    return body
