"""Scores against pairs that somebody labelled; pairs without a label do not count."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spark_jobs.entities.measure.scores import (
    Labels,
    Mask,
    PairScores,
    Positions,
    Score,
    at_thresholds,
    codes_of,
    each_once,
)
from spark_jobs.entities.measure.truth import LabelledPairs


def labelled_pair_scores(
    left: Positions,
    right: Positions,
    weight: NDArray[Any],
    labelled: LabelledPairs,
    threshold: float,
    group: Labels | None = None,
) -> PairScores:
    """Scored pairs against pairs that somebody labelled; pairs without a label do not count.

    Args:
        left: as in `pair_scores`.
        right: likewise.
        weight: likewise.
        labelled: the pairs that count.
        threshold: likewise.
        group: likewise.
    """
    one, other, is_same = labelled.one, labelled.other, labelled.is_same
    groups = int(max(np.max(one, initial=-1), np.max(other, initial=-1), np.max(left, initial=-1))) + 1
    groups = max(groups, int(np.max(right, initial=-1)) + 1)
    if group is not None:
        one, other, groups = np.asarray(group)[one], np.asarray(group)[other], int(np.max(group, initial=-1)) + 1
    left, right, weight = each_once(left, right, weight, groups)
    place, found = places_of(left, right, one, other, groups)
    together = one == other
    inside = Score(int((together & is_same).sum()), int(together.sum()), int(is_same.sum()))
    scored = found & ~together
    counted = is_same[scored].astype(np.int64)
    scores = at_thresholds(weight[place[scored]], counted, np.ones_like(counted), inside, threshold)
    return PairScores(scores.best, scores.best_threshold, scores.at_threshold, len(left))


def places_of(
    left: Positions, right: Positions, one: Positions, other: Positions, groups: int
) -> tuple[Positions, Mask]:
    """Where wanted pairs, either side first, are among pairs as `each_once` gives them; and which of them are there."""
    keys = left * groups + right
    wanted = np.minimum(one, other) * groups + np.maximum(one, other)
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    return place, keys[place] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)


def labelled_cluster_scores(predicted: Labels, labelled: LabelledPairs) -> Score:
    """Clusters against labelled pairs only."""
    one, other, is_same = labelled.one, labelled.other, labelled.is_same
    cluster = codes_of(predicted)
    together = cluster[one] == cluster[other]
    return Score(int((together & is_same).sum()), int(together.sum()), int(is_same.sum()))
