"""From a question to the clauses of one region that may answer it, best first."""

from __future__ import annotations

import math
import threading
import time
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.screening.tricks import without_commands
from bot.settings import Settings
from corpus.chunking import Kind
from corpus.documents import Clause
from corpus.embedding import Embedder, Remembering, open_embedder
from corpus.generation import Index
from corpus.index import Library
from corpus.search import Found, RegionSearch

FLOOR_FILE = Path(__file__).with_name("floor.toml")

_LOOKED_AT = 20
"""Clauses of which those above the floor are kept."""

_RELOAD_SECONDS = 1.0
"""How often, at most, a search looks whether a new index serves."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause that may answer the question."""

    clause: Clause
    score: float
    """0..1; only the order within a question means something."""
    confidence: float
    """0..1, how surely the clause answers the question."""
    excerpt: str
    """The clause's sentence, list item or table row (with its header) nearest to the question."""
    kind: Kind
    """What of the clause matched best; an ask itself is never shown."""
    cosine: float
    """Of the question and the clause's nearest entry."""
    coverage: float
    """Share of the question's terms that the clause holds, weighted by their rarity."""
    lexical: float
    """BM25 score of the clause's best entry."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Logistic weights that turn what is known of a match into its confidence."""

    floor: float
    intercept: float
    cosine: float
    coverage: float
    lexical: float

    @classmethod
    def load(cls, file: Path = FLOOR_FILE) -> Floor:
        """Read what ``python -m evals calibrate`` wrote."""
        return cls(**tomllib.loads(file.read_text("utf-8")))

    def confidence(self, found: Found) -> float:
        """0..1."""
        evidence = (
            self.intercept
            + self.cosine * found.cosine
            + self.coverage * found.coverage
            + self.lexical * found.lexical
        )
        return 1 / (1 + math.exp(-evidence))


class Retriever:
    """Searches the index that serves; follows when a new one replaces it. Thread-safe."""

    def __init__(self, library: Library, embedder: Embedder, floor: Floor | None = None) -> None:
        self._library = library
        self._embedder = Remembering(embedder)
        self._floor = floor or Floor.load()
        self._reloading = threading.Lock()
        self._looked = time.monotonic()
        self._use(library.open(embedder))

    @property
    def embedder(self) -> Embedder:
        """The model that embeds the questions, and keeps their vectors."""
        return self._embedder

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        return self._clauses

    def regions(self) -> tuple[str, ...]:
        """Regions that the library covers."""
        return tuple(self._searches)

    def ready(self) -> bool:
        """Whether there is anything to search."""
        return bool(self._searches)

    def search(
        self,
        text: str,
        region: str,
        insurance: str | None = None,
        k: int = 6,
        *,
        hints: Sequence[str] = (),
        going_on: Collection[str] = (),
    ) -> tuple[Passage, ...]:
        """Clauses that may answer a question, best first; empty where nothing is above the floor.

        Args:
            text: the question.
            region: only its clauses; an unknown one has none.
            insurance: ``employee`` or ``resident``, which keep ``both`` too; None keeps all.
            k: at most so many.
            going_on: documents that the conversation is about; their clauses come in beyond ``k``.
            hints: words that the conversation adds, such as the subject of the last question.
        """
        self._follow()
        search = self._searches.get(region)
        if search is None:
            return ()
        passages = (
            Passage(
                clause=self._clauses[found.clause.id],
                score=found.score,
                confidence=self._floor.confidence(found),
                excerpt=without_commands(found.excerpt),
                kind=found.kind,
                cosine=found.cosine,
                coverage=found.coverage,
                lexical=found.lexical,
            )
            for found in search.find(" ".join((text, *hints)), insurance, _LOOKED_AT)
        )
        above = [p for p in passages if p.confidence >= self._floor.floor]
        return tuple(
            passage
            for place, passage in enumerate(above)
            if place < k or passage.clause.document in going_on
        )

    def by_words(
        self, text: str, region: str, insurance: str | None, count: int
    ) -> tuple[Clause, ...]:
        """Clauses that share words with a text, best first, at a twentieth of a search's cost."""
        search = self._searches.get(region)
        found = search.find(text, insurance, count, by_words=True) if search else ()
        return tuple(self._clauses[one.clause.id] for one in found)

    def _use(self, index: Index) -> None:
        self._index = index
        # What in a document commands the assistant is neither offered, shown nor a source.
        self._clauses = {
            name: replace(clause, text=without_commands(clause.text))
            for name, clause in index.clauses.items()
        }
        self._searches = {
            name: RegionSearch(region, self._embedder) for name, region in index.regions.items()
        }

    def _follow(self) -> None:
        """Change over to a new index, in one thread; the others go on with the old one."""
        if time.monotonic() - self._looked < _RELOAD_SECONDS:
            return
        if not self._reloading.acquire(blocking=False):
            return
        try:
            self._looked = time.monotonic()
            if self._library.current() != self._index.generation and (
                index := self._library.serving(self._embedder)
            ):
                self._use(index)
        finally:
            self._reloading.release()


def open_retriever(settings: Settings, *, light: bool = False) -> Retriever:
    """Open the index, building it where it is missing (progress on stderr).

    Args:
        settings: where the index is and which model embeds.
        light: for a command that ends soon, see `corpus.embedding.open_embedder`.

    Raises:
        EmbeddingError, DocumentError, VectorStoreError: with what to do.
    """
    embedder = open_embedder(settings.embedding_model, light=light)
    return Retriever(Library(settings.data_dir, settings.chroma_url), embedder)
