"""What is known of each record: the kinds of noise on it, and the ways in which its entity is easily confused."""

import numpy as np
import pyarrow as pa

from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.texts import Ints

PROBES = ("twin", "namesake", "shared_phone", "branch", "same_core_name", "agent_phone")
"""Marks that say who is easily taken for whom; the other marks are noise."""


class Marks:
    """Marks on the rows of a chunk."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._found: dict[str, Mask] = {}

    def add(self, kind: str, where: Ints | Mask) -> None:
        """Mark rows, given as positions or as a mask."""
        self._found.setdefault(kind, np.zeros(self.rows, np.bool_))[where] = True

    def has(self, kind: str) -> Mask:
        """Rows that have the mark."""
        return self._found.get(kind, np.zeros(self.rows, np.bool_))

    def taken(self, index: Ints) -> "Marks":
        """The marks of those rows, in that order."""
        marks = Marks(len(index))
        marks._found = {kind: mask[index] for kind, mask in self._found.items()}
        return marks

    def as_lists(self) -> pa.Array:
        """One list of kinds a row, in the alphabet's order."""
        kinds = sorted(self._found)
        if not kinds:
            return pa.array([[]] * self.rows, pa.list_(pa.string()))
        table = np.column_stack([self._found[kind] for kind in kinds])
        offsets = np.concatenate([[0], np.cumsum(table.sum(axis=1))]).astype(np.int32)
        names = pa.array(kinds, pa.string()).take(pa.array(np.nonzero(table)[1]))
        return pa.ListArray.from_arrays(pa.array(offsets), names)
