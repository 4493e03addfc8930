"""The database behind memory and messages: SQLite by default, PostgreSQL by ``DATABASE_URL``.

Tables are declared beside the code that uses them, on `metadata`; `open_store` creates those that
are missing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, event, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.settings import Settings

SCHEMA_VERSION = 1
"""Raised with every change of a table that ``create_all`` can't make by itself."""

BUSY_TIMEOUT_MS = 10_000
"""How long SQLite waits for another writer; a write takes about a millisecond."""

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


def truncate_log(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, which else holds erased text until it is overwritten."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


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
    metadata.create_all(engine)
    with engine.begin() as connection:
        found = connection.scalar(select(_version.c.version))
        if found is None:
            connection.execute(_version.insert().values(version=SCHEMA_VERSION))
        elif found != SCHEMA_VERSION:
            raise StoreError(
                f"the database has schema version {found}, this program needs {SCHEMA_VERSION}"
            )
