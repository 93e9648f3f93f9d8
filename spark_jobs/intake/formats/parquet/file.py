"""A Parquet file's footer and row groups; whatever is wrong with them is a rejection."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.rejections import DeliveryRejected

_MAGIC_BYTES = 4


class RowGroup(NamedTuple):
    """Rows that lie together, and where."""

    number: int
    rows: int
    start: int
    end: int


@contextmanager
def opened(path: Path) -> Iterator[pq.ParquetFile]:
    """The file, its footer read.

    Raises:
        DeliveryRejected: `parquet_invalid`.
    """
    with reading("页脚"):
        file = pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False, coerce_int96_timestamp_unit="us")
    with file:
        yield file


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Makes rejections of what the library finds; its messages may quote the file, so they are not told.

    Raises:
        DeliveryRejected: `parquet_invalid`.
        MemoryError: there is not so much memory.
    """
    try:
        yield
    except (MemoryError, pa.ArrowMemoryError) as error:
        raise MemoryError from error
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise DeliveryRejected("parquet_invalid", detail=f"{what}已损坏、已加密或不合规范") from error


def row_groups(file: pq.ParquetFile, size: int) -> list[RowGroup]:
    """The row groups in the order of the file's rows.

    Raises:
        DeliveryRejected: `parquet_invalid`: they overlap, or lie outside the file.
    """
    metadata = file.metadata
    found = [_row_group(metadata.row_group(number), number) for number in range(metadata.num_row_groups)]
    end = _MAGIC_BYTES
    for group in in_place(found):
        if not end <= group.start <= group.end <= size:
            raise DeliveryRejected("parquet_invalid", detail="行组的位置重叠或超出文件")
        end = group.end
    return found


def in_place(groups: list[RowGroup]) -> list[RowGroup]:
    """Those that hold rows, in the order of the file's bytes."""
    return sorted((group for group in groups if group.rows), key=lambda group: group.start)


def _row_group(metadata: pq.RowGroupMetaData, number: int) -> RowGroup:
    chunks = [metadata.column(column) for column in range(metadata.num_columns)]
    starts = [_start(chunk) for chunk in chunks]
    ends = [start + chunk.total_compressed_size for start, chunk in zip(starts, chunks, strict=True)]
    return RowGroup(number, metadata.num_rows, min(starts, default=_MAGIC_BYTES), max(ends, default=_MAGIC_BYTES))


def _start(chunk: pq.ColumnChunkMetaData) -> int:
    dictionary = chunk.dictionary_page_offset if chunk.has_dictionary_page else None
    return int(min(dictionary or chunk.data_page_offset, chunk.data_page_offset))
