"""Set the floor of retrieval by questions that the documents answer and near ones that they don't.

A logistic regression on what is known of each question's best match. The floor is where fewest
questions end on the wrong side, counted on folds that the weights weren't fitted to; a missed one
counts twice, since below the floor an answer is lost for good and above it others still judge.
Questions about a subject that no clause of the place speaks of never come to the floor; they are
left out.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from tqdm import tqdm

from bot.answering.subjects import named_in
from bot.retrieval import FLOOR_FILE
from bot.settings import Settings
from corpus.documents import Clause
from corpus.embedding import open_embedder
from corpus.index import Library
from corpus.search import Found, RegionSearch
from corpus.text import normalise

QUESTIONS = Path(__file__).parent / "questions" / "floor.yaml"

_FOLDS = 10
_RIDGE = 0.03
"""Weight of the penalty on large weights, of features scaled to unit deviation."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of questions that the weights weren't fitted to."""

    floor: float
    answerable: int
    missed: int
    """Answerable questions below the floor."""
    unanswerable: int
    let_in: int
    """Unanswerable questions above it."""

    def __str__(self) -> str:
        return (
            f"floor {self.floor:.2f}: {self.missed} of {self.answerable} answerable questions "
            f"missed, {self.let_in} of {self.unanswerable} unanswerable let in"
        )


def main(argv: Sequence[str] | None = None) -> int:
    """``python -m evals calibrate``: write `bot.retrieval`'s weights."""
    parser = argparse.ArgumentParser(prog="python -m evals calibrate", description=__doc__)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--out", type=Path, default=FLOOR_FILE)
    given = parser.parse_args(argv)
    settings = Settings()
    features, answerable = _measure(given.questions, settings)
    outcome = _outcome(features, answerable)
    _write(given.out, _fit(features, answerable), outcome)
    print(outcome)
    return 0


def _measure(file: Path, settings: Settings) -> tuple[Floats, NDArray[np.bool_]]:
    """Features of each question's best match, and whether the documents answer it."""
    embedder = open_embedder(settings.embedding_model, light=True)
    index = Library(settings.data_dir, settings.chroma_url).open(embedder)
    questions = [
        (region, question, label == "answerable")
        for region, labels in yaml.safe_load(file.read_text("utf-8")).items()
        for label, part in labels.items()
        for question in part
        if comes_to_floor(question, index.regions[region].clauses)
    ]
    searches = {name: RegionSearch(region, embedder) for name, region in index.regions.items()}
    rows = [
        _features(searches[region].find(question, None, 1))
        for region, question, _ in tqdm(questions, unit=" questions", disable=None)
    ]
    return np.array(rows), np.array([answerable for *_, answerable in questions])


def comes_to_floor(question: str, clauses: Sequence[Clause]) -> bool:
    """Whether the place's clauses speak of all subjects that the question names."""
    subjects = named_in(normalise(question))
    return all(subject.written_in_any(clauses) for subject in subjects)


def _features(found: Sequence[Found]) -> tuple[float, float, float]:
    return (found[0].cosine, found[0].coverage, found[0].lexical) if found else (0.0, 0.0, 0.0)


def _outcome(features: Floats, answerable: NDArray[np.bool_]) -> Outcome:
    fold = np.random.default_rng(0).permutation(len(features)) % _FOLDS
    confidence = np.empty(len(features))
    for n in range(_FOLDS):
        weights = _fit(features[fold != n], answerable[fold != n])
        confidence[fold == n] = _logistic(_with_one(features[fold == n]) @ weights)
    floors = np.arange(0.05, 0.96, 0.01).round(2)
    cost = [
        2 * np.count_nonzero(answerable & (confidence < floor))
        + np.count_nonzero(~answerable & (confidence >= floor))
        for floor in floors
    ]
    floor = float(floors[int(np.argmin(cost))])
    kept = confidence >= floor
    return Outcome(
        floor=floor,
        answerable=int(answerable.sum()),
        missed=int((answerable & ~kept).sum()),
        unanswerable=int((~answerable).sum()),
        let_in=int((~answerable & kept).sum()),
    )


def _fit(features: Floats, answerable: NDArray[np.bool_]) -> Floats:
    """Weights of the features and, last, the intercept; Newton's method."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    rows = _with_one((features - mean) / deviation)
    penalty = np.diag([_RIDGE] * features.shape[1] + [0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = _logistic(rows @ weights)
        slope = rows.T @ (chance - answerable) / len(rows) + penalty @ weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows / len(rows) + penalty
        weights -= np.linalg.solve(curve, slope)
    scaled = weights[:-1] / deviation
    return np.append(scaled, weights[-1] - scaled @ mean)


def _with_one(rows: Floats) -> Floats:
    return np.column_stack([rows, np.ones(len(rows))])


def _logistic(evidence: Floats) -> Floats:
    return 1 / (1 + np.exp(-evidence))


def _write(file: Path, weights: Floats, outcome: Outcome) -> None:
    cosine, coverage, lexical, intercept = (math.floor(w * 1000 + 0.5) / 1000 for w in weights)
    file.write_text(
        "# Weights of the confidence that a clause answers a question; below `floor` it isn't\n"
        "# offered. Written by `python -m evals calibrate` from evals/questions/floor.yaml; on\n"
        f"# questions left out: {outcome}.\n"
        f"floor = {outcome.floor}\n"
        f"intercept = {intercept}\n"
        f"cosine = {cosine}\n"
        f"coverage = {coverage}\n"
        f"lexical = {lexical}\n",
        "utf-8",
    )
