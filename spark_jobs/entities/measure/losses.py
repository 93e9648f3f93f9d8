"""Where a resolution lost pairs that it should have found, and which clusters it has wrong.

What to mend follows from it: rules where pairs were not compared, comparisons and threshold where their weight was too
low, the records between them where clustering parted or joined them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spark_jobs.entities.measure.links_between_files import pairs_between
from spark_jobs.entities.measure.places import BEATEN
from spark_jobs.entities.measure.scores import (
    Labels,
    Positions,
    cells_of,
    cluster_scores,
    codes_of,
    each_once,
    true_between,
)
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs
from spark_jobs.entities.measure.wrong_pairs import Found, Weighed


@dataclass(frozen=True)
class Losses:
    """Pairs of records that are the same, counted by what became of them; records of one profile were compared.

    Args:
        same: all that there are.
        not_compared: no blocking rule made them candidates.
        below_threshold: compared, and their weight is too low.
        place_taken: their weight is high enough, and a stronger pair has the place that `one_per` gives once.
        parted: their weight is high enough, and they are in two clusters all the same.
        joined_by_others: of the first three kinds, in one cluster through other records.
    """

    same: int
    not_compared: int
    below_threshold: int
    place_taken: int
    parted: int
    joined_by_others: int

    @property
    def blocking_recall(self) -> float:
        """Share of the pairs that were compared; of none, 1."""
        return 1 - self.not_compared / self.same if self.same else 1.0


@dataclass(frozen=True)
class WrongClusters:
    """Clusters and entities that are not each other.

    Args:
        merged: clusters that hold more than one entity.
        split: entities that are in more than one cluster.
    """

    merged: int
    split: int


def losses(found: Found, truth: Clusters | LabelledPairs) -> Losses:
    """What became of the pairs that are the same.

    Args:
        found: nodes, clusters and the weights of pairs.
        truth: clusters, links between files, or labelled pairs, of which those labelled the same count.
    """
    if isinstance(truth, LabelledPairs):
        return _of_listed(found, truth.one[truth.is_same], truth.other[truth.is_same])
    if truth.links is not None:
        return _of_listed(found, *truth.links)
    if found.between_files:
        return _of_listed(found, *pairs_between(truth.entity, found.file))
    return _of_entities(found, truth.entity)


def wrong_clusters(cluster: Labels, entity: Labels) -> WrongClusters:
    """Clusters with several entities, and entities in several clusters."""
    clusters, entities, _ = cells_of(codes_of(cluster), codes_of(entity))
    return WrongClusters(int((np.bincount(clusters) > 1).sum()), int((np.bincount(entities) > 1).sum()))


def _of_listed(found: Found, one: Positions, other: Positions) -> Losses:
    pairs = Weighed(found).pairs(one, other)
    together = found.cluster[pairs.a] == found.cluster[pairs.b]
    return _counted(np.ones(len(one), np.int64), pairs.weight, together, found.threshold)


def _of_entities(found: Found, truth: Labels) -> Losses:
    """By counts: an entity of thousands of records has millions of pairs."""
    entity, nodes = codes_of(truth), int(found.node.max(initial=-1)) + 1
    of_node = np.zeros(nodes, np.int64)
    of_node[found.node] = codes_of(found.cluster)
    left, right, weight = each_once(found.pairs.a, found.pairs.b, found.pairs.weight, nodes)
    several = true_between(left, right, found.node, entity)
    within, clustered = cluster_scores(found.node, entity).pairs, cluster_scores(found.cluster, entity).pairs
    of_pairs = _counted(several, weight, of_node[left] == of_node[right], found.threshold)
    compared_and_joined = within.true_positives + int(several[of_node[left] == of_node[right]].sum())
    return Losses(
        same=clustered.actual,
        not_compared=clustered.actual - within.true_positives - of_pairs.same,
        below_threshold=of_pairs.below_threshold,
        place_taken=of_pairs.place_taken,
        parted=of_pairs.parted,
        joined_by_others=of_pairs.joined_by_others + clustered.true_positives - compared_and_joined,
    )


def _counted(
    several: NDArray[np.int64], weight: NDArray[np.float64], together: NDArray[np.bool_], threshold: float
) -> Losses:
    """Pairs that are the same, so many at each place; those not compared have no number for a weight."""
    left_out, linked = np.isnan(weight), weight >= threshold
    beaten = ~linked & (weight + BEATEN >= threshold) & (weight < -BEATEN / 2)
    below = ~linked & ~left_out & ~beaten

    def count(mask: NDArray[np.bool_]) -> int:
        return int(several[mask].sum())

    return Losses(
        same=int(several.sum()),
        not_compared=count(left_out),
        below_threshold=count(below),
        place_taken=count(beaten),
        parted=count(linked & ~together),
        joined_by_others=count(~linked & together),
    )
