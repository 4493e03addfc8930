"""A mock of the platform's API, for tests and for ``simulate --api``.

Gives tokens, keeps the quota of customer-service messages, and fails as it is told to. A person
may be sent `QUOTA` messages after each `writes`; nothing before the first.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

QUOTA = 5

OK, BAD_TOKEN, WINDOW_OVER, QUOTA_USED_UP = 0, 40001, 45015, 45047


class MockApi:
    """The API's state: tokens, quotas, what was accepted.

    Args:
        on_message: called with openid and text of each accepted message.
        strict: whether a person must have written (`writes`) before messages are accepted.
    """

    def __init__(
        self, on_message: Callable[[str, str], None] | None = None, *, strict: bool = False
    ) -> None:
        self.accepted: defaultdict[str, list[str]] = defaultdict(list)
        self.typing: list[str] = []
        self.calls: Counter[str] = Counter()
        self.token = "token-1"  # noqa: S105
        self.codes: deque[int] = deque()
        """The errcodes of the next sends, before anything else is looked at."""
        self.hold: deque[float] = deque()
        """How long the answers to the next accepted messages are held back, in seconds."""
        self.latency = 0.0
        self._left: defaultdict[str, int] = defaultdict(int)
        self._strict = strict
        self._on_message = on_message

    def writes(self, openid: str) -> None:
        """The person sends the account a message."""
        self._left[openid] = QUOTA

    def app(self) -> FastAPI:
        """The API as an application."""
        app = FastAPI(docs_url=None, redoc_url=None)
        app.add_api_route("/cgi-bin/stable_token", self._give_token, methods=["POST"])
        app.add_api_route("/cgi-bin/message/custom/send", self._send, methods=["POST"])
        app.add_api_route("/cgi-bin/message/custom/typing", self._typing, methods=["POST"])
        return app

    async def _give_token(self, request: Request) -> JSONResponse:
        self.calls["stable_token"] += 1
        asked = await request.json()
        if asked.get("force_refresh"):
            self.calls["force_refresh"] += 1
        return JSONResponse({"access_token": self.token, "expires_in": 7200})

    async def _send(self, request: Request, access_token: str = "") -> JSONResponse:
        self.calls["send"] += 1
        await asyncio.sleep(self.latency)
        asked: dict[str, Any] = await request.json()
        openid, text = asked["touser"], asked["text"]["content"]
        code = self.codes.popleft() if self.codes else self._judge(openid, access_token)
        if code == OK:
            self._left[openid] -= 1
            self.accepted[openid].append(text)
            if self._on_message is not None:
                self._on_message(openid, text)
            if self.hold:
                await asyncio.sleep(self.hold.popleft())
        return JSONResponse({"errcode": code, "errmsg": "ok" if code == OK else "refused"})

    async def _typing(self, request: Request) -> JSONResponse:
        self.typing.append((await request.json())["touser"])
        return JSONResponse({"errcode": OK, "errmsg": "ok"})

    def _judge(self, openid: str, token: str) -> int:
        if token != self.token:
            return BAD_TOKEN
        if not self._strict:
            return OK
        if openid not in self._left:
            return WINDOW_OVER
        return OK if self._left[openid] > 0 else QUOTA_USED_UP


@asynccontextmanager
async def serve(api: MockApi, port: int = 0) -> AsyncIterator[str]:
    """Serve the API on loopback; gives its address."""
    config = uvicorn.Config(
        api.app(), host="127.0.0.1", port=port, log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    # Ctrl+C is for the program around it.
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        bound = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{bound}"
    finally:
        server.should_exit = True
        await serving
