"""The lexical half of the index: BM25 over the words of a region's entries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from corpus.text import words

Scores = NDArray[np.float32]


class Lexical:
    """BM25 scores of a question against every entry of a region."""

    def __init__(self, index: bm25s.BM25) -> None:
        self._index = index

    @classmethod
    def build(cls, texts: Sequence[str]) -> Lexical:
        """Index texts; their order is the order of the scores."""
        index = bm25s.BM25()
        index.index([words(text) or [""] for text in texts], show_progress=False)
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """Open what `save` wrote."""
        return cls(bm25s.BM25.load(folder))

    def save(self, folder: Path) -> None:
        """Write the index into a new folder."""
        self._index.save(folder, show_progress=False)

    def scores(self, question: str) -> Scores:
        """One score an entry; zero where no word is shared."""
        known = self._index.vocab_dict
        asked = [word for word in words(question) if word in known]
        if not asked:
            return np.zeros(int(self._index.scores["num_docs"]), dtype=np.float32)
        scores: Scores = self._index.get_scores(asked)
        return scores
