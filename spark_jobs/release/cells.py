"""What may be shown of a mart that counts persons."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.protection import CELL, IS_SUPPRESSED, LEAST_PERSONS, Cells, shared
from spark_jobs.release.figures import showable
from spark_jobs.release.partition import Partition, partition
from spark_jobs.release.persons import Codes, Persons

HIDDEN = "*"


@dataclass(frozen=True)
class Whole:
    """A mart whose persons include those of another.

    Args:
        exact: its rows.
        cells: how it counts.
    """

    exact: pa.Table
    cells: Cells


def released(exact: pa.Table, cells: Cells, whole: Whole | None = None, least: int = LEAST_PERSONS) -> pa.Table:
    """The rows that may be shown: each of so many persons, and all of them together what the exact ones are.

    Columns are `cell` (its codes, `*` where it is not told apart), those of `by` (null there), `is_suppressed` (it is
    not told apart by all of them), counts and sums (null where they are of too few). Of too few in all there is no row.

    Args:
        exact: its rows.
        cells: how it counts.
        whole: the mart of persons some of whom are counted here, each of them in one of its cells.
        least: the fewest persons of a row.
    """
    dimensions = [_codes(exact[name]) for name in cells.by]
    persons = Persons.of(exact[cells.persons])
    found = partition(dimensions, persons, least, None if whole is None else _left_out(exact, cells, persons, whole))
    groups = len(found.persons)
    columns = {name: _of_groups(exact[name], found, place, groups) for place, name in enumerate(cells.by)}
    depth = np.zeros(groups, np.int64)
    depth[found.group[found.group >= 0]] = found.depth[found.group >= 0]
    columns = {CELL: _names(columns, depth), **columns, IS_SUPPRESSED: pa.array(depth < len(cells.by))}
    return pa.table(columns | _figures(exact, cells, found, least)).sort_by(CELL)


def _left_out(exact: pa.Table, cells: Cells, persons: Persons, whole: Whole) -> tuple[int, Codes]:
    """By how many dimensions both are told apart, and of each cell who of the whole would be in it and is not.

    Who is of the whole alone stands with the first of the cells that share its codes.
    """
    both = shared(cells, whole.cells)
    numbers = persons.of_groups(np.arange(exact.num_rows), exact.num_rows)
    keys = [pc.fill_null(pc.cast(exact[name], pa.string()), "") for name in both]
    theirs = [pc.fill_null(pc.cast(whole.exact[name], pa.string()), "") for name in both]
    names, whole_names = (pc.binary_join_element_wise(*each, "|") for each in (keys, theirs))
    of_whole = pa.table({"name": whole_names, "persons": whole.exact[whole.cells.persons]})
    sums = of_whole.group_by("name").aggregate([("persons", "sum")])
    of_name = dict(zip(sums["name"].to_pylist(), sums["persons_sum"].to_pylist(), strict=True))
    found = [of_name.pop(name, 0) for name in names.to_pylist()]
    return len(both), np.array(found, np.int64) - numbers


def _codes(column: pa.ChunkedArray) -> Codes:
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    found: Codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _of_groups(column: pa.ChunkedArray, found: Partition, place: int, groups: int) -> pa.Array:
    """The value that a group's cells share, null where the group is not told apart by it."""
    cell = np.full(groups, -1, np.int64)
    is_told = (found.group >= 0) & (found.depth > place)
    cell[found.group[is_told]] = np.nonzero(is_told)[0]
    return column.combine_chunks().take(pa.array(cell, mask=cell < 0))


def _names(columns: dict[str, pa.Array], depth: Codes) -> pa.Array:
    parts = [
        pc.if_else(pa.array(depth > place), pc.fill_null(pc.cast(column, pa.string()), ""), HIDDEN)
        for place, column in enumerate(columns.values())
    ]
    return pc.binary_join_element_wise(*parts, "|")


def _figures(exact: pa.Table, cells: Cells, found: Partition, least: int) -> dict[str, pa.Array]:
    summed = {name: _sums(exact[name], found) for name in (*cells.counts, *cells.sums)}
    counts = np.column_stack(
        [pc.cast(summed[name], pa.float64()).to_numpy(zero_copy_only=False) for name in cells.counts]
    )
    shown = dict(zip(cells.counts, showable(counts, least).T, strict=True))
    shown |= {name: shown[over] for name, over in cells.sums.items()}
    nothing = pa.scalar(None)
    return {
        name: pc.if_else(pa.array(shown[name]), column, nothing.cast(column.type)) for name, column in summed.items()
    }


def _sums(column: pa.ChunkedArray, found: Partition) -> pa.Array:
    """The sum of each group, of the column's own type where decimals keep theirs."""
    valued = pa.table({"group": found.group, "value": column}).filter(pc.field("group") >= 0)
    summed = valued.group_by("group").aggregate([("value", "sum")]).sort_by("group")
    return summed["value_sum"].combine_chunks()
