"""Estimates of a resolution without a truth: against simulated pairs whose truth is known, and plain loops."""

import numpy as np
import pytest
from numpy.typing import NDArray

from spark_jobs.entities.match.clusters import Links
from spark_jobs.entities.measure.estimates import Estimates, estimates
from spark_jobs.entities.measure.places import chances, chances_of_rivals

RULES = 6


def estimated(weight: NDArray[np.float64], rules: NDArray[np.int64], threshold: float, among: int) -> Estimates:
    return estimates(chances(weight), weight >= threshold, rules, among)


def test_precision_and_recall_are_those_of_weights_that_mean_what_they_say() -> None:
    random = np.random.default_rng(7)
    weight = random.normal(0, 6, 50_000)
    is_same = random.random(50_000) < 1 / (1 + np.exp2(-weight))
    found = estimated(weight, np.ones(50_000, np.int64), 2.0, 1)
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
    found = estimated(np.full(len(compared), 20.0), compared, 0.0, RULES)
    assert found.blocking_recall == pytest.approx(len(compared) / len(rules), abs=0.02)


def test_where_some_pairs_are_harder_to_catch_the_estimate_is_rather_too_high() -> None:
    random = np.random.default_rng(4)
    rules = made_by(random.random((20_000, RULES)) < random.choice([0.05, 0.7], 20_000)[:, None])
    compared = rules[rules > 0]
    found = estimated(np.full(len(compared), 20.0), compared, 0.0, RULES)
    assert found.blocking_recall is not None
    assert len(compared) / len(rules) < found.blocking_recall < 0.99


def test_strangers_that_one_rule_made_say_nothing_of_what_was_missed() -> None:
    rules = made_by(np.ones((1000, RULES), bool))
    strangers = np.ones(100_000, np.int64)
    weight = np.concatenate([np.full(1000, 20.0), np.full(100_000, -30.0)])
    found = estimated(weight, np.concatenate([rules, strangers]), 0.0, RULES)
    assert found.blocking_recall == pytest.approx(1.0, abs=1e-4)


def test_nothing_compared_is_nothing_missed() -> None:
    none = np.zeros(0, np.int64)
    found = estimated(none.astype(float), none, 0.0, RULES)
    assert found == Estimates(same=0, precision=None, recall=None, blocking_recall=None)


def test_of_rivals_for_one_place_one_at_most_can_be_right() -> None:
    random = np.random.default_rng(5)
    a, b = random.integers(0, 8, 60), random.integers(8, 16, 60)
    links = Links(a, b, random.normal(2, 5, 60))
    value_a, value_b = ((nodes * 7 % 3).astype(np.int64) for nodes in (a, b))

    def share(place: int, node: int, value: int) -> float:
        rivals = [
            2.0 ** links.weight[other]
            for other in range(60)
            if value and ((a[other], value_b[other]) == (node, value) or (b[other], value_a[other]) == (node, value))
        ]
        return float(2.0 ** links.weight[place] / (1 + (sum(rivals) or 2.0 ** links.weight[place])))

    wanted = [
        min(share(place, int(a[place]), int(value_b[place])), share(place, int(b[place]), int(value_a[place])))
        for place in range(60)
    ]
    found = chances_of_rivals(links, value_a, value_b)
    assert found == pytest.approx(np.array(wanted))
    assert (found <= chances(links.weight) + 1e-12).all()


def test_two_that_say_the_same_of_one_place_are_even_chances() -> None:
    links = Links(np.array([0, 0]), np.array([1, 2]), np.array([30.0, 30.0]))
    found = chances_of_rivals(links, np.array([1, 1]), np.array([2, 2]))
    assert found == pytest.approx([0.5, 0.5])
