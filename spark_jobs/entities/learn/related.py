"""Finding pairs of two entities that belong to one group: branches of a firm, brothers and sisters, models of a series.

They share what the group shares (a website, a home, a brand) and differ in all else as strangers do. Two classes of
pairs, matches and others, would be told apart by the greatest difference there is, which is often that between one
group and another: then what a group shares is learned as identity. So there are three classes here: matches, related
pairs and strangers, a latent class model with independent comparisons within each (Fellegi and Sunter 1969; Winkler
1988 on estimating it without labels).
"""

from dataclasses import dataclass

import numpy as np

from spark_jobs.entities.learn import estimation
from spark_jobs.entities.learn.estimation import Counts, Vectors

_ROUNDS = 200
_STOPS_AT = 1e-8
_FEWEST, _MOST = 1e-6, 0.9
_MATCHES_AT_FIRST, _RELATED_AT_FIRST = 0.05, 0.3
LIKE_STRANGERS = 0.1
"""Of the information in bits that tells matches from strangers, how much related pairs may have where they differ."""
LEAST_BITS = 4.0
"""What the comparisons in which related pairs differ must tell of a match, altogether; less is chance."""


@dataclass(frozen=True)
class Related:
    """Related pairs, and the matches that were told from them.

    Args:
        m: share of each level among matches, by comparison.
        r: share of each level among related pairs, by comparison.
        bits: log2 of how many matches there are to one related pair, among blocked pairs.
        probability: of each vector to be a match.
    """

    m: list[Counts]
    r: list[Counts]
    bits: float
    probability: Counts


def related_pairs(blocked: Vectors, m: list[Counts], u: list[Counts]) -> Related | None:
    """Related pairs among blocked ones; None where there are none that are clearly such.

    Two classes come out as groups against strangers where groups are many. So related pairs begin as what was taken for
    matches, matches as pairs that agree in nearly everything.

    Args:
        blocked: vectors of all blocked pairs.
        m: share of each level among what was taken for matches, by comparison.
        u: the same among random pairs of two entities.
    """
    if not len(blocked.counts):
        return None
    classes = [[estimation.first_guess(len(each)) for each in m], m, u]
    shares = np.array([_MATCHES_AT_FIRST, _RELATED_AT_FIRST, 1 - _MATCHES_AT_FIRST - _RELATED_AT_FIRST])
    belongs = np.zeros((3, len(blocked.counts)))
    for _ in range(_ROUNDS):
        belongs = _membership(blocked, classes, shares)
        before, shares = shares, _class_shares(belongs, blocked.counts)
        classes = _classes(blocked, belongs, u)
        if abs(shares[0] - before[0]) < _STOPS_AT:
            break
    found = Related(classes[0], classes[1], float(np.log2(shares[0] / shares[1])), belongs[0])
    return found if _are_related(found, u) else None


def told_apart(m: Counts, r: Counts, u: Counts) -> bool:
    """Whether related pairs differ in a comparison as strangers do."""
    return _information(r, u) <= LIKE_STRANGERS * _information(m, u)


def _are_related(found: Related, u: list[Counts]) -> bool:
    """They differ as strangers do in enough to tell them from matches; damaged records agree here and there in all."""
    of_all = zip(found.m, found.r, u, strict=True)
    differ = [_information(m, strangers) for m, r, strangers in of_all if told_apart(m, r, strangers)]
    return sum(differ) >= LEAST_BITS and len(differ) < len(u)


def _information(shares: Counts, u: Counts) -> float:
    """What a pair of a class tells on average against strangers, in bits (Kullback and Leibler 1951)."""
    return float((shares * np.log2(shares / u)).sum())


def _membership(blocked: Vectors, classes: list[list[Counts]], shares: Counts) -> Counts:
    """Probability of each vector to be of each class, 3 x vectors."""
    ones = [np.ones(len(each)) for each in classes[0]]
    every = list(range(len(ones)))
    said = np.stack([estimation.log_ratios(blocked.levels, of_class, ones, every) for of_class in classes])
    said += np.log(shares)[:, None]
    likely = np.exp(said - said.max(axis=0))
    return np.asarray(likely / likely.sum(axis=0))


def _class_shares(belongs: Counts, counts: Counts) -> Counts:
    found = np.clip((belongs * counts).sum(axis=1) / counts.sum(), _FEWEST, _MOST)
    return np.asarray(found / found.sum())


def _classes(blocked: Vectors, belongs: Counts, u: list[Counts]) -> list[list[Counts]]:
    matches, related, strangers = belongs
    sizes = [len(each) for each in u]
    m = [
        estimation.agreeing(estimation.m_of_counts(estimation.level_counts(blocked, n, size, matches)), u[n])
        for n, size in enumerate(sizes)
    ]
    others = [
        [estimation.level_shares(blocked, n, size, of_class) for n, size in enumerate(sizes)]
        for of_class in (related, strangers)
    ]
    return [m, *others]
