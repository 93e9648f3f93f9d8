"""Which counts of a published row may be shown beside each other."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]


def showable(counts: Counts, least: int) -> npt.NDArray[np.bool_]:
    """Of each count whether it is shown, a row a row of the table; the counts before it have gone first.

    A count is a group of persons, and so is what is left of another without it. So it is hidden where it, or it with
    one or two shown ones added or taken away, is a group of fewer than `least`; where it is none of them, or all of
    another, too, for that would be said of each. That three come out even is an identity, and tells nothing.
    """
    shown = np.zeros(counts.shape, bool)
    for column in range(counts.shape[1]):
        hidden = np.isnan(counts[:, column])
        for others, signs, is_pair in _combinations(column):
            result = np.abs(counts[:, column] + (counts[:, others] * signs).sum(axis=1))
            is_small = (result < least) & ((result > 0) | is_pair)
            hidden |= is_small & shown[:, others].all(axis=1)
        shown[:, column] = ~hidden
    return shown


def _combinations(column: int) -> Iterator[tuple[list[int], Counts, bool]]:
    """Sets of up to two columns before one, with signs, and whether it is one alone or less."""
    for size in range(3):
        for others in combinations(range(column), size):
            for signs in range(2**size):
                made = np.array([1.0 if signs >> place & 1 else -1.0 for place in range(size)])
                yield list(others), made, size < 2
