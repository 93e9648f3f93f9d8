"""How many persons a group of cells is of."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Persons:
    """Who is in each cell.

    Args:
        cells: the cell of each entry.
        keys: whom an entry is of; None where each person is in one cell, and entries say how many.
        numbers: how many persons an entry is of, one where it has a key.
    """

    cells: Codes
    keys: Codes | None
    numbers: Codes

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "Persons":
        """Of a column of numbers, or of lists of keys; a cell without either is of nobody."""
        whole = column.combine_chunks()
        if not pa.types.is_list(whole.type):
            return cls(np.arange(len(whole)), None, _numbers(pc.fill_null(whole, 0)))
        keys = np.unique(_numbers(pc.list_flatten(whole)), return_inverse=True)[1].ravel()
        return cls(_numbers(pc.list_parent_indices(whole)), keys, np.ones(len(keys), np.int64))

    def of_groups(self, group_of_cell: Codes, groups: int) -> Codes:
        """Persons of each group, each counted once in it; a cell of group -1 counts nowhere."""
        group = group_of_cell[self.cells]
        counted = group >= 0
        group = group[counted]
        if self.keys is not None:
            width = int(self.keys.max(initial=0)) + 1
            ordered = np.sort(group * width + self.keys[counted])
            # np.unique hashes whole numbers: 6 million pairs took eight times as long.
            is_first = np.diff(ordered, prepend=-1) > 0
            return np.bincount(ordered[is_first] // width, minlength=groups)
        return np.bincount(group, self.numbers[counted], groups).astype(np.int64)


def pairs(first: Codes, second: Codes) -> tuple[Codes, Codes]:
    """The different pairs of two codes as the first of each, and which of them each one is."""
    width = int(second.max(initial=0)) + 1
    found, which = np.unique(first * width + second, return_inverse=True)
    return found // width, which.ravel()


def _numbers(values: Any) -> Codes:
    found: Codes = pc.cast(values, pa.int64()).to_numpy(zero_copy_only=False)
    return found
