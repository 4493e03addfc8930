"""Puts the parts together into one ASGI app; ``python app.py`` serves it."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

import bot.conversation
from bot.assembly import open_conversation
from bot.channels import api, web
from bot.channels.service import Conversation, Service
from bot.channels.wechat import webhook
from bot.settings import Settings
from bot.startup import STARTUP_ERRORS, configure_log, explain, read_settings, share_processor
from corpus.documents import load
from corpus.regions import load_regions

SHUTDOWN_SECONDS = 5
"""How long running requests may take to finish; an open page keeps its connection for ever."""

PURGE_SECONDS = 3600


def create_app(settings: Settings, conversation: Conversation) -> FastAPI:
    """Compose page, JSON API and health routes around a conversation."""
    clauses = {clause.id: clause for document in load() for clause in document.clauses}
    service = Service(conversation, clauses, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        forgetting = asyncio.create_task(_forget(service))
        yield
        forgetting.cancel()
        await asyncio.to_thread(service.close)

    # No /docs: that page would load its scripts from another host.
    app = FastAPI(
        title="Medical insurance policy assistant", docs_url=None, redoc_url=None, lifespan=lifespan
    )
    api.install(app, service)
    webhook.install(app, service, settings)
    regions = {region.id: region.name for region in load_regions()}
    # Last: it is mounted at "/" and takes every path that is left.
    web.install(app, service, regions, settings.home_region)
    return app


def _warm_up(conversation: bot.conversation.Conversation) -> None:
    """Answer once for each region, without a chat model: what is loaded at first use, then is."""
    for region in load_regions():
        session = f"warm-up:{region.id}"
        conversation.reply(session, f"{region.name}职工医保住院报多少？", within=0)
        conversation.erase(session)


async def _forget(service: Service) -> None:
    while True:
        await service.purge()
        await asyncio.sleep(PURGE_SECONDS)


def _reserve(host: str, port: int) -> socket.socket:
    """Take the port before the long warm-up; whoever connects is refused until it is over.

    Raises:
        OSError: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise OSError(f"HOST={host} PORT={port} can't be used: {error.strerror}") from error
    return door


class _Server(uvicorn.Server):
    """Says where to click as soon as it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            address = (sockets or [])[0].getsockname()
            host = "127.0.0.1" if address[0] in ("0.0.0.0", "::") else address[0]  # noqa: S104
            print(f"Open http://{host}:{address[1]} in a browser. Stop with Ctrl+C.", flush=True)


def main() -> int:
    """Warm up, then listen. Whatever the operator can mend is told in one line."""
    configure_log(logging.INFO)
    share_processor()
    try:
        settings = read_settings()
        with _reserve(settings.host, settings.port) as door:
            # The same vectors as without "light", half the start and half the memory.
            conversation = open_conversation(settings, light=True)
            _warm_up(conversation)
            app = create_app(settings, conversation)
            config = uvicorn.Config(
                app, log_config=None, access_log=False, timeout_graceful_shutdown=SHUTDOWN_SECONDS
            )
            _Server(config).run(sockets=[door])
    except STARTUP_ERRORS as error:
        print(explain(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
