"""Several replicas and threads use one database at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, select

from bot.channels.wechat import tables
from bot.settings import Settings
from bot.store import metadata, open_store, write

TOGETHER = 8
numbers = Table("numbers", MetaData(), Column("n", Integer, primary_key=True))


def at_once(work: Callable[..., Any]) -> list[Any]:
    """Results or errors of so many threads that begin at the same moment."""
    barrier = threading.Barrier(TOGETHER)

    def begin(n: int) -> Any:
        barrier.wait()
        try:
            return work(n)
        except Exception as error:
            return error

    with ThreadPoolExecutor(TOGETHER) as threads:
        return list(threads.map(begin, range(TOGETHER)))


@pytest.mark.parametrize("server", ["sqlite", "postgresql"])
def test_replicas_may_start_together_on_a_new_database(
    server: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgresql_url") if server == "postgresql" else ""
    for n in range(3):
        settings = Settings(_env_file=None, data_dir=tmp_path / str(n), database_url=url)
        engines = at_once(lambda _, settings=settings: open_store(settings))
        assert [error for error in engines if isinstance(error, Exception)] == []
        with engines[0].connect() as connection:
            assert connection.scalar(select(func.count()).select_from(tables.message)) == 0
        metadata.drop_all(engines[0])
        for engine in engines:
            engine.dispose()


def test_one_that_fails_undoes_nothing_of_the_others(tmp_path: Path) -> None:
    engine = open_store(Settings(_env_file=None, data_dir=tmp_path))
    numbers.create(engine)

    def work(n: int) -> int:
        def change(connection: Connection) -> int:
            connection.execute(numbers.insert().values(n=n))
            if n % 2:
                raise ValueError(n)
            return n

        return write(engine, change)

    results = at_once(work)
    assert [r if isinstance(r, int) else str(r) for r in results] == [
        n if n % 2 == 0 else str(n) for n in range(TOGETHER)
    ]
    with engine.connect() as connection:
        assert set(connection.scalars(select(numbers.c.n))) == {0, 2, 4, 6}
    engine.dispose()
