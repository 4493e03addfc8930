"""The index of the library: built once, opened quickly, replaced atomically.

``<data>/index/`` holds one folder a generation and the file ``current``, which names the one that
serves. A builder writes a new generation beside the old one and then replaces ``current``: whoever
reads sees the old index or the new one, never half of one. A builder that dies leaves a folder
that nobody points to; the next builder removes it. The lock is the operating system's, so that a
dead process doesn't hold it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chromadb.errors import ChromaError
from filelock import FileLock, Timeout

from corpus import generation
from corpus.documents import LIBRARY, Clause, load
from corpus.embedding import Embedder
from corpus.generation import Index, Stamp
from corpus.vectors import connect


class Library:
    """The documents and their index.

    Args:
        data_dir: parent of the folder ``index``.
        chroma_url: a Chroma server; empty for one embedded in ``data_dir``.
        documents: the folder with one folder a region.
    """

    def __init__(self, data_dir: Path, chroma_url: str = "", documents: Path = LIBRARY) -> None:
        self.documents = documents
        self._home = data_dir / "index"
        self._chroma_url = chroma_url

    def current(self) -> str:
        """The generation that serves; empty where none was built."""
        try:
            return (self._home / "current").read_text("ascii")
        except FileNotFoundError:
            return ""

    def open(self, embedder: Embedder) -> Index:
        """Open the index of the documents as they are now; build it where it is missing.

        Raises:
            DocumentError: a document can't be read; the index that serves stays as it is.
            VectorStoreError: the Chroma server doesn't answer.
        """
        clauses = tuple(c for document in load(self.documents) for c in document.clauses)
        if index := self._matching(clauses, embedder):
            return index
        with self._building():
            return self._matching(clauses, embedder) or self._build(clauses, embedder)

    def serving(self, embedder: Embedder) -> Index | None:
        """Open what serves now, whoever built it; None where it can't answer this embedder."""
        folder = self._home / (self.current() or "none")
        try:
            return generation.read(folder, embedder, chroma_url=self._chroma_url)
        except (OSError, ValueError, ChromaError) as error:
            print(f"The index in {folder} can't be read: {error}", file=sys.stderr)
            return None

    def _matching(self, clauses: Sequence[Clause], embedder: Embedder) -> Index | None:
        found = Stamp.read(self._home / (self.current() or "none"))
        return self.serving(embedder) if found == Stamp.of(clauses, embedder) else None

    @contextmanager
    def _building(self) -> Iterator[None]:
        self._home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._home / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print("Another process is building the index; waiting for it.", file=sys.stderr)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _build(self, clauses: Sequence[Clause], embedder: Embedder) -> Index:
        old = self.serving(embedder)
        folder = self._home / secrets.token_hex(8)
        try:
            generation.write(
                folder,
                clauses,
                embedder,
                chroma_url=self._chroma_url,
                known=old.known() if old else {},
            )
            index = generation.read(folder, embedder, chroma_url=self._chroma_url)
            assert index, "a new index reads back"
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        previous = self.current()
        self._point_to(folder.name)
        self._prune({folder.name, previous})
        return index

    def _point_to(self, name: str) -> None:
        beside = self._home / "current.new"
        beside.write_text(name, "ascii")
        os.replace(beside, self._home / "current")

    def _prune(self, kept: set[str]) -> None:
        """Remove all generations but the one that serves and the one that others may still read."""
        stamps = {Stamp.read(self._home / name) for name in kept if name}
        for folder in self._home.iterdir():
            if not folder.is_dir() or folder.name in kept:
                continue
            stamp = Stamp.read(folder)
            if self._chroma_url and stamp and stamp not in stamps:
                self._drop_collections(stamp)
            shutil.rmtree(folder, ignore_errors=True)

    def _drop_collections(self, stamp: Stamp) -> None:
        client = connect(self._chroma_url, self._home)
        for collection in client.list_collections():
            if collection.name.endswith(stamp.short):
                client.delete_collection(collection.name)
