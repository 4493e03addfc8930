"""Vectors of the library's own texts, kept beside it: the first start embeds only what is new.

The file is written by ``python -m corpus prepare``. Where it lacks a text, or was made with another
model, the text is embedded as ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from corpus.embedding import Vectors

FILE = Path(__file__).with_name("prepared.npz")

_STEPS = 127
"""A vector in eight bits a component, its largest the full scale: a thousandth of a similarity."""


def save(vectors: Mapping[str, Vectors], model: str, file: Path = FILE) -> None:
    """Write the vectors, one normalised row a text.

    Args:
        vectors: by text.
        model: `Embedder.name` of what made them.
        file: to be replaced.
    """
    of_digest = {_digest(text): vector for text, vector in vectors.items()}
    digests = sorted(of_digest)
    rows = np.array([of_digest[digest] for digest in digests])
    np.savez_compressed(
        file,
        model=np.array(model),
        digests=np.array(digests, dtype=np.uint64),
        vectors=np.rint(rows / np.abs(rows).max(axis=1, keepdims=True) * _STEPS).astype(np.int8),
    )


def load(texts: Iterable[str], model: str, file: Path = FILE) -> dict[str, Vectors]:
    """Vectors by text, of those texts that the file has from this model."""
    if not file.is_file():
        return {}
    with np.load(file) as kept:
        if str(kept["model"]) != model:
            return {}
        place = {int(digest): n for n, digest in enumerate(kept["digests"])}
        rows = kept["vectors"].astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = ((text, place.get(_digest(text))) for text in texts)
    return {text: rows[n] for text, n in found if n is not None}


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
