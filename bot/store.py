"""The database behind memory and messages: SQLite by default, PostgreSQL by ``DATABASE_URL``.

Tables are declared beside the code that uses them, on `metadata`; `open_store` creates those that
are missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
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


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes.

    SQLite takes one writer at a time, and whoever finds it taken sleeps for up to 0.1 s before
    looking again: under load nearly everybody sleeps. Here they queue at a lock of the system,
    which wakes the next one at once.
    """
    with _queue(engine), engine.begin() as connection:
        yield connection


def truncate_log(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, which else holds erased text until it is overwritten."""
    if engine.dialect.name == "sqlite":
        with _queue(engine), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Hold a lock against all threads of all processes; the system frees it when one dies."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _queue(engine: Engine) -> AbstractContextManager[None]:
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return nullcontext()
    return _file_lock(Path(f"{engine.url.database}.lock"))


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
    with writing(engine) as connection:
        # Replicas that start together look for the tables one after the other.
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_CREATING)))
        metadata.create_all(connection)
        found = connection.scalar(select(_version.c.version))
        if found is None:
            connection.execute(_version.insert().values(version=SCHEMA_VERSION))
        elif found != SCHEMA_VERSION:
            raise StoreError(
                f"the database has schema version {found}, this program needs {SCHEMA_VERSION}"
            )
