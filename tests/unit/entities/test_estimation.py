"""Estimation without labels: from data that was made with known shares to those shares."""

import numpy as np
import pytest

from spark_jobs.entities.learn import estimation
from spark_jobs.entities.learn.estimation import Counts, Vectors

M = [np.array([0.05, 0.15, 0.8]), np.array([0.1, 0.9]), np.array([0.2, 0.1, 0.7]), np.array([0.08, 0.92])]
U = [np.array([0.9, 0.08, 0.02]), np.array([0.95, 0.05]), np.array([0.7, 0.25, 0.05]), np.array([0.5, 0.5])]
PAIRS = 40_000


def drawn(share: float, seed: int, missing: float = 0.1, others: list[Counts] = U) -> Vectors:
    """Vectors of pairs, of which a share are matches; comparisons say nothing now and then."""
    random = np.random.default_rng(seed)
    is_match = random.random(PAIRS) < share
    levels = np.empty((PAIRS, len(M)), np.int64)
    for n, (m, u) in enumerate(zip(M, others, strict=True)):
        of_match, other = (random.choice(len(p), size=PAIRS, p=p) for p in (m, u))
        levels[:, n] = np.where(is_match, of_match, other)
        levels[random.random(PAIRS) < missing, n] = -1
    distinct, counts = np.unique(levels, axis=0, return_counts=True)
    return Vectors(distinct, counts.astype(np.float64))


def begin() -> list[Counts]:
    return [estimation.first_guess(len(m)) for m in M]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_it_recovers_the_shares_that_made_the_data(share: float) -> None:
    vectors = drawn(share, seed=7)
    m, is_match = estimation.expectation_maximisation(vectors, U, begin(), [0, 1, 2, 3], 0.3)
    for found, true in zip(m, M, strict=True):
        assert np.abs(found - true).max() < 0.04
    assert (is_match * vectors.counts).sum() / PAIRS == pytest.approx(share, abs=0.02)


def test_what_is_no_match_in_a_block_may_resemble_more_than_chance() -> None:
    # Blocked by surname and year, two of four comparisons agree in most pairs of any kind.
    alike = [*U[:2], np.array([0.3, 0.1, 0.6]), np.array([0.1, 0.9])]
    vectors = drawn(0.1, seed=11, others=alike)
    m, is_match = estimation.expectation_maximisation(vectors, U, begin(), [0, 1, 2, 3], 0.3)
    assert (is_match * vectors.counts).sum() / PAIRS == pytest.approx(0.1, abs=0.05)
    assert m[0][-1] == pytest.approx(M[0][-1], abs=0.15)


def test_the_prior_is_the_share_of_matches_among_all_possible_pairs() -> None:
    # As many pairs again that no rule found: where the evidence is clear, they hold no match.
    vectors = Vectors(np.array([[1] * 6, [0] * 6]), np.array([12_000.0, 28_000.0]))
    clear = [np.array([0.1, 0.9])] * 6, [np.array([0.95, 0.05])] * 6
    assert estimation.prior_share(vectors, *clear, PAIRS * 100) == pytest.approx(0.003, rel=0.02)


def test_a_prior_of_weights_is_that_of_vectors() -> None:
    vectors = drawn(0.3, seed=8)
    bits = estimation.log_ratios(vectors.levels, M, U, [0, 1, 2, 3]) / np.log(2)
    share = estimation.prior_share(vectors, M, U, PAIRS * 100)
    every = np.repeat(bits, vectors.counts.astype(int))
    assert estimation.prior_of_weights(every, PAIRS * 100) == pytest.approx(np.log2(share / (1 - share)), abs=0.02)


def test_no_pairs_give_a_prior_of_less_than_one_match() -> None:
    assert estimation.prior_of_weights(np.zeros(0), 1000.0) == pytest.approx(np.log2(0.5 / 999.5), abs=0.01)


def test_agreement_never_speaks_against_a_link() -> None:
    m, _ = estimation.expectation_maximisation(drawn(0.3, seed=9), M, list(U), [0, 1, 2, 3], 0.3)
    assert all(found[-1] >= u[-1] - 1e-9 for found, u in zip(m, M, strict=True))
    assert all(found.sum() == pytest.approx(1) for found in m)


def test_what_was_never_observed_keeps_the_first_guess() -> None:
    vectors = Vectors(np.array([[-1, 2], [-1, 0]]), np.array([5.0, 5.0]))
    m, _ = estimation.expectation_maximisation(vectors, U[:1] * 2, [estimation.first_guess(3)] * 2, [0, 1], 0.3)
    assert m[0] == pytest.approx(estimation.first_guess(3))


def test_levels_come_out_of_a_packed_vector_as_they_went_in() -> None:
    # Levels -1, 0, 2 and 13: each in four bits, one more than it is.
    packed = np.array([0 | 1 << 4 | 3 << 8 | 14 << 12], dtype=np.int64)
    assert estimation.unpack(packed, np.array([3]), 4).levels.tolist() == [[-1, 0, 2, 13]]


def test_sixteen_comparisons_fit_into_a_vector() -> None:
    packed = np.array([-1], dtype=np.int64)
    assert estimation.unpack(packed, np.array([1]), 16).levels.tolist() == [[14] * 16]


def test_given_weights_stand_in_for_shares() -> None:
    m, u = estimation.shares_of_weights([-2.0, 3.0])
    vectors = drawn(0.3, seed=5).of([3, 1])
    ratios = estimation.log_ratios(vectors.levels, [m, M[1]], [u, U[1]], [0])
    there = vectors.levels[:, 0] >= 0
    assert ratios[there] == pytest.approx(np.where(vectors.levels[there, 0] == 1, 3.0, -2.0) * np.log(2))
    assert not ratios[~there].any()


def test_an_extreme_given_weight_stays_a_number() -> None:
    m, u = estimation.shares_of_weights([-5000.0, 0.0, 5000.0])
    assert np.isfinite(np.log(m / u)).all()
