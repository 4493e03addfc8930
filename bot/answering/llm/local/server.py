"""llama.cpp in a child process on loopback: started, restarted when it dies, ended with the app."""

from __future__ import annotations

import atexit
import importlib.util
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from bot.answering.llm.errors import ModelError

_log = logging.getLogger(__name__)

_PROGRAM = (sys.executable, "-m", "bot.answering.llm.local.serve")
_PAUSE = 1.0
"""Seconds before a restart, doubled each time it dies young."""
_LONGEST_PAUSE = 60.0
_YOUNG = 60.0


class LocalServer:
    """Serves a model file for as long as this process lives.

    Args:
        model: the GGUF file.
        program: what to run; it gets the file and a port.

    Raises:
        ModelError: it doesn't start with this file.
    """

    def __init__(self, model: Path, program: Sequence[str] = _PROGRAM) -> None:
        if program is _PROGRAM and importlib.util.find_spec("xllamacpp") is None:
            raise ModelError("the package xllamacpp is missing; run pip install '.[local]'")
        self._port = _free_port()
        self._command = [*program, str(model), str(self._port)]
        self._closing = threading.Event()
        self._child = self._start()
        if not self._ready():
            raise ModelError(f"llama.cpp doesn't start with {model}")
        threading.Thread(target=self._watch, daemon=True, name="local-llm").start()
        atexit.register(self.close)

    @property
    def url(self) -> str:
        """Where it listens, the same after a restart."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Of the process that serves now."""
        return self._child.pid

    def close(self) -> None:
        """End it; it would end with this process anyway."""
        self._closing.set()
        self._child.kill()
        _bury(self._child)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - no shell, a program of our own
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _ready(self) -> bool:
        """Wait until it serves or has ended; what it prints after that is thrown away."""
        out = self._child.stdout
        if out is None or not any(line.startswith("ready") for line in out):
            self._child.kill()
            _bury(self._child)
            if out is not None:
                out.close()
            return False
        threading.Thread(target=_throw_away, args=(out,), daemon=True).start()
        return True

    def _watch(self) -> None:
        pause = _PAUSE
        while True:
            began = time.monotonic()
            self._child.wait()
            if self._closing.is_set():
                return
            pause = _PAUSE if time.monotonic() - began > _YOUNG else min(2 * pause, _LONGEST_PAUSE)
            _log.warning("the local model server has ended; starting it again in %.0f s", pause)
            if self._closing.wait(pause):
                return
            _bury(self._child)
            self._child = self._start()
            if self._closing.is_set():
                self._child.kill()
            self._ready()


def _bury(child: subprocess.Popen[str]) -> None:
    """Wait for its end and close what led to it; who reads what it prints closes that."""
    child.wait()
    if child.stdin is not None:
        child.stdin.close()


def _throw_away(out: IO[str]) -> None:
    with out:
        out.read()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
