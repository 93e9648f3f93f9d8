"""Estimates of a resolution without a truth: against simulated pairs whose truth is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from spark_jobs.entities.measure.estimates import estimates

RULES = 6


def test_precision_and_recall_are_those_of_weights_that_mean_what_they_say() -> None:
    random = np.random.default_rng(7)
    weight = random.normal(0, 6, 50_000)
    is_same = random.random(50_000) < 1 / (1 + np.exp2(-weight))
    found = estimates(weight, np.ones(50_000, np.int64), 2.0, 1)
    assert found.same == pytest.approx(is_same.sum(), rel=0.02)
    assert found.precision == pytest.approx(is_same[weight >= 2].mean(), abs=0.01)
    assert found.recall == pytest.approx(is_same[weight >= 2].sum() / is_same.sum(), abs=0.01)
    assert found.blocking_recall is None


def made_by(catches: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Bits of the rules that made each pair."""
    return catches @ (1 << np.arange(RULES, dtype=np.int64))


@pytest.mark.parametrize("caught", [0.2, 0.35, 0.6])
def test_what_no_rule_made_is_estimated_by_how_often_rules_met(caught: float) -> None:
    rules = made_by(np.random.default_rng(3).random((20_000, RULES)) < caught)
    compared = rules[rules > 0]
    found = estimates(np.full(len(compared), 20.0), compared, 0.0, RULES)
    assert found.blocking_recall == pytest.approx(len(compared) / len(rules), abs=0.02)


def test_where_some_pairs_are_harder_to_catch_recall_is_at_most_the_estimate() -> None:
    random = np.random.default_rng(4)
    rules = made_by(random.random((20_000, RULES)) < random.choice([0.05, 0.7], 20_000)[:, None])
    compared = rules[rules > 0]
    found = estimates(np.full(len(compared), 20.0), compared, 0.0, RULES)
    assert found.blocking_recall is not None
    assert len(compared) / len(rules) < found.blocking_recall < 0.99


def test_strangers_that_one_rule_made_say_nothing_of_what_was_missed() -> None:
    rules = made_by(np.ones((1000, RULES), bool))
    strangers = np.ones(100_000, np.int64)
    weight = np.concatenate([np.full(1000, 20.0), np.full(100_000, -30.0)])
    found = estimates(weight, np.concatenate([rules, strangers]), 0.0, RULES)
    assert found.blocking_recall == pytest.approx(1.0, abs=1e-4)


def test_nothing_compared_is_nothing_missed() -> None:
    none = np.zeros(0, np.int64)
    found = estimates(none.astype(float), none, 0.0, RULES)
    assert (found.same, found.precision, found.recall, found.blocking_recall) == (0, 1, 1, 1)
