"""Estimating m and u from counted comparison vectors: a few hundred rows of NumPy, whatever the number of pairs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spark_jobs.entities.comparison import LEVEL_BITS

Counts = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int64]
_SMOOTHING = 0.5
_ROUNDS = 60


@dataclass(frozen=True)
class Vectors:
    """Distinct comparison vectors and how many pairs have each.

    Args:
        levels: vectors x comparisons; -1 nothing to compare.
        counts: pairs per vector.
    """

    levels: Levels
    counts: Counts


def unpack(packed: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], comparisons: int) -> Vectors:
    """Vectors from their packed form."""
    shifts = LEVEL_BITS * np.arange(comparisons, dtype=np.int64)
    levels = ((packed[:, None] >> shifts[None, :]) & ((1 << LEVEL_BITS) - 1)) - 1
    return Vectors(levels, counts.astype(np.float64))


def level_shares(vectors: Vectors, comparison: int, size: int, weight: Counts | None = None) -> Counts:
    """Share of each level of one comparison, smoothed so that none is 0.

    Args:
        vectors: what was counted.
        comparison: its number.
        size: its number of levels, else included.
        weight: how much of each vector counts, 1 by default.
    """
    levels = vectors.levels[:, comparison]
    counted = vectors.counts if weight is None else vectors.counts * weight
    here = levels >= 0
    found = np.bincount(levels[here], weights=counted[here], minlength=size) + _SMOOTHING
    return np.asarray(found / found.sum())


def log_ratios(levels: Levels, m: list[Counts], u: list[Counts], used: list[int]) -> Counts:
    """ln(m/u) of each vector over the comparisons that are used."""
    total = np.zeros(len(levels))
    for comparison in used:
        column = levels[:, comparison]
        ratios = np.log(m[comparison] / u[comparison])
        total += np.where(column >= 0, ratios[np.maximum(column, 0)], 0.0)
    return total


def expectation_maximisation(
    vectors: Vectors, u: list[Counts], m: list[Counts], used: list[int], match_share: float
) -> tuple[list[Counts], float]:
    """M of the comparisons that are used, and the share of matches among these pairs; u stays as it is.

    Args:
        vectors: the pairs of one blocking rule.
        u: share of each level among non-matches, by comparison.
        m: where to begin.
        used: comparisons that are independent of the rule.
        match_share: where to begin.
    """
    m = list(m)
    for _ in range(_ROUNDS):
        odds = np.log(match_share / (1 - match_share)) + log_ratios(vectors.levels, m, u, used)
        is_match = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        before = match_share
        match_share = float(np.clip((is_match * vectors.counts).sum() / vectors.counts.sum(), 1e-9, 1 - 1e-9))
        for comparison in used:
            m[comparison] = level_shares(vectors, comparison, len(m[comparison]), is_match)
        if abs(match_share - before) < 1e-7:
            break
    return m, match_share


def prior_share(vectors: Vectors, m: list[Counts], u: list[Counts], possible_pairs: float) -> float:
    """The share of matches among all possible pairs that is consistent with these blocked pairs."""
    ratios = log_ratios(vectors.levels, m, u, list(range(len(m))))
    share = 1e-5
    for _ in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + ratios
        expected = (vectors.counts / (1 + np.exp(-np.clip(odds, -500, 500)))).sum()
        share = float(np.clip(expected / possible_pairs, 1e-12, 0.5))
    return share


def prior_of_weights(evidence: Counts, nodes: int) -> float:
    """The log2 odds that two nodes taken at random are one entity, which is consistent with the evidence of pairs.

    Args:
        evidence: weight of each compared pair without a prior, in bits.
        nodes: how many there are; pairs that were not compared count as no matches.
    """
    possible = max(nodes * (nodes - 1) / 2, 1.0)
    # Pairs with the same evidence to a hundredth of a bit count together: ten million pairs are then a few thousand.
    values, counts = np.unique(np.round(evidence, 2), return_counts=True)
    ratios = values * np.log(2)
    share = 1e-5
    for _ in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + ratios
        expected = (counts / (1 + np.exp(-np.clip(odds, -500, 500)))).sum()
        share = float(np.clip(expected / possible, min(1 / possible, 0.5), 0.5))
    return float(np.log2(share / (1 - share)))
