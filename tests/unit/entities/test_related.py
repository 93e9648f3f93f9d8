"""Groups without labels: pairs of two entities that share what their group shares are told from matches."""

import numpy as np
import pytest

from spark_jobs.entities.learn import estimation
from spark_jobs.entities.learn.estimation import Counts, Vectors
from spark_jobs.entities.learn.related import Related, related_pairs

# Name and website are of the whole firm; address and telephone are of a branch.
OF_MATCH = [np.array([0.1, 0.2, 0.7]), np.array([0.1, 0.9]), np.array([0.1, 0.2, 0.7]), np.array([0.05, 0.95])]
OF_STRANGERS = [
    np.array([0.97, 0.02, 0.01]),
    np.array([0.999, 0.001]),
    np.array([0.93, 0.06, 0.01]),
    np.array([0.9995, 0.0005]),
]
OF_BRANCHES = [*OF_MATCH[:2], *OF_STRANGERS[2:]]
TAKEN_FOR_MATCHES = OF_BRANCHES
PAIRS = 60_000
MATCHES, BRANCHES, STRANGERS = range(3)


def drawn(*classes: tuple[float, list[Counts]]) -> tuple[Vectors, Counts]:
    """Vectors of pairs of some classes by their shares, and of which class each pair is."""
    random = np.random.default_rng(3)
    of_class = random.choice(len(classes), size=PAIRS, p=[share for share, _ in classes])
    levels = np.empty((PAIRS, len(OF_MATCH)), np.int64)
    for n in range(len(OF_MATCH)):
        of_each = [random.choice(len(shares[n]), size=PAIRS, p=shares[n]) for _, shares in classes]
        levels[:, n] = np.choose(of_class, of_each)
    distinct, where, counts = np.unique(levels, axis=0, return_inverse=True, return_counts=True)
    return Vectors(distinct, counts.astype(np.float64)), np.stack([where.ravel(), of_class])


@pytest.fixture(scope="module")
def firms() -> tuple[Vectors, Counts]:
    """Blocked pairs of which few are matches and many are of two branches of one firm."""
    return drawn((0.03, OF_MATCH), (0.25, OF_BRANCHES), (0.72, OF_STRANGERS))


def found_in(vectors: Vectors) -> Related:
    found = related_pairs(vectors, TAKEN_FOR_MATCHES, OF_STRANGERS)
    assert found is not None
    return found


def test_branches_are_told_from_matches(firms: tuple[Vectors, Counts]) -> None:
    found = found_in(firms[0])
    for n in range(len(OF_MATCH)):
        assert np.abs(found.m[n] - OF_MATCH[n]).max() < 0.06
        assert np.abs(found.r[n] - OF_BRANCHES[n]).max() < 0.06
    assert found.bits == pytest.approx(np.log2(0.03 / 0.25), abs=0.5)


def test_who_is_a_match_is_known_pair_by_pair(firms: tuple[Vectors, Counts]) -> None:
    vectors, (vector, of_class) = firms
    taken = found_in(vectors).probability[vector] >= 0.5
    assert (taken & (of_class == MATCHES)).sum() / taken.sum() > 0.95
    assert (taken & (of_class == MATCHES)).sum() / (of_class == MATCHES).sum() > 0.9


def test_damaged_records_are_no_group() -> None:
    # Half of the matches are damaged in any two of four: they agree here and there in all.
    damaged = [0.5 * one + 0.5 * other for one, other in zip(OF_MATCH, OF_STRANGERS, strict=True)]
    vectors, _ = drawn((0.15, OF_MATCH), (0.15, damaged), (0.7, OF_STRANGERS))
    assert related_pairs(vectors, OF_MATCH, OF_STRANGERS) is None


def test_two_classes_are_no_three() -> None:
    vectors, _ = drawn((0.2, OF_MATCH), (0.8, OF_STRANGERS))
    assert related_pairs(vectors, OF_MATCH, OF_STRANGERS) is None


def test_differing_in_what_tells_little_is_no_group() -> None:
    # All that tells such pairs from matches is a comparison worth a bit.
    sex = [np.array([0.05, 0.95]), np.array([0.5, 0.5])]
    of_match, strangers = [*OF_MATCH[:3], sex[0]], [*OF_STRANGERS[:3], sex[1]]
    vectors, _ = drawn((0.1, of_match), (0.2, [*OF_MATCH[:3], sex[1]]), (0.7, strangers))
    assert related_pairs(vectors, of_match, strangers) is None


def test_nothing_compared_is_no_group() -> None:
    nothing = Vectors(np.empty((0, len(OF_MATCH)), np.int64), np.empty(0))
    assert related_pairs(nothing, OF_MATCH, OF_STRANGERS) is None


def test_the_prior_counts_related_pairs_as_no_matches(firms: tuple[Vectors, Counts]) -> None:
    vectors, found = firms[0], found_in(firms[0])
    odds = estimation.log_ratios(vectors.levels, found.m, found.r, [0, 1, 2, 3])
    with_groups = estimation.prior_share(vectors, found.m, OF_STRANGERS, PAIRS * 100, found.bits * np.log(2) + odds)
    without = estimation.prior_share(vectors, found.m, OF_STRANGERS, PAIRS * 100)
    assert with_groups == pytest.approx(0.03 / 100, rel=0.1)
    assert without > 1.5 * with_groups
