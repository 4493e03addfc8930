"""``python -m evals scale``: how index and search grow with the number of places.

Places are made up from the library's own: documents with another name and other amounts. Their
vectors are those of the original texts with a little noise, so that 400 places don't take an hour
to embed; what embedding them would take is estimated from a sample and shown apart. The search is
timed with the question's vector at hand: that part doesn't grow, and would hide what does.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import resource
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import yaml

from bot.retrieval import Retriever
from bot.settings import Settings
from corpus.chunking import entries
from corpus.documents import LIBRARY, Clause, load
from corpus.embedding import Embedder, Vectors, open_embedder
from corpus.index import Library
from corpus.regions import load_regions
from corpus.text import normalise
from evals.sets import QUESTIONS

_SIZES = (4, 10, 100, 400)
_SEARCHES = 1000
_SAMPLE = 64
_NOISE = 0.002
"""Of each of 384 dimensions: a made-up text lies 0.999 (cosine) from its original."""
_SEED = 7
_FIRST, _SECOND = (
    "云青白安永新东临宁嘉文清海龙凤石金平玉长",
    "川岭浦陵泽溪城山阳江原湾州泉港池岗庄门塘",
)
_AMOUNT = re.compile(r"(?<![\d.-])(\d{3,6})(?= ?元)")


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured with so many places."""

    places: int
    clauses: int
    texts: int
    """That have a vector."""
    build_s: float
    """Without embedding."""
    embed_s: float
    """Estimated."""
    open_s: float
    index_mb: float
    memory_mb: float
    """Highest resident memory of the process so far."""
    search_p50_ms: float
    search_p95_ms: float
    recall_3: float


class Repeating:
    """An embedder that knows the vectors of made-up texts, and keeps those of questions."""

    def __init__(self, real: Embedder, known: dict[str, Vectors]) -> None:
        self.name = f"{real.name}-scale"
        self._real = real
        self._known = known
        self._asked: dict[str, Vectors] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of made-up texts."""
        return np.stack([self._known[text] for text in texts])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions; the second time for nothing."""
        for text in texts:
            if text not in self._asked:
                self._asked[text] = self._real.queries([text])[0]
        return np.stack([self._asked[text] for text in texts])


def main(argv: Sequence[str]) -> int:
    """Measure and print one line a size."""
    parser = argparse.ArgumentParser(prog="python -m evals scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, help="numbers of places")
    parser.add_argument("--chroma-url", default="", help="a Chroma server instead of the embedded")
    given = parser.parse_args(argv)
    settings = Settings()
    embedder = open_embedder(settings.embedding_model, light=True)
    known = Library(settings.data_dir).open(embedder).known()
    titles = [field.name for field in fields(Row)]
    print("| " + " | ".join(titles) + " |\n|" + "---:|" * len(titles))
    for size in given.sizes:
        row = measure(size, embedder, known, given.chroma_url)
        cells = (getattr(row, title) for title in titles)
        print("| " + " | ".join(f"{c:g}" for c in cells) + " |", flush=True)
    return 0


def measure(size: int, real: Embedder, known: dict[str, Vectors], chroma_url: str = "") -> Row:
    """Make up ``size`` places, index and search them.

    Args:
        size: number of places, at most 400.
        real: embeds the questions.
        known: vectors of the texts of the library's own index.
        chroma_url: see `corpus.vectors.connect`.
    """
    with TemporaryDirectory() as folder:
        documents = Path(folder) / "documents"
        ids = make_places(size, documents)
        clauses = [clause for document in load(documents) for clause in document.clauses]
        texts = sum(entry.dense for clause in clauses for entry in entries(clause))
        vectors = _vectors(clauses, known)
        embedder = Repeating(real, vectors)
        library = Library(Path(folder), chroma_url, documents)
        began = time.perf_counter()
        library.open(embedder)
        built = time.perf_counter()
        retriever = Retriever(library, embedder)
        opened = time.perf_counter()
        times, hits = _search(retriever, embedder, ids)
        p50, p95 = np.percentile(times, [50, 95])
        return Row(
            places=size,
            clauses=len(clauses),
            texts=texts,
            build_s=round(built - began, 1),
            embed_s=round(_seconds_a_text(real, list(vectors)) * texts),
            open_s=round(opened - built, 1),
            index_mb=round(_megabytes(Path(folder) / "index"), 1),
            memory_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            search_p50_ms=round(float(p50), 2),
            search_p95_ms=round(float(p95), 2),
            recall_3=round(sum(hits) / len(hits), 3),
        )


def make_places(size: int, folder: Path) -> dict[str, str]:
    """Write documents of made-up places; returns each one's id and that of its original."""
    originals = load_regions()
    names = map("".join, itertools.product(_FIRST, _SECOND))
    ids: dict[str, str] = {}
    for number, original in zip(range(size), itertools.cycle(originals), strict=False):
        made = f"{original.id}{number:03}"
        ids[made] = original.id
        shutil.copytree(LIBRARY / original.id, folder / made)
        (folder / made / "region.toml").unlink()
        name = next(names)
        for file in (folder / made).glob("*.md"):
            text = file.read_text(encoding="utf-8").replace(original.name, name)
            text = text.replace(f"region: {original.id}", f"region: {made}")
            file.write_text(_other_amounts(text, 10 * (number % 9)), encoding="utf-8")
    return ids


def _other_amounts(text: str, more: int) -> str:
    return _AMOUNT.sub(lambda amount: str(int(amount[1]) + more), text)


def _vectors(made: Sequence[Clause], known: dict[str, Vectors]) -> dict[str, Vectors]:
    """Vectors of made-up texts: those of the originals, a little noisy."""
    originals = {clause.id: clause for document in load() for clause in document.clauses}
    rng = np.random.default_rng(_SEED)
    found: dict[str, Vectors] = {}
    for clause in made:
        original = originals[re.sub(r"\d{3}(?=/)", "", clause.id, count=1)]
        for mine, theirs in zip(entries(clause), entries(original), strict=True):
            if mine.dense:
                vector = known[theirs.text]
                noisy = vector + rng.normal(0, _NOISE, vector.shape).astype(np.float32)
                found[mine.text] = noisy / np.linalg.norm(noisy)
    return found


def _search(
    retriever: Retriever, embedder: Repeating, ids: dict[str, str]
) -> tuple[list[float], list[bool]]:
    """Milliseconds of each search, and whether a right clause was among the first three."""
    times, hits = [], []
    for made, ask, insurance, right in _asks(ids):
        embedder.queries([normalise(ask)])
        began = time.perf_counter()
        found = retriever.search(ask, made, insurance)
        times.append((time.perf_counter() - began) * 1000)
        hits.append(bool(right & {passage.clause.id for passage in found[:3]}))
    return times, hits


def _asks(ids: dict[str, str]) -> Iterator[tuple[str, str, str | None, set[str]]]:
    """Place, question, insurance and right clauses; no question twice to the same place."""
    file = QUESTIONS / "retrieval.yaml"
    singles = yaml.safe_load(file.read_text(encoding="utf-8"))
    pairs = [
        (made, single) for made, of in ids.items() for single in singles if single["region"] == of
    ]
    random.Random(_SEED).shuffle(pairs)  # noqa: S311 - a sample, no secret
    for made, single in pairs[:_SEARCHES]:
        right = {made + clause.removeprefix(ids[made]) for clause in single["expect"]}
        yield made, single["ask"], single.get("insurance"), right


def _seconds_a_text(embedder: Embedder, texts: Sequence[str]) -> float:
    sample = texts[:: max(1, len(texts) // _SAMPLE)][:_SAMPLE]
    began = time.perf_counter()
    embedder.passages(sample)
    return (time.perf_counter() - began) / len(sample)


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
