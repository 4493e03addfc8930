"""The vector half of the index: one Chroma collection a region, embedded or on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from corpus.chunking import Entry
from corpus.embedding import Embedder, Vectors

_BATCH = 64
_SPACE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}}


class VectorStoreError(RuntimeError):
    """The vector store can't be reached; the message names it."""


def connect(url: str, folder: Path) -> ClientAPI:
    """A Chroma server where ``url`` names one, otherwise Chroma embedded in ``folder``.

    Raises:
        VectorStoreError: no server answers at ``url``.
    """
    settings = Settings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(str(folder), settings=settings)
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=settings,
        )
    except ValueError as error:  # Chroma's for every failure to connect
        raise VectorStoreError(f"No Chroma server answers at CHROMA_URL={url}: {error}") from error


class RegionVectors:
    """The vectors of one region's entries; an entry is named by its number."""

    def __init__(self, client: ClientAPI, collection: str, embedder: Embedder) -> None:
        self._embeddings = _Embeddings(embedder)
        self._store = Chroma(
            collection, self._embeddings, client=client, collection_configuration=_SPACE
        )
        self._collection = client.get_collection(collection)

    def count(self) -> int:
        """How many entries have a vector."""
        return int(self._collection.count())

    def texts(self) -> dict[str, Vectors]:
        """Every embedded text with its vector, for a rebuild that keeps most texts."""
        rows = self._store.get(include=["documents", "embeddings"])
        return {
            text: np.asarray(vector, dtype=np.float32)
            for text, vector in zip(rows["documents"], rows["embeddings"], strict=True)
        }

    def fill(
        self,
        entries: Sequence[tuple[int, Entry]],
        known: Mapping[str, Vectors],
        tick: Callable[[int], object],
    ) -> None:
        """Add entries under their numbers; what is there is overwritten.

        Args:
            entries: number and entry.
            known: vectors of texts that needn't be embedded again.
            tick: hears how many entries were added.
        """
        self._embeddings.known = known
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            self._store.add_texts(
                [entry.text for _, entry in batch],
                metadatas=[{"insurance": entry.clause.insurance} for _, entry in batch],
                ids=[str(number) for number, _ in batch],
            )
            tick(len(batch))
        self._embeddings.known = {}

    def nearest(
        self, vector: Vectors, count: int, insurance: Sequence[str] = ()
    ) -> Iterator[tuple[int, float]]:
        """Numbers and cosine similarities of the nearest entries, best first.

        Args:
            vector: one normalised row.
            count: at most so many.
            insurance: only entries of these, which takes five times as long; all if none.
        """
        # Not through LangChain, which always fetches texts and metadata: twice the time.
        found = self._collection.query(
            query_embeddings=[vector.tolist()],
            n_results=count,
            where={"insurance": {"$in": list(insurance)}} if insurance else None,
            include=["distances"],
        )
        for number, distance in zip(found["ids"][0], found["distances"][0], strict=True):
            yield int(number), 1.0 - distance


class _Embeddings(Embeddings):
    """LangChain's view of an embedder, which looks a text up before it embeds it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.known: Mapping[str, Vectors] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        fresh = dict(zip(new, self._embedder.passages(new), strict=True)) if new else {}
        return [(fresh[t] if t in fresh else self.known[t]).tolist() for t in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.queries([text])[0].tolist()  # type: ignore[no-any-return]
