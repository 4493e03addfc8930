"""From a question to the clauses of one region that may answer it, best first."""

from __future__ import annotations

import functools
import math
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.settings import Settings
from corpus.chunking import Kind
from corpus.documents import Clause
from corpus.embedding import Embedder, Vectors, open_embedder
from corpus.generation import Index, Region
from corpus.index import Library
from corpus.text import normalise, terms

FLOOR_FILE = Path(__file__).with_name("floor.toml")

_NEIGHBOURS = 60
"""Entries asked of the vector store; a clause has about ten."""

_RANK_OFFSET = 60
"""The usual constant of reciprocal rank fusion."""

_CACHED_QUESTIONS = 8192
"""Vectors kept, 1.5 KB each: patients ask the same things, and a vector costs most of a search."""

_RELOAD_SECONDS = 1.0
"""How often, at most, a search looks whether a new index serves."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause that may answer the question."""

    clause: Clause
    score: float
    """Fused reciprocal rank; only the order means something."""
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


@dataclass(frozen=True, slots=True)
class Floor:
    """Logistic weights that turn a passage's features into its confidence."""

    floor: float
    intercept: float
    cosine: float
    coverage: float

    @classmethod
    def load(cls, file: Path = FLOOR_FILE) -> Floor:
        """Read what ``python -m evals calibrate`` wrote."""
        return cls(**tomllib.loads(file.read_text("utf-8")))

    def confidence(self, cosine: float, coverage: float) -> float:
        """0..1."""
        evidence = self.intercept + self.cosine * cosine + self.coverage * coverage
        return 1 / (1 + math.exp(-evidence))


class Retriever:
    """Searches the index that serves; follows when a new one replaces it. Thread-safe."""

    def __init__(self, library: Library, embedder: Embedder, floor: Floor | None = None) -> None:
        self._library = library
        self._embedder = embedder
        self._floor = floor or Floor.load()
        self._embed = functools.lru_cache(_CACHED_QUESTIONS)(self._embed_now)
        self._reloading = threading.Lock()
        self._looked = time.monotonic()
        self._use(library.open(embedder))

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses by id."""
        return self._index.clauses

    def regions(self) -> tuple[str, ...]:
        """Regions that the library covers."""
        return tuple(self._searches)

    def ready(self) -> bool:
        """Whether an index is open."""
        return bool(self._searches)

    def search(
        self,
        text: str,
        region: str,
        insurance: str | None = None,
        k: int = 6,
        *,
        hints: Sequence[str] = (),
    ) -> tuple[Passage, ...]:
        """Clauses that may answer a question, best first; empty where nothing is above the floor.

        Args:
            text: the question.
            region: only its clauses; an unknown one has none.
            insurance: ``employee`` or ``resident``, which keep ``both`` too; None keeps all.
            k: at most so many.
            hints: words that the conversation adds, such as the subject of the last question.
        """
        self._follow()
        search = self._searches.get(region)
        question = " ".join((text, *hints)).strip()
        if search is None or not question:
            return ()
        found = search.passages(question, self._embed(normalise(question)), insurance, self._floor)
        return tuple(passage for passage in found if passage.confidence >= self._floor.floor)[:k]

    def _embed_now(self, question: str) -> Vectors:
        vector: Vectors = self._embedder.queries([question])[0]
        return vector

    def _use(self, index: Index) -> None:
        self._index = index
        self._searches = {name: _Search(region) for name, region in index.regions.items()}

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


class _Search:
    """One region, prepared for questions."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._texts = [normalise(" ".join((c.heading, c.text, *c.asks))) for c in region.clauses]
        self._insurance = np.array([c.insurance for c in region.clauses])
        self._lines = np.array([bool(entry.line) for entry in region.entries])
        self._rarity = functools.lru_cache(None)(self._rarity_now)

    def passages(
        self, question: str, vector: Vectors, insurance: str | None, floor: Floor
    ) -> list[Passage]:
        """All clauses that share words or meaning with the question, best first."""
        kept = (insurance, "both") if insurance else None
        cosine = self._cosines(vector, kept)
        lexical = self._region.lexical.scores(question)
        words = np.zeros(len(self._texts), dtype=np.float32)
        np.maximum.at(words, self._region.owner, lexical)
        if kept:
            words[~np.isin(self._insurance, kept)] = 0
        score = _reciprocal(cosine) + _reciprocal(words)
        order = np.argsort(-score, kind="stable")[: np.count_nonzero(score)]
        asked = terms(question)
        return [
            self._passage(int(n), float(score[n]), float(cosine[n]), lexical, asked, floor)
            for n in order[:20]
        ]

    def _cosines(self, vector: Vectors, insurance: Sequence[str] | None) -> NDArray[np.float32]:
        best = np.zeros(len(self._texts), dtype=np.float32)
        for entry, cosine in self._region.vectors.nearest(vector, _NEIGHBOURS, insurance):
            owner = self._region.owner[entry]
            best[owner] = max(best[owner], cosine)
        return best

    def _passage(
        self,
        number: int,
        score: float,
        cosine: float,
        lexical: NDArray[np.float32],
        asked: Sequence[str],
        floor: Floor,
    ) -> Passage:
        own = np.flatnonzero(self._region.owner == number)
        best = own[np.argmax(lexical[own])]
        lines = own[self._lines[own]]
        coverage = self._coverage(number, asked)
        return Passage(
            clause=self._region.clauses[number],
            score=score,
            confidence=floor.confidence(cosine, coverage),
            excerpt=self._region.entries[lines[np.argmax(lexical[lines])]].line,
            kind=self._region.entries[best].kind,
            cosine=cosine,
            coverage=coverage,
        )

    def _coverage(self, number: int, asked: Sequence[str]) -> float:
        total = sum(map(self._rarity, asked))
        held = sum(self._rarity(term) for term in asked if term in self._texts[number])
        return held / total if total else 0.0

    def _rarity_now(self, term: str) -> float:
        holders = sum(term in text for text in self._texts)
        return math.log(1 + (len(self._texts) - holders + 0.5) / (holders + 0.5))


def _reciprocal(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Reciprocal ranks of the values above zero; zero for the others."""
    order = np.argsort(-values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    return np.where(values > 0, 1 / (_RANK_OFFSET + ranks), 0.0)


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
