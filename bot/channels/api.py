"""The JSON API: ``/api/chat``, ``/api/estimate``, health and metrics.

Every error is ``{"field": …, "reason": …}``, the reason in Chinese: 413 too large, 422 bad input,
429 too many (with ``Retry-After``).
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from bot.channels.limits import BodyLimit, BusyError
from bot.channels.service import Service, address
from tools.settlement import InvalidCase
from tools.settlement.case import loads

MAX_BODY = 64 * 1024
"""Bytes of a request; a case and a long message take about four thousand."""

MAX_MESSAGE = 2000
"""Characters of a message."""

CHANNEL = "api"


class BadRequestError(Exception):
    """Input that can't be answered; ``field`` is None where the body as a whole is meant."""

    def __init__(self, reason: str, field: str | None = None, status: int = 422) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
        self.status = status


class ChatRequest(BaseModel):
    """The body of ``POST /api/chat``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    session: str
    message: str


def install(app: FastAPI, service: Service) -> None:
    """Add the API's routes, error answers and body limit to an application."""
    app.include_router(_routes(service))
    app.add_middleware(BodyLimit, limit=MAX_BODY)
    app.add_exception_handler(BadRequestError, _bad_request)
    app.add_exception_handler(InvalidCase, _invalid_case)
    app.add_exception_handler(BusyError, _busy)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _defect)


def _routes(service: Service) -> APIRouter:
    routes = APIRouter()

    @routes.post("/api/chat")
    async def chat(request: Request) -> JSONResponse:
        """Answer one message of a session; see `ChatRequest` and `bot.reply.Reply`."""
        asked = _chat_request(await _json(request))
        reply = await service.reply(CHANNEL, address(request), asked.session, asked.message)
        return JSONResponse(reply.model_dump(mode="json"))

    @routes.post("/api/estimate")
    async def estimate(request: Request) -> JSONResponse:
        """Settle one case; see `tools.settlement`."""
        case = await _json(request)
        if not isinstance(case, dict):
            raise BadRequestError("请求体要是一个 JSON 对象")
        return JSONResponse(await service.estimate(CHANNEL, address(request), case))

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Alive."""
        return {"status": "ok"}

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        """Index and store are open."""
        if await service.ready():
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready"}, 503)

    @routes.get("/metrics")
    async def metrics() -> Response:
        """Prometheus' text format."""
        return Response(service.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return routes


async def _json(request: Request) -> Any:
    """Read the body as JSON; figures stay exact."""
    body = await request.body()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequestError("请求体要用 UTF-8 编码") from error
    try:
        return loads(text)
    except InvalidCase as error:
        whole = error.field == "case"
        raise BadRequestError(error.reason, None if whole else error.field) from error


def _chat_request(body: Any) -> ChatRequest:
    try:
        asked = ChatRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or None
        raise BadRequestError(_REASONS.get(first["type"], "这一项不合格"), field) from error
    if not asked.session:
        raise BadRequestError("不能为空", "session")
    if any("\ud800" <= character <= "\udfff" for character in asked.message):
        raise BadRequestError("有不成对的代理字符", "message")
    if not asked.message.strip():
        raise BadRequestError("不能为空", "message")
    if len(asked.message) > MAX_MESSAGE:
        raise BadRequestError(f"最多 {MAX_MESSAGE} 个字", "message", 413)
    return asked


_REASONS = {
    "model_type": "请求体要是一个 JSON 对象",
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "要是一个字符串",
}


def _error(
    status: int, reason: str, field: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"field": field, "reason": reason}, status, headers)


async def _bad_request(_: Request, error: Any) -> JSONResponse:
    return _error(error.status, error.reason, error.field)


async def _invalid_case(_: Request, error: Any) -> JSONResponse:
    return _error(422, error.reason, error.field)


async def _busy(_: Request, error: Any) -> JSONResponse:
    reason = f"现在问的人太多，请 {error.retry_after} 秒后再试"
    return _error(429, reason, headers={"Retry-After": str(error.retry_after)})


async def _http_error(_: Request, error: Any) -> JSONResponse:
    reasons = {
        404: "没有这个地址",
        405: "这个地址不支持这种方法",
        413: f"请求体最多 {MAX_BODY} 字节",
    }
    return _error(
        error.status_code, reasons.get(error.status_code, error.detail), None, error.headers
    )


async def _defect(_: Request, __: Exception) -> JSONResponse:
    return _error(500, "出了差错，请稍后再试")
