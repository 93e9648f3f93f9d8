"""A truth that names records by the number of their row: ids in place of numbers, where no number is an id."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.base.errors import LakeError
from spark_jobs.entities.measure.record_ids import Records


def ids_of_rows(table: pa.Table, columns: Sequence[str], records: Records) -> tuple[pa.Table, str]:
    """The table with ids for row numbers, and how they were read; as it is, and nothing, where they are none.

    Whether rows count from 0 or from 1 is told by the numbers: one of them is 0, or that of a last row.

    Args:
        table: the truth.
        columns: one or two that name records; of two files, each column means one of them.
        records: with the ids of each file in the order of its rows.

    Raises:
        LakeError: they can only be row numbers, and do not say from what they count.
    """
    if records.rows is None or not columns or any(_names_records(table[name], records) for name in columns):
        return table, ""
    files = [*range(len(columns))] if len(records.names) == len(columns) == 2 else [0] * len(columns)
    numbers = [_numbers(table[name]) for name in columns]
    if len(records.names) > 2 or len(records.names) > len(columns) or any(each is None for each in numbers):
        return table, ""
    rows = records.rows()
    sizes = [len(rows[number]) for number in files]
    given = [each for each in numbers if each is not None]
    if any(pc.max(each).as_py() > size for each, size in zip(given, sizes, strict=True)):
        return table, ""
    first = _first_row(given, sizes)
    for name, number, file in zip(columns, given, files, strict=True):
        ids = rows[file].take(pc.subtract(number, first))
        if len(records.names) > 1:
            ids = pc.binary_join_element_wise(records.names[file], ids, ":")
        table = table.set_column(table.column_names.index(name), name, ids)
    return table, f", by the numbers of their rows, counted from {first}"


def _names_records(column: pa.ChunkedArray, records: Records) -> bool:
    """Whether any value is an id, with or without its file."""
    texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
    are_ids = pc.is_in(texts, records.ids)
    return bool(pc.any(pc.or_(are_ids, pc.match_substring(texts, ":"))).as_py())


def _numbers(column: pa.ChunkedArray) -> pa.Array | None:
    """The values as whole numbers from 0, None where one is none."""
    texts = pc.utf8_trim_whitespace(column.cast(pa.string())).combine_chunks()
    if texts.null_count or not pc.all(pc.match_substring_regex(texts, r"^\d{1,12}$")).as_py():
        return None
    return texts.cast(pa.int64())


def _first_row(numbers: Sequence[pa.Array], sizes: Sequence[int]) -> int:
    if any(pc.min(each).as_py() == 0 for each in numbers):
        return 0
    if any(pc.max(each).as_py() == size for each, size in zip(numbers, sizes, strict=True)):
        return 1
    raise LakeError(
        "the truth names no record by its id; if it names rows by their numbers, it does not show whether they count "
        "from 0 or from 1",
        "write the records' ids, or add a line that names the first row or the last one",
    )
