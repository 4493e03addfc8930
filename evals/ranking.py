"""Fit the weights by which the best of the clauses found is chosen: ``python -m evals ranking``.

The tuning questions are put to the product; where it looked through clauses, those that the
question's author names are right. A softmax over the clauses of a question, weights kept small.
What it is worth is counted on each region with weights fitted to the others.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from bot.answering import embedded, ranking
from bot.retrieval import Passage
from bot.understanding.inquiry import Inquiry
from evals.answerers import product
from evals.runner import say
from evals.sets import find, read

_SMALL = 0.02
"""Weight of the penalty on large weights, of features scaled to unit deviation."""
_NOTHING = 1e-9
_STEPS = 300
_RATE = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """The clauses found for a question."""

    region: str
    features: Floats
    """One row a clause."""
    right: NDArray[np.bool_]


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write the weights of `bot.answering.ranking`."""
    parser = argparse.ArgumentParser(prog="python -m evals ranking", description=__doc__)
    parser.add_argument("--out", type=Path, default=ranking.WEIGHTS)
    given = parser.parse_args(argv)
    names, seen = _look()
    found = sum(_found_apart(seen, region) for region in {one.region for one in seen})
    told = f"on regions left out, {found} of {len(seen)} questions have a right clause first."
    lines = [f"{name} = {weight:.3f}" for name, weight in zip(names, fit(seen), strict=True)]
    given.out.write_text(
        "# Written by `python -m evals ranking` from the tuning questions;\n"
        f"# {told}\n" + "\n".join(lines) + "\n",
        "utf-8",
    )
    print(told)
    return 0


def _look() -> tuple[tuple[str, ...], list[Seen]]:
    """The features' names, and what was seen of each question with right and wrong clauses."""
    names: tuple[str, ...] = ()
    seen: list[Seen] = []
    for inquiry, passages, right in filter(itemgetter(1), _searches()):
        rows = ranking.features(inquiry, passages)
        names = tuple(rows[0])
        of_right = np.array([passage.clause.id in right for passage in passages])
        if of_right.any() and not of_right.all():
            features = np.array([list(row.values()) for row in rows])
            seen.append(Seen(inquiry.region or "", features, of_right))
    return names, seen


def _searches() -> Iterator[tuple[Inquiry, Sequence[Passage], frozenset[str]]]:
    """Each choice among clauses that the tuning questions lead to, and the clauses named for it."""
    sets = read(find(["tuning"]))
    conversations = [c for questions in sets.values() for c in questions.conversations]
    asked: list[tuple[Inquiry, Sequence[Passage]]] = []

    def watch(inquiry: Inquiry, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        asked.append((inquiry, passages))
        return tuple(passages)

    with patch.object(embedded, "rank", watch), product() as answer:
        for conversation in tqdm(conversations, unit=" conversations", disable=None):
            session = uuid4().hex
            for turn in conversation.turns:
                asked.clear()
                say(turn, session, answer)
                if asked and turn.named:
                    yield *asked[-1], frozenset(turn.named)


def fit(seen: Sequence[Seen]) -> Floats:
    """Weights of the features; steepest descent on the likelihood of the right clauses."""
    deviation = np.concatenate([one.features for one in seen]).std(axis=0)
    deviation[deviation < _NOTHING] = 1
    weights = np.zeros(len(deviation))
    for _ in range(_STEPS):
        slope = _SMALL * weights
        for one in seen:
            rows = one.features / deviation
            chance = _softmax(rows @ weights)
            of_right = np.where(one.right, chance, 0)
            slope += rows.T @ (chance - of_right / of_right.sum()) / len(seen)
        weights -= _RATE * slope
    return np.asarray(weights / deviation)


def _softmax(evidence: Floats) -> Floats:
    raised: Floats = np.exp(evidence - evidence.max())
    return np.asarray(raised / raised.sum())


def _found_apart(seen: Sequence[Seen], region: str) -> int:
    """Questions of a region with a right clause first, by weights fitted to the other regions."""
    weights = fit([one for one in seen if one.region != region])
    return choices_right(weights, [one for one in seen if one.region == region])


def choices_right(weights: Floats, seen: Sequence[Seen]) -> int:
    """Questions for which the weights put a right clause first."""
    return sum(bool(one.right[int(np.argmax(one.features @ weights))]) for one in seen)
