"""A model server on loopback that speaks the OpenAI protocol, well or badly."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer:
    """``behave`` is looked at for each request."""

    def __init__(self) -> None:
        self.text = ""
        self.calls: list[dict[str, Any]] = []
        """Arguments of tool calls that come before the text."""
        self.written_call = ""
        """A call that comes as text."""
        self.status = 200
        self.delay = 0.0
        self.drip = 0.0
        """Seconds between pieces of a text that never ends; 0: it ends."""
        self.breaks = False
        """The connection ends in the middle of the text."""
        self.garbage = False
        self.let: threading.Semaphore | None = None
        """Waited for before it begins to write, and at each ``|`` of the text."""
        self.requests: list[dict[str, Any]] = []
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def pieces(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Deltas of the answer."""
        if self.let:
            self.let.acquire()
        answered = any(message["role"] == "tool" for message in request["messages"])
        if request.get("tools") and self.calls and not answered:
            for n, arguments in enumerate(self.calls):
                function = {"name": "settle", "arguments": json.dumps(arguments)}
                call = {"index": n, "id": f"c{n}", "type": "function", "function": function}
                yield {"tool_calls": [call]}
            return
        text = self.text if answered else self.written_call or self.text
        for number, part in enumerate(text.split("|")):
            if self.let and number:
                self.let.acquire()
            yield from ({"content": part[at : at + 5]} for at in range(0, len(part), 5))
        while self.drip:
            time.sleep(self.drip)
            yield {"content": "好"}


class _Handler(BaseHTTPRequestHandler):
    owner: ModelServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.owner.requests.append(request)
        time.sleep(self.owner.delay)
        self.close_connection = True
        with contextlib.suppress(OSError):  # the client may have gone
            self._answer(request)

    def _answer(self, request: dict[str, Any]) -> None:
        self.send_response(self.owner.status)
        kind = "text/event-stream" if request.get("stream") else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()
        if self.owner.status != 200:
            self.wfile.write(b'{"error": {"message": "no"}}')
            return
        if request.get("stream"):
            self._stream(request)
        else:
            self._whole()

    def _stream(self, request: dict[str, Any]) -> None:
        if self.owner.garbage:
            self.wfile.write(b"data: <html>not json</html>\n\n")
            return
        for number, delta in enumerate(self.owner.pieces(request)):
            if self.owner.breaks and number == 2:
                return
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 900, "completion_tokens": 40, "total_tokens": 940}
        self._event({"choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def _whole(self) -> None:
        said = {"role": "assistant", "content": self.owner.text}
        choice = {"index": 0, "message": said, "finish_reason": "stop"}
        whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
        self.wfile.write(json.dumps(whole | {"choices": [choice]}).encode())

    def _event(self, event: dict[str, Any]) -> None:
        whole = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.wfile.write(f"data: {json.dumps(whole | event)}\n\n".encode())
        self.wfile.flush()
