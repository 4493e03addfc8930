"""What one would otherwise install, behind the same door as the product.

Neither knows schemes or conversations; they show the best matches as they stand. The runner judges
them by their text (``text_only``), so that they lose nothing for lacking our citations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.reply import Citation, Reply, Status
from corpus.documents import load
from corpus.lexical import Lexical
from evals.runner import Answerer
from evals.sets import library

if TYPE_CHECKING:
    from langchain_core.documents import Document

_CHUNK, _OVERLAP, _CHUNKS_SHOWN = 1000, 200, 4
"""Characters and matches, as in LangChain's tutorial on retrieval and its retrievers' default."""


class SourcesError(ValueError):
    """The folder of source documents can't be used."""


@contextmanager
def bm25() -> Iterator[Answerer]:
    """BM25 over the words of our own clauses, all places together; the best one is the answer."""
    clauses = list(library().values())
    index = Lexical.build([f"{clause.heading}\n{clause.text}" for clause in clauses])

    def reply(_: str, message: str) -> Reply:
        return _show([Citation.of(1, clauses[index.scores(message).argmax()])])

    yield reply


@contextmanager
def langchain(sources: Path) -> Iterator[Answerer]:
    """LangChain's retrieval over the raw sources, with our embeddings; the chunks are the answer.

    Raises:
        SourcesError: ``sources`` holds none of the documents that the library restates.
    """
    from langchain_core.embeddings import Embeddings
    from langchain_core.vectorstores import InMemoryVectorStore

    from corpus.embedding import open_embedder

    embedder = open_embedder(light=True)

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [list(map(float, vector)) for vector in embedder.passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return list(map(float, embedder.queries([text])[0]))

    store = InMemoryVectorStore(Ours())
    store.add_documents(_chunks(sources))

    def reply(_: str, message: str) -> Reply:
        found = store.similarity_search(message, k=_CHUNKS_SHOWN)
        return _show([_citation(n, chunk) for n, chunk in enumerate(found, 1)])

    yield reply


def _chunks(sources: Path) -> list[Document]:
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    files = [path for path in sorted(sources.glob("*")) if path.name in _places()]
    if not files:
        raise SourcesError(f"{sources} holds none of the source documents of the library")
    splitter = RecursiveCharacterTextSplitter(chunk_size=_CHUNK, chunk_overlap=_OVERLAP)
    return splitter.split_documents(
        [Document(path.read_text(encoding="utf-8"), metadata={"file": path.name}) for path in files]
    )


@cache
def _places() -> dict[str, str]:
    """The place that each source document is about."""
    return {document.source: document.region for document in load()}


def _citation(n: int, chunk: Document) -> Citation:
    file = str(chunk.metadata["file"])
    place = _places()[file]
    return Citation(
        n=n,
        clause=f"{place}/{file}",
        title=file,
        section="",
        as_of="",
        source=file,
        quote=chunk.page_content,
    )


def _show(found: Sequence[Citation]) -> Reply:
    text = "\n\n".join(f"{citation.quote}[{citation.n}]" for citation in found)
    return Reply(
        status=Status.ANSWERED,
        text=text,
        region=found[0].clause.partition("/")[0],
        citations=tuple(found),
        answerer="baseline",
    )
