"""Rows of the quarantine table by delivery, as its files have them, a few in memory at a time."""

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spark_jobs.lake.storage.arrow import dataset

_BATCH_ROWS = 2_048


def batches(table: str, deliveries: Collection[str], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of deliveries in the order of the table's files; `_delivery_id` is one of the columns.

    The dataset's own scanner takes whole row groups, of 128 MB and more.
    """
    names = pa.array(sorted(deliveries), pa.string())
    for fragment in dataset("quarantine", table).get_fragments(filter=pc.field("_delivery_id").isin(names)):
        with fragment.filesystem.open_input_file(fragment.path) as source:
            file = pq.ParquetFile(source, pre_buffer=False, buffer_size=1 << 16)
            groups = _groups(file, names)
            for batch in file.iter_batches(_BATCH_ROWS, row_groups=groups, columns=list(columns), use_threads=False):
                plain = batch.cast(pa.schema([field.with_type(_plain(field.type)) for field in batch.schema]))
                yield plain.filter(pc.is_in(plain["_delivery_id"], names))


def _groups(file: pq.ParquetFile, names: pa.Array) -> list[int]:
    """Row groups that may have one of the deliveries, by the least and the greatest that each holds."""
    lowest, highest = pc.min(names).as_py(), pc.max(names).as_py()
    found = []
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        columns = (group.column(place) for place in range(group.num_columns))
        held = next(column.statistics for column in columns if column.path_in_schema == "_delivery_id")
        if held is None or not held.has_min_max or (held.min <= highest and held.max >= lowest):
            found.append(number)
    return found


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type with plain strings: writers choose between string and string_view, which not every kernel takes."""
    if pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_plain(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_plain(field.type)) for field in kind])
    return kind
