"""A second opinion on danger, by meaning: people tell emergencies in more words than rules know.

A message is compared with examples (``examples.txt``) by the embedding model; the kind whose
nearest examples are nearer counts.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.embedding import Embedder
from corpus.search import as_asked

EXAMPLES = Path(__file__).with_name("examples.txt")

_NEAREST = 3
_MARGIN = 0.004
"""By how much a danger's examples must be nearer (cosine) than the others."""
_ORDINARY = "other"


class Sense:
    """The examples as vectors.

    Args:
        embedder: the model that also serves retrieval.
        folder: where the vectors are kept for the next start; None: nowhere.
        placeless: leaves out of a message the place of insurance, which says nothing of danger.
    """

    def __init__(
        self,
        embedder: Embedder,
        folder: Path | None = None,
        placeless: Callable[[str], str] = str,
    ) -> None:
        self._embedder = embedder
        self._placeless = placeless
        kinds, examples = _read(EXAMPLES.read_text(encoding="utf-8"))
        vectors = _vectors(embedder, examples, folder)
        self._vectors = {kind: vectors[[k == kind for k in kinds]] for kind in dict.fromkeys(kinds)}

    def danger(self, text: str) -> str:
        """``emergency`` or ``crisis``, or empty. Costs one embedding of the message."""
        # As the search has it, so that one vector serves both.
        vector = self._embedder.queries([as_asked(self._placeless(text))])[0]
        nearness = {
            kind: float(np.sort(vectors @ vector)[-_NEAREST:].mean())
            for kind, vectors in self._vectors.items()
        }
        ordinary = nearness.pop(_ORDINARY)
        kind = max(nearness, key=nearness.__getitem__)
        return kind if nearness[kind] - ordinary >= _MARGIN else ""


def _read(text: str) -> tuple[list[str], list[str]]:
    kinds, examples, kind = [], [], ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            kind = line.strip("[]")
        elif not line.startswith("#"):
            kinds.append(kind)
            examples.append(line)
    return kinds, examples


def _vectors(embedder: Embedder, examples: list[str], folder: Path | None) -> NDArray[np.float32]:
    """Vectors of the examples; computed once for a model and a list of examples."""
    if folder is None:
        return embedder.queries(examples)
    state = "\n".join([embedder.name, *examples])
    path = folder / f"screening-{hashlib.sha256(state.encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.npy")
        np.save(unfinished, embedder.queries(examples))
        unfinished.replace(path)
    vectors: NDArray[np.float32] = np.load(path)
    return vectors
