"""The embedding model, and a small library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.embedding import NanoEngine, Vectors
from tests.corpus.samples import write_library


class CountingEngine(NanoEngine):
    """The real engine, which tells how many texts it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return super().passages(texts)


@pytest.fixture(scope="session")
def shared_engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def engine(shared_engine: CountingEngine) -> CountingEngine:
    shared_engine.embedded.clear()
    return shared_engine


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return write_library(tmp_path / "documents")
