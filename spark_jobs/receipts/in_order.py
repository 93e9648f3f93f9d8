"""Rows in the order of a number, sorted in pieces: memory is bounded whatever their number."""

from collections.abc import Iterable, Iterator
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

RUN_BYTES = 32 << 20
"""What is sorted at once: 5 GB are 160 such runs, which are then read side by side."""
_BATCH_BYTES = 128 << 10


def in_order(batches: Iterable[pa.RecordBatch], number: str, folder: Path) -> Iterator[tuple[Any, ...]]:
    """The rows of batches as tuples, by the column of integers `number`, which stands first.

    Args:
        batches: rows of one schema, in any order.
        number: the first column's name.
        folder: where runs are kept while they are merged.
    """
    runs: list[Iterator[tuple[Any, ...]]] = []
    gathered: list[pa.RecordBatch] = []
    for batch in batches:
        gathered.append(batch)
        if sum(each.nbytes for each in gathered) >= RUN_BYTES:
            runs.append(_kept(_sorted(gathered, number), folder / f"run{len(runs)}"))
            gathered = []
    if gathered:
        runs.append(_rows(_small(_sorted(gathered, number))))
    return merge(*runs, key=itemgetter(0))


def _sorted(batches: list[pa.RecordBatch], number: str) -> pa.Table:
    return pa.Table.from_batches(batches).sort_by(number).combine_chunks()


def _small(table: pa.Table) -> list[pa.RecordBatch]:
    """The table in batches of about _BATCH_BYTES."""
    rows = max(table.num_rows * _BATCH_BYTES // max(table.nbytes, 1), 1)
    return list(table.to_batches(rows))


def _kept(table: pa.Table, path: Path) -> Iterator[tuple[Any, ...]]:
    """The rows of a table that is in a file meanwhile."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(path, table.schema, options=options) as stream:
        for batch in _small(table):
            stream.write_batch(batch)
    return _rows(_read(path))


def _read(path: Path) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        yield from pa.ipc.open_stream(file)


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
