"""The product itself, on the tuning and the held sets, may not fall below the recorded floors."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings
from evals import text
from evals.answerers import product
from evals.metrics import summary
from evals.runner import run
from evals.sets import QUESTIONS, find, read

_FLOORS = tomllib.loads((QUESTIONS.parent / "floors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("part", _FLOORS)
def test_the_product_holds_its_floors(part: str, data_dir: Path) -> None:
    sets = read(find([part]))
    with product(Settings(data_dir=data_dir)) as answer:
        records = list(run(sets, answer))
    metrics = summary(records)
    at_least = {key: value for key, value in _FLOORS[part].items() if key != "at_most"}
    below = [key for key, floor in at_least.items() if metrics[key] < floor]
    above = [key for key, most in _FLOORS[part]["at_most"].items() if metrics[key] > most]
    assert not below + above, f"\n{text.failures(records, sets)}\n{text.scores(metrics)}"
