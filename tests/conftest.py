"""What every room's tests share: real databases, a real index, the real program."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.settings import Settings
from tests.servers import Program

# A slow machine is no defect; what must be quick is measured where it is. The same examples every
# time, so that a failure is the change's own; `--hypothesis-profile hunt` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("hunt", deadline=None, max_examples=3_000)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of our own, reached by a socket in a temporary folder."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    on_path = shutil.which("initdb")
    if on_path:
        programs = Path(on_path).parent
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    # The server refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    if as_user:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://tester@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A data folder with the index of the real library.

    The index takes a while to build, so it is kept from run to run; it rebuilds itself when the
    library changes.
    """
    from bot.retrieval import open_retriever

    assert pytestconfig.cache
    kept = pytestconfig.cache.mkdir("index")
    open_retriever(Settings(data_dir=kept), light=True)
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(kept / "index", folder / "index", symlinks=True)
    return folder


@pytest.fixture(scope="session")
def program(data_dir: Path) -> Iterator[Program]:
    """The real program, over the real index and a SQLite file."""
    program = Program(data_dir)
    yield program
    program.stop()
