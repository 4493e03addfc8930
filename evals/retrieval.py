"""How often retrieval finds the right clause: recall@1, recall@3, mean reciprocal rank."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.retrieval import Retriever, open_retriever
from bot.settings import Settings
from evals.sets import QuestionSet

QUESTIONS = Path(__file__).parent / "questions" / "retrieval.yaml"

_DEPTH = 6
"""Passages looked at, as many as an answer gets."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Rank of the first right clause of each question; 0 where none was found."""

    ranks: tuple[int, ...]

    def recall(self, depth: int) -> float:
        """Share of questions with a right clause among the first ``depth``."""
        return sum(0 < rank <= depth for rank in self.ranks) / max(len(self.ranks), 1)

    def reciprocal(self) -> float:
        """Mean of 1/rank."""
        return sum(1 / rank for rank in self.ranks if rank) / max(len(self.ranks), 1)

    def scores(self) -> dict[str, float]:
        """Questions, recall at 1, 3 and 6, and MRR, by name."""
        recall = {f"recall@{depth}": round(self.recall(depth), 4) for depth in (1, 3, _DEPTH)}
        return {"questions": len(self.ranks), **recall, "mrr": round(self.reciprocal(), 4)}

    def __str__(self) -> str:
        return ", ".join(f"{name} {value:g}" for name, value in self.scores().items())


def read(file: Path = QUESTIONS) -> list[dict[str, Any]]:
    """Questions: ``region``, ``ask``, ``expect`` (clause ids, any is right), ``insurance``."""
    questions: list[dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))
    return questions


def measure(retriever: Retriever, questions: Iterable[dict[str, Any]]) -> Ranks:
    """Put the questions, floor and all.

    Raises:
        KeyError: a question expects a clause that the library doesn't have.
    """
    ranks = []
    for question in questions:
        expected = {retriever.clauses[clause].id for clause in question["expect"]}
        found = retriever.search(
            question["ask"], question["region"], question.get("insurance"), _DEPTH
        )
        hits = (n for n, passage in enumerate(found, start=1) if passage.clause.id in expected)
        ranks.append(next(hits, 0))
    return Ranks(tuple(ranks))


def of_sets(sets: Mapping[Path, QuestionSet]) -> Ranks:
    """Put the first message of every conversation that names its place and its clauses.

    As the patient wrote it: the search alone, without the understanding that comes before it.
    """
    first = [talk.turns[0] for one in sets.values() for talk in one.conversations]
    questions = [
        {
            "ask": turn.say,
            "region": turn.region,
            "insurance": turn.insurance,
            "expect": turn.named,
        }
        for turn in first
        if turn.clauses and turn.region not in (None, "none")
    ]
    return measure(open_retriever(Settings(), light=True), questions)


def main(argv: Sequence[str] | None = None) -> int:
    """``python -m evals retrieval``: print the questions missed and the scores."""
    parser = argparse.ArgumentParser(prog="python -m evals retrieval", description=__doc__)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    given = parser.parse_args(argv)
    questions = read(given.questions)
    ranks = measure(open_retriever(Settings(), light=True), questions)
    for question, rank in zip(questions, ranks.ranks, strict=True):
        if rank != 1:
            print(f"{rank or 'none'}: {question['ask']} ({question['region']})")
    print(ranks)
    return 0
