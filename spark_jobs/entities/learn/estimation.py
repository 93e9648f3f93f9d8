"""Estimating m and u from counted comparison vectors: a few hundred rows of NumPy, whatever the number of pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spark_jobs.entities.match.packing import LEVEL_BITS

Counts = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int64]
_SMOOTHING = 0.5
_GUESSED_MATCHES = 2.0
"""How many matches the first guess of m is worth against those that are found."""
_AGREE = 0.9
_ROUNDS = 200
_MOST_BITS = 300.0
"""A weight beyond this says the same, and its power of two would not be a number."""


@dataclass(frozen=True)
class Vectors:
    """Distinct comparison vectors and how many pairs have each.

    Args:
        levels: vectors x comparisons; -1 nothing to compare.
        counts: pairs per vector.
    """

    levels: Levels
    counts: Counts

    def of(self, comparisons: list[int]) -> "Vectors":
        """Some comparisons of each vector."""
        return Vectors(self.levels[:, comparisons], self.counts)


def unpack(packed: npt.NDArray[np.int64], counts: npt.NDArray[np.generic], comparisons: int) -> Vectors:
    """Vectors from their packed form."""
    shifts = LEVEL_BITS * np.arange(comparisons, dtype=np.int64)
    levels = ((packed[:, None] >> shifts[None, :]) & ((1 << LEVEL_BITS) - 1)) - 1
    return Vectors(levels, counts.astype(np.float64))


def first_guess(size: int) -> Counts:
    """M of a comparison before anything is known: nine in ten matches agree fully."""
    guess = np.full(size, (1 - _AGREE) / max(size - 1, 1))
    guess[-1] = _AGREE
    return np.asarray(guess / guess.sum())


def shares_of_weights(weights: Sequence[float]) -> tuple[Counts, Counts]:
    """M and u of a comparison whose weights are given, in bits by level: only their ratio counts."""
    u = np.ones(len(weights))
    return u * np.exp2(np.clip(np.asarray(weights, dtype=np.float64), -_MOST_BITS, _MOST_BITS)), u


def level_counts(vectors: Vectors, comparison: int, size: int, weight: Counts | None = None) -> Counts:
    """How many pairs have each level of one comparison.

    Args:
        vectors: what was counted.
        comparison: its number.
        size: its number of levels, else included.
        weight: how much of each vector counts, 1 by default.
    """
    levels = vectors.levels[:, comparison]
    counted = vectors.counts if weight is None else vectors.counts * weight
    here = levels >= 0
    return np.bincount(levels[here], weights=counted[here], minlength=size).astype(np.float64)


def level_shares(vectors: Vectors, comparison: int, size: int, weight: Counts | None = None) -> Counts:
    """Share of each level of one comparison, smoothed so that none is 0; arguments as `level_counts`."""
    found = level_counts(vectors, comparison, size, weight) + _SMOOTHING
    return np.asarray(found / found.sum())


def m_of_counts(counts: Counts) -> Counts:
    """Shares among matches from counts of levels; the first guess where there are none."""
    found = counts + _GUESSED_MATCHES * first_guess(len(counts))
    return np.asarray(found / found.sum())


def agreeing(m: Counts, u: Counts) -> Counts:
    """M with full agreement no rarer than by chance: else agreeing would speak against a link.

    Estimation without labels may take the two classes for each other, or find a comparison that means nothing here.
    """
    if m[-1] >= u[-1]:
        return m
    others = m[:-1] / m[:-1].sum() * (1 - u[-1])
    return np.append(others, u[-1])


def log_ratios(levels: Levels, m: list[Counts], u: list[Counts], used: list[int]) -> Counts:
    """ln(m/u) of each vector over the comparisons that are used."""
    total = np.zeros(len(levels))
    for comparison in used:
        column = levels[:, comparison]
        ratios = np.log(m[comparison] / u[comparison])
        total += np.where(column >= 0, ratios[np.maximum(column, 0)], 0.0)
    return total


def match_probability(log_odds: Counts) -> Counts:
    """Probability from natural log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -500, 500))))


def expectation_maximisation(
    vectors: Vectors, u: list[Counts], m: list[Counts], used: list[int], match_share: float
) -> tuple[list[Counts], Counts]:
    """M of the comparisons that are used, and the probability of each vector to be a match.

    Pairs that share a block resemble each other more than random pairs, in more than what the block is made of. So what
    is no match among them has shares of its own here, which begin at u and are not returned.

    Args:
        vectors: the pairs of one blocking rule.
        u: share of each level among non-matches, by comparison.
        m: where to begin.
        used: comparisons that are independent of the rule.
        match_share: where to begin.
    """
    m, here = list(m), list(u)
    is_match = np.zeros(len(vectors.counts))
    for _ in range(_ROUNDS):
        log_odds = np.log(match_share / (1 - match_share)) + log_ratios(vectors.levels, m, here, used)
        is_match = match_probability(log_odds)
        before = match_share
        match_share = float(np.clip((is_match * vectors.counts).sum() / vectors.counts.sum(), 1e-9, 1 - 1e-9))
        for comparison in used:
            size = len(m[comparison])
            m[comparison] = agreeing(m_of_counts(level_counts(vectors, comparison, size, is_match)), u[comparison])
            here[comparison] = level_shares(vectors, comparison, size, 1 - is_match)
        if abs(match_share - before) < 1e-7:
            break
    return m, is_match


def prior_share(
    vectors: Vectors, m: list[Counts], u: list[Counts], possible_pairs: float, in_group: Counts | None = None
) -> float:
    """The share of matches among all possible pairs that is consistent with these blocked pairs.

    Args:
        vectors: blocked pairs.
        m: share of each level among matches, by comparison.
        u: share of each level among strangers, by comparison.
        possible_pairs: how many there are.
        in_group: natural log odds of each vector against a related pair, where there are such.
    """
    evidence = log_ratios(vectors.levels, m, u, list(range(len(m))))
    return _consistent_share(evidence, vectors.counts, possible_pairs, in_group)


def prior_of_weights(evidence: Counts, possible_pairs: float, in_group: Counts | None = None) -> float:
    """The log2 odds that two nodes taken at random are one entity, which is consistent with the evidence of pairs.

    Args:
        evidence: weight of each compared pair against strangers without a prior, in bits.
        possible_pairs: how many there are; those that were not compared count as no matches.
        in_group: weight of each pair against a related pair, in bits, where there are such.
    """
    # Pairs with the same evidence to a hundredth of a bit count together: ten million pairs are then a few thousand.
    said = np.stack([evidence] if in_group is None else [evidence, in_group])
    values, counts = np.unique(np.round(said, 2), axis=1, return_counts=True)
    share = _consistent_share(
        values[0] * np.log(2), counts.astype(np.float64), possible_pairs, *(each * np.log(2) for each in values[1:])
    )
    return float(np.log2(share / (1 - share)))


def _consistent_share(
    log_evidence: Counts, counts: Counts, possible_pairs: float, in_group: Counts | None = None
) -> float:
    possible = max(possible_pairs, 1.0)
    share = 1e-5
    for _ in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + log_evidence
        if in_group is not None:
            odds = -np.logaddexp(-odds, -in_group)
        expected = (counts * match_probability(odds)).sum()
        before, share = share, float(np.clip(expected / possible, min(0.5 / possible, 0.5), 0.5))
        if abs(share - before) <= 1e-6 * before:
            break
    return share
