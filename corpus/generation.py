"""One generation of the index: a folder with clauses, words and vectors, written once."""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api import ClientAPI
from numpy.typing import NDArray
from tqdm import tqdm

from corpus import blocks, chunking, prepared, text
from corpus.chunking import Entry, entries
from corpus.documents import Clause
from corpus.embedding import Embedder, Vectors
from corpus.lexical import Lexical
from corpus.vectors import RegionVectors, connect

_SCHEME = (blocks, chunking, text)
"""The modules that make entries and words out of clauses."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index was built from; another stamp means another index."""

    corpus: str
    """Digest of all clauses."""
    scheme: str
    """Digest of the code in `_SCHEME`."""
    embedding: str
    chroma: str

    @classmethod
    def of(cls, clauses: Sequence[Clause], embedder: Embedder) -> Stamp:
        """The stamp that an index of these clauses by this embedder has."""
        return cls(
            corpus=_digest(_dump(clauses)),
            scheme=_scheme(),
            embedding=embedder.name,
            chroma=version("chromadb"),
        )

    @classmethod
    def read(cls, folder: Path) -> Stamp | None:
        """The stamp of a generation; None where there is no readable one."""
        try:
            return cls(**json.loads((folder / "stamp.json").read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    @property
    def short(self) -> str:
        """A name for folders and collections."""
        return _digest(*asdict(self).values())

    def fits(self, embedder: Embedder) -> bool:
        """Whether this program can read the index and ask it questions of this embedder."""
        here = (_scheme(), embedder.name, version("chromadb"))
        return (self.scheme, self.embedding, self.chroma) == here


@dataclass(frozen=True, slots=True)
class Region:
    """The searchable entries of one region."""

    clauses: tuple[Clause, ...]
    entries: tuple[Entry, ...]
    owner: NDArray[np.intp]
    """For each entry, the position of its clause."""
    lexical: Lexical
    vectors: RegionVectors


@dataclass(frozen=True, slots=True)
class Index:
    """An opened generation."""

    generation: str
    clauses: Mapping[str, Clause]
    regions: Mapping[str, Region]

    def known(self) -> dict[str, Vectors]:
        """Every embedded text with its vector."""
        found: dict[str, Vectors] = {}
        for region in self.regions.values():
            found |= region.vectors.texts()
        return found


def write(
    folder: Path,
    clauses: Sequence[Clause],
    embedder: Embedder,
    *,
    chroma_url: str = "",
    known: Mapping[str, Vectors],
) -> None:
    """Write a new generation, with a progress bar on stderr.

    Args:
        folder: to be made.
        clauses: all of the library.
        embedder: embeds the texts that ``known`` lacks.
        chroma_url: see `corpus.vectors.connect`.
        known: vectors of texts embedded before.
    """
    folder.mkdir()
    stamp = Stamp.of(clauses, embedder)
    (folder / "stamp.json").write_text(json.dumps(asdict(stamp)), "utf-8")
    (folder / "clauses.json").write_text(_dump(clauses), "utf-8")
    regions = {region: _entries(part) for region, part in _by_region(clauses).items()}
    for region, found in regions.items():
        Lexical.build([entry.text for entry in found]).save(folder / "words" / region)
    dense = {region: _dense(found) for region, found in regions.items()}
    texts = (entry.text for numbered in dense.values() for _, entry in numbered)
    known = {**prepared.load(texts, embedder.name), **known}
    client = connect(chroma_url, folder / "chroma")
    print(f"Indexing {len(clauses)} clauses of {len(regions)} regions.", file=sys.stderr)
    with tqdm(total=sum(map(len, dense.values())), unit=" texts", disable=None) as progress:
        for region, numbered in dense.items():
            vectors = RegionVectors(client, collection_name(region, stamp), embedder)
            if vectors.count() != len(numbered):  # on a server another machine may have filled it
                vectors.fill(numbered, known, progress.update)


def read(folder: Path, embedder: Embedder, *, chroma_url: str = "") -> Index | None:
    """Open a generation; None where its stamp doesn't fit or its vectors are not all there.

    Raises:
        OSError, ValueError, ChromaError: the folder or the vector store can't be read.
    """
    stamp = Stamp.read(folder)
    if stamp is None or not stamp.fits(embedder):
        return None
    clauses = _load(folder / "clauses.json")
    client = connect(chroma_url, folder / "chroma")
    regions = {
        region: _region(client, folder, collection_name(region, stamp), part, embedder)
        for region, part in _by_region(clauses).items()
    }
    if any(found.vectors.count() != len(_dense(found.entries)) for found in regions.values()):
        return None
    return Index(folder.name, {clause.id: clause for clause in clauses}, regions)


def collection_name(region: str, stamp: Stamp) -> str:
    """Name of a region's collection; its end tells the index that it belongs to."""
    return f"{region}-{stamp.short}"


def _region(
    client: ClientAPI, folder: Path, collection: str, clauses: Sequence[Clause], embedder: Embedder
) -> Region:
    per_clause = [entries(clause) for clause in clauses]
    return Region(
        clauses=tuple(clauses),
        entries=tuple(itertools.chain.from_iterable(per_clause)),
        owner=np.repeat(np.arange(len(clauses)), [len(found) for found in per_clause]),
        lexical=Lexical.load(folder / "words" / clauses[0].region),
        vectors=RegionVectors(client, collection, embedder),
    )


def _entries(clauses: Sequence[Clause]) -> list[Entry]:
    return [entry for clause in clauses for entry in entries(clause)]


def _dense(found: Sequence[Entry]) -> list[tuple[int, Entry]]:
    return [(number, entry) for number, entry in enumerate(found) if entry.dense]


def _by_region(clauses: Sequence[Clause]) -> dict[str, list[Clause]]:
    regions: dict[str, list[Clause]] = {}
    for clause in clauses:
        regions.setdefault(clause.region, []).append(clause)
    return regions


def _scheme() -> str:
    code = (Path(str(module.__file__)).read_text("utf-8") for module in _SCHEME)
    return _digest(*code, version("bm25s"), version("rjieba"))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _dump(clauses: Sequence[Clause]) -> str:
    return json.dumps([asdict(clause) for clause in clauses], ensure_ascii=False)


def _load(file: Path) -> list[Clause]:
    found: Any = json.loads(file.read_text("utf-8"))
    # JSON knows no tuples, and a clause is hashable.
    return [
        Clause(**{**fields, "asks": tuple(fields["asks"]), "lists": tuple(fields["lists"])})
        for fields in found
    ]
