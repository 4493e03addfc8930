"""The weights that choose among clauses: what is right more often gets the greater weight."""

from __future__ import annotations

import numpy as np

from evals.ranking import Seen, choices_right, fit


def _seen(seed: int) -> Seen:
    """Five clauses; the first feature tells the right one, the second is noise."""
    dice = np.random.default_rng(seed)
    right = np.arange(5) == dice.integers(5)
    return Seen("wuxi", np.column_stack([right + dice.normal(0, 0.1, 5), dice.random(5)]), right)


def test_the_telling_feature_decides() -> None:
    weights = fit([_seen(n) for n in range(40)])
    assert weights[0] > 5 * abs(weights[1])
    others = [_seen(n) for n in range(100, 140)]
    assert choices_right(weights, others) == len(others)


def test_a_feature_that_never_differs_gets_no_weight() -> None:
    same = [Seen("wuxi", np.column_stack([s.features, np.ones(5)]), s.right) for s in [_seen(1)]]
    assert abs(fit(same)[2]) < 1e-6
