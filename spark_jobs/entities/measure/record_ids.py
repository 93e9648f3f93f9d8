"""Records by the ids that a truth knows them by, those of several files kept apart."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.base.errors import LakeError
from spark_jobs.entities.measure.scores import Labels, Positions


@dataclass(frozen=True)
class Records:
    """The records that a truth speaks of.

    Args:
        ids: as their files have them.
        file: number of each record's file.
        names: of the files, by number: without folder and suffix.
        rows: gives the ids of each file in the order of its rows; None where nobody needs them.
    """

    ids: pa.Array
    file: Labels
    names: tuple[str, ...] = ("records",)
    rows: Callable[[], list[pa.Array]] | None = None

    @classmethod
    def of_one_file(cls, ids: pa.Array) -> "Records":
        """Records of a single file."""
        return cls(ids.cast(pa.string()), np.zeros(len(ids), np.int64))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ids)

    def check(self) -> None:
        """See that each record can be named.

        Raises:
            LakeError: a record has no id, or two records of a file have the same.
        """
        for number, name in enumerate(self.names):
            ids = self.ids.filter(pa.array(self.file == number))
            if ids.null_count:
                raise LakeError(f"{name}: {ids.null_count:,} records have no id", "give each record an id")
            counts = pc.value_counts(ids)
            twice = counts.filter(pc.greater(counts.field("counts"), 1))
            if len(twice):
                what = (
                    f"{name}: {len(twice):,} ids are given to more than one record, the first is {twice[0]['values']}"
                )
                raise LakeError(what, "name another column in the spec, `records.id`")

    def find(self, named: pa.ChunkedArray, source: pa.ChunkedArray | None = None) -> Positions:
        """Where the records are that a truth names; -1 for one that is not there.

        Args:
            named: ids, or `<file>:<id>`.
            source: the file of each, by its name, where the truth has it.

        Raises:
            LakeError: files share ids, and the truth does not say whose it means.
        """
        named = pc.utf8_trim_whitespace(named.cast(pa.string()).combine_chunks())
        if len(self.names) == 1:
            return _places(named, self.ids)
        of_file = pa.array(self.names).take(pa.array(self.file))
        qualified = pc.binary_join_element_wise(of_file, self.ids, ":")
        if source is not None and pc.all(pc.is_in(pc.unique(source.cast(pa.string())), pa.array(self.names))).as_py():
            asked = source.cast(pa.string()).combine_chunks()
            return _places(pc.binary_join_element_wise(asked, named, ":"), qualified)
        found = _places(named, qualified)
        bare = _places(named, self.ids)
        if ((found < 0) & (bare >= 0)).any() and len(pc.unique(self.ids)) < len(self.ids):
            example = named[int(np.argmax((found < 0) & (bare >= 0)))]
            raise LakeError(
                f"files share record ids, so the truth does not say whose {example} it means",
                f"add a column `file` ({', '.join(self.names)}) to the truth, or write <file>:<id>",
            )
        return np.where(found >= 0, found, bare)

    def find_in(self, named: pa.ChunkedArray, number: int) -> Positions:
        """As `find`, among the records of one file."""
        named = pc.utf8_trim_whitespace(named.cast(pa.string()).combine_chunks())
        here = np.flatnonzero(self.file == number)
        found = _places(named, self.ids.take(pa.array(here)))
        return np.where(found >= 0, here[np.maximum(found, 0)] if len(here) else -1, -1)


def _places(wanted: pa.Array, among: pa.Array) -> Positions:
    return np.asarray(pc.fill_null(pc.index_in(wanted, value_set=among), -1).to_numpy(), np.int64)
