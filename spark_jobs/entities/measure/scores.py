"""How good a resolution is, against a known truth: pairs at every threshold, clusters, and each kind of noise.

Pure NumPy, so that the engine and its peers are measured by the same lines. Records are positions 0 to n-1; clusters
and entities are labels, integers or texts, one a record. Whatever compares groups of like records instead of records
names each record's group, and is still measured in pairs of records.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]
Labels = NDArray[Any]
Mask = NDArray[np.bool_]

_PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Score:
    """Counts of pairs and what follows; a share of nothing is 1, since nothing was wrong."""

    true_positives: int
    predicted: int
    actual: int

    @property
    def precision(self) -> float:
        """Share of the predicted pairs that are true."""
        return self.true_positives / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that are predicted."""
        return self.true_positives / self.actual if self.actual else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (Dice)."""
        both = self.predicted + self.actual
        return 2 * self.true_positives / both if both else 1.0


@dataclass(frozen=True)
class PairScores:
    """Scored pairs against the truth."""

    best: Score
    """At the threshold where F1 is greatest."""
    best_threshold: float
    """Between the weight of the last pair that counts there and the next lower one; infinite where no pair counts."""
    at_threshold: Score
    """At the threshold that was asked for."""
    pairs_scored: int


@dataclass(frozen=True)
class ClusterScores:
    """Clusters against the truth."""

    pairs: Score
    """Of all pairs of records, those in one cluster."""
    b3_precision: float
    b3_recall: float

    @property
    def b3_f1(self) -> float:
        """Harmonic mean of B-cubed precision and recall (Bagga and Baldwin 1998)."""
        total = self.b3_precision + self.b3_recall
        return 2 * self.b3_precision * self.b3_recall / total if total else 0.0


@dataclass(frozen=True)
class NoiseScores:
    """How records with one mark fare."""

    kind: str
    records: int
    touched: Score
    """Pairs of which one record at least has the mark: recall shows what the noise costs."""
    within: Score
    """Pairs of which both have it: precision shows how well those are told apart who are easily confused."""


def pair_scores(
    left: Positions,
    right: Positions,
    weight: NDArray[Any],
    truth: Labels,
    threshold: float,
    group: Labels | None = None,
) -> PairScores:
    """Scored pairs, each counted once, against an entity for every record.

    Args:
        left: positions of records, or of groups if there are groups.
        right: likewise; never the same as left.
        weight: of each pair; pairs of equal weight count together.
        truth: the entity of each record.
        threshold: pairs of this weight or more are predicted.
        group: the group of each record, 0 to k-1, if pairs are of groups; records of one group are always predicted.

    Raises:
        ValueError: columns differ in length, or a position is outside of the records.
    """
    entity = codes_of(truth)
    member = np.arange(len(entity)) if group is None else np.asarray(group)
    groups = int(member.max()) + 1 if len(member) else 0
    left, right, weight = each_once(left, right, weight, groups)
    sizes = np.bincount(member, minlength=groups)
    inside = cluster_scores(member, entity).pairs
    possible = sizes[left] * sizes[right]
    right_ones = true_between(left, right, member, entity)
    return at_thresholds(weight, right_ones, possible, inside, threshold)


def cluster_scores(predicted: Labels, truth: Labels) -> ClusterScores:
    """Clusters of all records against their entities: pairs, and B-cubed as a mean over records."""
    cluster, entity = codes_of(predicted), codes_of(truth)
    if not len(entity):
        return ClusterScores(Score(0, 0, 0), 1.0, 1.0)
    clusters, entities, both = cells_of(cluster, entity)
    in_cluster, in_entity = np.bincount(cluster), np.bincount(entity)
    square = both.astype(np.float64) ** 2
    return ClusterScores(
        pairs=Score(_pairs(both), _pairs(in_cluster), _pairs(in_entity)),
        b3_precision=float((square / in_cluster[clusters]).sum() / len(entity)),
        b3_recall=float((square / in_entity[entities]).sum() / len(entity)),
    )


def by_noise(predicted: Labels, truth: Labels, marks: Mapping[str, Mask]) -> list[NoiseScores]:
    """For each mark, how clusters treat the pairs that it touches, and those between two records that have it."""
    cluster, entity = codes_of(predicted), codes_of(truth)
    cell = codes_of(cluster * (int(entity.max(initial=0)) + 1) + entity)
    # In the order of Score: what two records share if they are predicted rightly, predicted, the same.
    codes = (cell, cluster, entity)
    sizes = [np.bincount(code) for code in codes]
    return [_of_mark(kind, mask, codes, sizes) for kind, mask in sorted(marks.items())]


def _of_mark(kind: str, mask: Mask, codes: tuple[Positions, ...], sizes: list[NDArray[np.int64]]) -> NoiseScores:
    marked = [np.bincount(code[mask], minlength=len(size)) for code, size in zip(codes, sizes, strict=True)]
    within = [_pairs(count) for count in marked]
    touched = [_pairs(size) - _pairs(size - count) for size, count in zip(sizes, marked, strict=True)]
    return NoiseScores(kind, int(mask.sum()), Score(*touched), Score(*within))


def codes_of(labels: Labels) -> NDArray[np.int64]:
    """Labels as 0 to k-1."""
    found: NDArray[np.int64] = np.unique(np.asarray(labels), return_inverse=True)[1].reshape(-1).astype(np.int64)
    return found


def _pairs(counts: NDArray[np.int64]) -> int:
    """Pairs within groups of those sizes."""
    return int((counts.astype(np.int64) * (counts - 1) // 2).sum())


def cells_of(one: Positions, other: Positions) -> tuple[Positions, Positions, NDArray[np.int64]]:
    """The combinations of two codes that occur, in their order, and how often each does."""
    width = int(other.max()) + 1
    cells, counts = np.unique(one * width + other, return_counts=True)
    return cells // width, cells % width, counts


def each_once(
    left: Positions, right: Positions, weight: NDArray[Any], groups: int
) -> tuple[Positions, Positions, NDArray[Any]]:
    """Pairs with the smaller position left, in their order, each once with its greatest weight."""
    if not len(left) == len(right) == len(weight):
        raise ValueError(f"{len(left)} left, {len(right)} right and {len(weight)} weights are no list of pairs")
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    if len(low) and (low.min() < 0 or high.max() >= groups):
        raise ValueError(f"pairs name positions outside of 0 to {groups - 1}")
    keys = low * groups + high
    order = np.argsort(keys)
    in_order = keys[order]
    if (in_order[1:] != in_order[:-1]).all() and (low != high).all():
        return low[order], high[order], np.asarray(weight)[order]
    order = np.lexsort((-np.asarray(weight, np.float64), keys))
    keys = keys[order]
    first = np.ones(len(keys), np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    kept = order[first & (low[order] != high[order])]
    return low[kept], high[kept], np.asarray(weight)[kept]


def true_between(left: Positions, right: Positions, member: Labels, entity: Positions) -> NDArray[np.int64]:
    """How many pairs between the records of two groups are of one entity; `entity` in codes from 0."""
    if not len(left):
        return np.zeros(0, np.int64)
    group, who, count = cells_of(member, entity)
    start = np.searchsorted(group, np.arange(int(group.max()) + 2))
    if (np.diff(start) <= 1).all():
        same = who[start[left]] == who[start[right]]
        return np.where(same, count[start[left]] * count[start[right]], 0)
    cell = group * (int(entity.max()) + 1) + who
    parts = [
        _true_of_mixed(left[s], right[s], start, who, count, cell, int(entity.max()) + 1) for s in _slices(len(left))
    ]
    return np.concatenate(parts)


def _slices(total: int) -> Iterator[slice]:
    for begin in range(0, total, _PAIRS_AT_ONCE):
        yield slice(begin, begin + _PAIRS_AT_ONCE)


def _true_of_mixed(
    left: Positions, right: Positions, start: Positions, who: Positions, count: Positions, cell: Positions, width: int
) -> NDArray[np.int64]:
    """The same where groups hold several entities: each of the left group's is looked up in the right one."""
    several = start[left + 1] - start[left]
    pair = np.repeat(np.arange(len(left)), several)
    inner = np.arange(len(pair)) - np.repeat(np.cumsum(several) - several, several)
    source = start[left][pair] + inner
    wanted = right[pair] * width + who[source]
    place = np.minimum(np.searchsorted(cell, wanted), len(cell) - 1)
    both = np.where(cell[place] == wanted, count[source] * count[place], 0)
    return np.bincount(pair, weights=both, minlength=len(left)).astype(np.int64)


def at_thresholds(
    weight: NDArray[Any], true_pairs: NDArray[np.int64], possible: NDArray[np.int64], inside: Score, threshold: float
) -> PairScores:
    """Scores as the threshold falls from pair to pair; `inside` is predicted at every threshold."""
    order = np.argsort(-weight, kind="stable")
    weight = weight[order]
    hits = np.concatenate([[0], np.cumsum(true_pairs[order])]) + inside.true_positives
    predicted = np.concatenate([[0], np.cumsum(possible[order])]) + inside.predicted
    is_step = np.ones(len(hits), np.bool_)
    is_step[1:-1] = weight[1:] != weight[:-1]
    f1 = np.where(is_step, 2 * hits / np.maximum(predicted + inside.actual, 1), -1.0)
    best = int(f1.argmax())
    asked = int(np.searchsorted(-weight, -threshold, side="right"))
    return PairScores(
        best=Score(int(hits[best]), int(predicted[best]), inside.actual),
        # Half way to the next lower weight, a bit at most: a threshold may be written with fewer digits.
        best_threshold=float(max(weight[best - 1 : best + 1].mean(), weight[best - 1] - 1)) if best else float("inf"),
        at_threshold=Score(int(hits[asked]), int(predicted[asked]), inside.actual),
        pairs_scored=len(weight),
    )
