"""A Parquet file's footer and row groups; whatever is wrong with them is a rejection."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.rejections import DeliveryRejected

_MAGIC_BYTES = 4
_PATTERN = re.compile(r"[][*?{}]")
"""What DuckDB would take a path for a pattern by."""
_ROW_GROUPS = """
select row_group_id, any_value(row_group_num_rows), min(start), max(start + total_compressed_size)
from (
    select *, least(coalesce(nullif(dictionary_page_offset, 0), data_page_offset), data_page_offset) as start
    from parquet_metadata(?)
)
group by row_group_id
order by row_group_id
"""


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
    except (pa.ArrowException, OSError, ValueError, OverflowError, RuntimeError) as error:
        raise DeliveryRejected("parquet_invalid", detail=f"{what}已损坏、已加密或不合规范") from error


def row_groups(path: Path) -> list[RowGroup]:
    """The row groups of a file in the order of its rows.

    DuckDB says where they are: where a footer's description of a column is damaged, pyarrow ends the process.

    Raises:
        DeliveryRejected: `parquet_invalid`: they overlap, or lie outside the file.
    """
    # Imported late: it starts a thread, which no process may have that others are forked from.
    import duckdb

    with reading("页脚"), duckdb.connect(config={"threads": 1}) as connection:
        try:
            found = connection.execute(_ROW_GROUPS, [_PATTERN.sub(r"[\g<0>]", str(path))]).fetchall()
        except duckdb.OutOfMemoryException as error:
            raise MemoryError from error
        except duckdb.Error as error:
            raise ValueError from error
    groups = [RowGroup(*each) for each in found]
    end, size = _MAGIC_BYTES, path.stat().st_size
    for group in in_place(groups):
        if not end <= group.start <= group.end <= size:
            raise DeliveryRejected("parquet_invalid", detail="行组的位置重叠或超出文件")
        end = group.end
    return groups


def in_place(groups: list[RowGroup]) -> list[RowGroup]:
    """Those that hold rows, in the order of the file's bytes."""
    return sorted((group for group in groups if group.rows), key=lambda group: group.start)
