"""How good links between files are: only pairs of records of two files count, whether found or to be found."""

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spark_jobs.entities.measure.scores import Labels, PairScores, Positions, Score, at_thresholds, codes_of, each_once


def pairs_between(entity: Labels, file: Labels) -> tuple[Positions, Positions]:
    """All pairs of records of one entity that are of two files."""
    codes, files = codes_of(entity), codes_of(file)
    order = np.argsort(codes, kind="stable")
    found = [
        _crossed(order[files[order] == one], order[files[order] == other], codes)
        for one, other in combinations(range(int(files.max(initial=-1)) + 1), 2)
    ]
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])


def _crossed(one: Positions, other: Positions, codes: Positions) -> tuple[Positions, Positions]:
    """Every record of one list with every record of the other that has its code; both are sorted by code."""
    begin = np.searchsorted(codes[other], codes[one], side="left")
    several = np.searchsorted(codes[other], codes[one], side="right") - begin
    left = np.repeat(one, several)
    inner = np.arange(len(left)) - np.repeat(np.cumsum(several) - several, several)
    return left, other[np.repeat(begin, several) + inner]


def link_scores(
    left: Positions,
    right: Positions,
    weight: NDArray[Any],
    links: tuple[Positions, Positions],
    threshold: float,
    group: Labels,
    file: Labels,
) -> PairScores:
    """Scored pairs of groups against the links there are.

    Args:
        left: positions of groups.
        right: likewise.
        weight: of each pair.
        links: positions of records, each pair once.
        threshold: pairs of this weight or more are predicted.
        group: of each record, 0 to k-1; records of one group are always predicted.
        file: of each record.
    """
    groups = int(group.max(initial=-1)) + 1
    by_file = [np.bincount(group[file == one], minlength=groups) for one in np.unique(file)]
    left, right, weight = each_once(left, right, weight, groups)
    of_all = np.bincount(group, minlength=groups)
    possible = of_all[left] * of_all[right]
    for of_file in by_file:
        possible = possible - of_file[left] * of_file[right]
    one, other = group[links[0]], group[links[1]]
    keys, counts = np.unique(
        (np.minimum(one, other) * groups + np.maximum(one, other))[one != other], return_counts=True
    )
    wanted = left * groups + right
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    true_pairs = np.where(keys[place] == wanted, counts[place], 0) if len(keys) else np.zeros(len(wanted), np.int64)
    counted = possible > 0
    inside = linked_score(group, links, file)
    return at_thresholds(weight[counted], true_pairs[counted], possible[counted], inside, threshold)


def linked_score(predicted: Labels, links: tuple[Positions, Positions], file: Labels) -> Score:
    """Clusters against the links there are."""
    cluster = codes_of(predicted)
    sizes = np.bincount(cluster).astype(np.int64)
    of_files = [np.bincount(cluster[file == one], minlength=len(sizes)).astype(np.int64) for one in np.unique(file)]
    between = (int((sizes**2).sum()) - sum(int((of_file**2).sum()) for of_file in of_files)) // 2
    return Score(int((cluster[links[0]] == cluster[links[1]]).sum()), between, len(links[0]))
