"""Servers for tests: the real program as a process, or an app of ours in a thread."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

ROOT = Path(__file__).parent.parent
START_SECONDS = 240
"""A busy machine takes its time; an idle one needs a tenth of it."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """``python app.py`` as an operator starts it, ready when it says where to click."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {"PORT": str(port), "DATA_DIR": str(data_dir), **settings}
        self._log = data_dir / f"server-{port}.log"
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        with self._log.open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        watchdog = threading.Timer(START_SECONDS, process.kill)
        watchdog.start()
        assert process.stdout
        greeting = process.stdout.readline()
        watchdog.cancel()
        assert self.url in greeting, f"the server did not start:\n{greeting}{self.log()}"
        return process

    def kill_and_start(self) -> None:
        """End it as a power cut would, and start it again."""
        self.stop(signal.SIGKILL)
        self._process = self._start()

    def log(self) -> str:
        """What it logged so far."""
        return self._log.read_text(encoding="utf-8")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it; at most ten seconds of grace."""
        self._process.send_signal(how)
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an app from a thread; yields its address."""
    port = free_port()
    config = uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
