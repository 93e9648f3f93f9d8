"""Cells of few persons, put together until each group is of enough: a partition, so nothing is hidden that a sum shows.

From all cells downwards, one dimension after the other, a group is told apart by the next dimension where its parts
allow it: those of enough persons stand by themselves, the others become one rest, and a rest of too few takes the
smallest of the others in. So each group is of enough persons at every level, whichever margins are summed up, and two
tables that begin with the same dimensions are told apart alike. (Local recoding after LeFevre et al., Mondrian, 2006.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from spark_jobs.release.persons import Codes, Persons, pairs


@dataclass(frozen=True)
class Partition:
    """Groups of cells.

    Args:
        group: of each cell; -1 where all of them together are of too few persons.
        depth: of each cell, by how many dimensions its group is told apart.
        persons: of each group.
    """

    group: Codes
    depth: Codes
    persons: Codes


def partition(
    dimensions: Sequence[Codes], persons: Persons, least: int, left_out: tuple[int, Codes] | None = None
) -> Partition:
    """Groups of at least so many persons.

    Args:
        dimensions: of each, a code for each cell.
        persons: who is in each cell.
        least: the fewest persons of a group.
        left_out: persons of a greater whole who are in none of the cells, by the cell that they would be in, and by
            how many dimensions the whole is told apart: each group leaves out at least as few, as far as that.
    """
    cells = len(dimensions[0])
    group, depth = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    if persons.of_groups(group, 1)[0] < least:
        return Partition(group - 1, depth, np.zeros(0, np.int64))
    is_open = np.ones(cells, bool)
    for level, codes in enumerate(dimensions):
        child, parent_of = _children(group, codes, is_open)
        size = partial(_sizes, persons=persons, left_out=left_out, level=level)
        stands = _standing(child, parent_of, size, least)
        is_open &= stands[child]
        depth[is_open] = level + 1
        # A child that stands is a group of its own; what is left of its parent stays the parent's.
        group = _numbered(np.where(is_open, group.max() + 1 + child, group))
    return Partition(group, depth, persons.of_groups(group, int(group.max()) + 1))


def _sizes(group: Codes, groups: int, persons: Persons, left_out: tuple[int, Codes] | None, level: int) -> Codes:
    """Of how many persons each group is, or how many it leaves out where those are fewer."""
    inside = persons.of_groups(group, groups)
    if left_out is None or level >= left_out[0]:
        return inside
    outside = np.bincount(group[group >= 0], left_out[1][group >= 0], groups).astype(np.int64)
    # Who is left out may be fewer than none, where some are not of the whole: what is known then is as little.
    return np.minimum(inside, np.abs(outside))


def _children(group: Codes, codes: Codes, is_open: np.ndarray) -> tuple[Codes, Codes]:
    """The child of each cell, -1 of those that are told apart no more, and each child's parent."""
    parent_of, child = pairs(group[is_open], codes[is_open])
    found = np.full(len(group), -1, np.int64)
    found[is_open] = child
    return found, parent_of


def _standing(child: Codes, parent_of: Codes, sizes: Callable[[Codes, int], Codes], least: int) -> np.ndarray:
    """Of each child whether it stands by itself; one more at the end, of cells that are none's, which does not."""
    size = sizes(child, len(parent_of))
    stands = size >= least
    is_short = _short(child, parent_of, stands, sizes, least)
    for parent, smallest in _smallest(parent_of, size, stands):
        stands[smallest] &= not is_short[parent]
    # Where one more was not enough, the parent is not told apart.
    stands &= ~_short(child, parent_of, stands, sizes, least)[parent_of]
    return np.append(stands, False)


def _short(
    child: Codes, parent_of: Codes, stands: np.ndarray, sizes: Callable[[Codes, int], Codes], least: int
) -> np.ndarray:
    """Of each parent whether its children that do not stand are a rest of too few."""
    is_rest = (child >= 0) & ~np.append(stands, True)[child]
    rest = np.where(is_rest, np.append(parent_of, -1)[child], -1)
    parents = int(parent_of.max(initial=-1)) + 1
    has_rest = np.zeros(parents, bool)
    has_rest[rest[rest >= 0]] = True
    return has_rest & (sizes(rest, parents) < least)


def _smallest(parent_of: Codes, size: Codes, stands: np.ndarray) -> list[tuple[int, int]]:
    """Of each parent the smallest child that stands by itself."""
    (standing,) = np.nonzero(stands)
    ordered = standing[np.lexsort((size[standing], parent_of[standing]))]
    parents, first = np.unique(parent_of[ordered], return_index=True)
    return list(zip(parents.tolist(), ordered[first].tolist(), strict=True))


def _numbered(group: Codes) -> Codes:
    found: Codes = np.unique(group, return_inverse=True)[1].ravel().astype(np.int64)
    return found
