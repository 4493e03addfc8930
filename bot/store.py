"""The database behind memory and messages: SQLite by default, PostgreSQL by ``DATABASE_URL``.

Tables are declared beside the code that uses them, on `metadata`; `open_store` creates those that
are missing.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Executable,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.settings import Settings

SCHEMA_VERSION = 1
"""Raised with every change of a table that ``create_all`` can't make by itself."""

BUSY_TIMEOUT_MS = 10_000
"""How long SQLite waits for another writer; a write takes about a millisecond."""

_CREATING = 0x1E5C0E
"""PostgreSQL's advisory lock of whoever creates the tables; any number that is ours alone."""

_Result = TypeVar("_Result")

metadata = MetaData()

_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))


class StoreError(Exception):
    """The database can't be used; the message is shown to the operator as it is."""


def open_store(settings: Settings) -> Engine:
    """Open the database and create the tables that are missing.

    Raises:
        StoreError: the address is malformed, the folder can't be written, the server can't be
            reached, or the tables were made by another version of this program.
    """
    url = settings.database_url or f"sqlite:///{_sqlite_file(settings)}"
    try:
        engine = create_engine(
            url,
            pool_pre_ping=not url.startswith("sqlite"),
            # What patients wrote stays out of error messages, and so out of the log.
            hide_parameters=True,
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(f"DATABASE_URL can't be used: {error}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        _create_tables(engine)
    except DBAPIError as error:
        engine.dispose()
        name = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"the database {name} can't be opened: {error.orig}") from error
    return engine


def write(engine: Engine, work: Callable[[Connection], _Result]) -> _Result:
    """Do some work in a transaction that writes.

    SQLite takes one writer at a time, and whoever finds it taken sleeps for up to 0.1 s before
    looking again: under load nearly everybody sleeps. So the processes queue at a lock of the
    system, which wakes the next one at once, and a process whose turn it is writes all that has
    gathered in its threads meanwhile in one transaction; what fails of that is undone by itself.

    Args:
        engine: as `open_store` returns it.
        work: may run in another thread, and what it raises is raised here.
    """
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        with engine.begin() as connection:
            return work(connection)
    file = str(engine.url.database)
    task = _Task(work)
    _gatherings.setdefault(file, _Gathering(file)).run(engine, task)
    if task.error is not None:
        raise task.error
    return cast("_Result", task.result)


class _Task:
    """One piece of work and what came of it."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False

    def run(self, connection: Connection) -> None:
        """Do it; what it changed is undone where it fails."""
        # Not begin_nested: it costs more than the work itself.
        connection.exec_driver_sql("SAVEPOINT task")
        try:
            self.result = self.work(connection)
        except Exception as error:
            self.error = error
            connection.exec_driver_sql("ROLLBACK TO task")
        connection.exec_driver_sql("RELEASE task")


class _Gathering:
    """What the threads of this process want to write to one SQLite file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._turn = threading.Lock()
        self._tasks: deque[_Task] = deque()

    def run(self, engine: Engine, task: _Task) -> None:
        """Have a task done, with all that have come until its turn."""
        self._tasks.append(task)
        with self._turn:
            if task.done:
                return
            self._transact(engine)

    def _transact(self, engine: Engine) -> None:
        tasks: list[_Task] = []
        try:
            with _file_lock(self._file), engine.begin() as connection:
                # The driver by itself begins at the first change only, after the savepoint.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                tasks = self._take()
                for task in tasks:
                    task.run(connection)
        except BaseException as error:
            tasks += self._take()
            for task in tasks:
                task.error = error
        for task in tasks:
            task.done = True

    def _take(self) -> list[_Task]:
        return [self._tasks.popleft() for _ in range(len(self._tasks))]


_gatherings: dict[str, _Gathering] = {}


def execute(engine: Engine, statement: Executable, given: Mapping[str, Any]) -> None:
    """Run one statement that writes."""
    write(engine, lambda connection: connection.execute(statement, given))


def truncate_log(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, which else holds erased text until it is overwritten."""
    if engine.dialect.name == "sqlite":
        with _file_lock(str(engine.url.database)), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _file_lock(file: str) -> Iterator[None]:
    """Hold a lock against all threads of all processes; the system frees it when one dies."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with Path(f"{file}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sqlite_file(settings: Settings) -> str:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"DATA_DIR {settings.data_dir} can't be used: {error.strerror}") from error
    return str(settings.data_dir / "assistant.sqlite3")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        # A crash of the process loses nothing; a power cut may lose the last replies, but never
        # damages the file.
        "synchronous = NORMAL",
        "foreign_keys = ON",
        # What a patient erases is overwritten, not only unlinked.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _create_tables(engine: Engine) -> None:
    write(engine, _create)


def _create(connection: Connection) -> None:
    # Replicas that start together look for the tables one after the other.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_CREATING)))
    metadata.create_all(connection)
    found = connection.scalar(select(_version.c.version))
    if found is None:
        connection.execute(_version.insert().values(version=SCHEMA_VERSION))
    elif found != SCHEMA_VERSION:
        raise StoreError(
            f"the database has schema version {found}, this program needs {SCHEMA_VERSION}"
        )
