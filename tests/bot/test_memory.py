"""Memory and store on real databases: what is kept, what is forgotten, and who sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.memory import Memory, Remembered, Turn
from bot.settings import Settings
from bot.store import StoreError, metadata, open_store

TURN = Turn("住院起付线多少", "您在二级医院第一次住院的起付线是 **750 元**。")


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    engine = open_store(Settings(data_dir=tmp_path, database_url=url))
    yield engine
    if url:
        metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def memory(engine: Engine, clock: Clock) -> Memory:
    return Memory(engine, hours=24, turns=3, clock=clock)


def tell(memory: Memory, session: str, turn: Turn = TURN, **known: object) -> None:
    """One message of a session that adds facts."""
    before = memory.recall(session)
    memory.keep(session, before.known | known, turn, before=before)


def test_facts_and_turns_come_back(memory: Memory) -> None:
    tell(memory, "a", region="wuxi", age=71, admission_no=2)
    found = memory.recall("a")
    assert found.known == {"region": "wuxi", "age": 71, "admission_no": 2}
    assert found.turns == (TURN,)


def test_a_new_session_knows_nothing(memory: Memory) -> None:
    assert memory.recall("nobody") == Remembered()


def test_only_the_last_turns_are_kept(memory: Memory) -> None:
    for number in range(5):
        tell(memory, "a", Turn(f"问{number}", f"答{number}"))
    assert [turn.message for turn in memory.recall("a").turns] == ["问2", "问3", "问4"]


def test_two_sessions_never_see_each_other(memory: Memory) -> None:
    tell(memory, "a", region="wuxi")
    tell(memory, "a ", region="xinyu")
    memory.erase("a")
    assert memory.recall("a") == Remembered()
    assert memory.recall("a ").known == {"region": "xinyu"}


def test_a_session_is_any_string(memory: Memory) -> None:
    for number, session in enumerate(["", "\ud800", "\0", "会话😀" * 1000, "'; drop table--"]):
        tell(memory, session, number=number)
        assert memory.recall(session).known == {"number": number}


def test_odd_characters_in_a_message_are_kept(memory: Memory) -> None:
    odd = Turn("零\0字节 \ud83d 😀 '\"\\", "好")
    tell(memory, "a", odd)
    assert "😀 '\"\\" in memory.recall("a").turns[0].message


def test_a_fact_can_be_corrected_and_withdrawn(memory: Memory) -> None:
    tell(memory, "a", employment="retired", age=60)
    before = memory.recall("a")
    memory.keep("a", {"employment": "working"}, TURN, before=before)
    assert memory.recall("a").known == {"employment": "working"}


def test_messages_at_once_lose_nothing(engine: Engine, clock: Clock) -> None:
    memory = Memory(engine, hours=24, turns=100, clock=clock)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: tell(memory, "a", Turn(str(n), ""), **{f"fact{n}": n}), range(40)))
    found = memory.recall("a")
    assert found.known == {f"fact{n}": n for n in range(40)}
    assert sorted(int(turn.message) for turn in found.turns) == list(range(40))


def test_an_older_view_does_not_undo_a_correction(memory: Memory) -> None:
    tell(memory, "a", employment="working")
    slow = memory.recall("a")
    tell(memory, "a", employment="retired")
    memory.keep("a", slow.known | {"age": 70}, TURN, before=slow)
    assert memory.recall("a").known == {"employment": "retired", "age": 70}


def test_erased_while_answering_stays_erased(memory: Memory) -> None:
    tell(memory, "a", region="wuxi")
    answering = memory.recall("a")
    memory.erase("a")
    memory.keep("a", answering.known, TURN, before=answering)
    assert memory.recall("a") == Remembered()


def test_an_idle_conversation_expires(memory: Memory, engine: Engine, clock: Clock) -> None:
    tell(memory, "a", region="wuxi")
    clock.now += 23 * 3600
    tell(memory, "a", age=70)
    clock.now += 23 * 3600
    assert memory.recall("a").known == {"region": "wuxi", "age": 70}
    clock.now += 3600
    assert memory.recall("a") == Remembered()
    tell(memory, "a", region="xinyu")
    assert memory.recall("a").known == {"region": "xinyu"}
    clock.now += 24 * 3600
    memory.purge()
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from conversation")) == 0


def test_the_last_verdict_counts_and_is_erased(memory: Memory, engine: Engine) -> None:
    memory.judge("a", "reply-1", "up")
    memory.judge("a", "reply-1", "down")
    verdicts = text("select verdict from feedback")
    with engine.connect() as connection:
        assert connection.scalars(verdicts).all() == ["down"]
    memory.erase("a")
    with engine.connect() as connection:
        assert connection.scalars(verdicts).all() == []


def test_nothing_of_an_erased_conversation_is_left_in_the_files(tmp_path: Path) -> None:
    engine = open_store(Settings(data_dir=tmp_path))
    memory = Memory(engine, hours=24, turns=3)
    for number in range(50):
        tell(memory, "a", Turn(f"秘密的问题{number}", "秘密的回答" * 300), disease="秘密的病")
    tell(memory, "b", region="wuxi")

    def left() -> bool:
        secret = "秘密的"
        written = [secret.encode(), json.dumps(secret).strip('"').encode()]
        return any(w in file.read_bytes() for file in tmp_path.iterdir() for w in written)

    assert left()
    memory.erase("a")
    assert not left()
    assert memory.recall("b").known == {"region": "wuxi"}
    engine.dispose()


def test_a_conversation_outlives_the_process(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    engine = open_store(settings)
    tell(Memory(engine, hours=24, turns=3), "a", region="wuxi")
    engine.dispose()
    engine = open_store(settings)
    assert Memory(engine, hours=24, turns=3).recall("a").known == {"region": "wuxi"}
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "DATABASE_URL"),
        ("nosuch://host/db", "DATABASE_URL"),
        ("postgresql+psycopg://user:pass-word@127.0.0.1:1/db", "127.0.0.1:1"),
    ],
)
def test_a_bad_address_is_told_in_one_line(tmp_path: Path, url: str, says: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(Settings(data_dir=tmp_path, database_url=url))
    assert says in str(caught.value)
    assert "pass-word" not in str(caught.value)


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="DATA_DIR"):
        open_store(Settings(data_dir=tmp_path / "data"))


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    engine = open_store(settings)
    with engine.begin() as connection:
        connection.execute(text("update schema_version set version = 999"))
    engine.dispose()
    with pytest.raises(StoreError, match="999"):
        open_store(settings)
