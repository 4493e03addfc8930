"""The product with one part switched off, to see what the part is worth.

Parts are replaced from outside, as a test would do it: the product has no switches for this.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import numpy as np

from bot.settings import Settings
from evals.answerers import product
from evals.runner import Answerer


@contextmanager
def without(part: str) -> Iterator[Answerer]:
    """The product without a part of `PARTS`."""
    with ExitStack() as stack:
        settings = Settings()
        if part in _OWN_INDEX:
            folder = stack.enter_context(TemporaryDirectory())
            settings = settings.model_copy(update={"data_dir": Path(folder)})
        for replaced in PARTS[part]():
            stack.enter_context(replaced)
        answer = stack.enter_context(product(settings))
        yield _forgetful(answer) if part == "memory" else answer


def _no_region_filter() -> Iterator[AbstractContextManager[Any]]:
    from bot.retrieval import Passage, Retriever

    search = Retriever.search

    def everywhere(
        self: Retriever, text: str, _: str, *args: Any, **more: Any
    ) -> tuple[Passage, ...]:
        found = [p for name in self.regions() for p in search(self, text, name, *args, **more)]
        return tuple(sorted(found, key=lambda passage: -passage.score)[:6])

    yield patch.object(Retriever, "search", everywhere)


def _no_floor() -> Iterator[AbstractContextManager[Any]]:
    from bot.retrieval import Floor

    load = Floor.load
    yield patch.object(Floor, "load", lambda: dataclasses.replace(load(), floor=0.0))


def _no_vectors() -> Iterator[AbstractContextManager[Any]]:
    from corpus.search import RegionSearch

    yield from _no_floor()  # it weighs cosines: without them it would refuse everything

    def nothing(self: RegionSearch, *_: object) -> Any:
        return np.zeros(len(self._texts), dtype=np.float32)

    yield patch.object(RegionSearch, "_cosines", nothing)


def _no_words() -> Iterator[AbstractContextManager[Any]]:
    from corpus.lexical import Lexical
    from corpus.search import RegionSearch

    yield from _no_floor()  # it weighs the coverage by words
    scores = Lexical.scores

    def nothing(self: Lexical, question: str) -> Any:
        return np.zeros_like(scores(self, question))

    def none_held(_: RegionSearch, clauses: Any, *__: object) -> Any:
        return np.zeros(len(clauses), dtype=np.float32)

    yield patch.object(Lexical, "scores", nothing)
    yield patch.object(RegionSearch, "_coverage", none_held)


def _no_asks() -> Iterator[AbstractContextManager[Any]]:
    from corpus import index

    load = vars(index)["load"]

    def silent(*args: Any) -> Any:
        return tuple(
            dataclasses.replace(
                document,
                clauses=tuple(dataclasses.replace(clause, asks=()) for clause in document.clauses),
            )
            for document in load(*args)
        )

    yield patch.object(index, "load", silent)


def _no_rows() -> Iterator[AbstractContextManager[Any]]:
    from corpus import generation

    entries = vars(generation)["entries"]
    yield patch.object(
        generation, "entries", lambda clause: tuple(e for e in entries(clause) if e.kind != "row")
    )


def _no_verification() -> Iterator[AbstractContextManager[Any]]:
    from bot import publishing

    yield patch.object(publishing, "verify", lambda *_: [])


def _forgetful(answer: Answerer) -> Answerer:
    return lambda _, message: answer(uuid4().hex, message)


def _nothing() -> Iterator[AbstractContextManager[Any]]:
    yield from ()


PARTS: dict[str, Callable[[], Iterator[AbstractContextManager[Any]]]] = {
    "region-filter": _no_region_filter,
    "floor": _no_floor,
    "vectors": _no_vectors,
    "words": _no_words,
    "asks": _no_asks,
    "rows": _no_rows,
    "verification": _no_verification,
    "memory": _nothing,
}
_OWN_INDEX = frozenset({"asks", "rows"})
"""Parts without which the index is another one."""
