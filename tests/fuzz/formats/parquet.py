"""Parquet files of many types, and what comes back as CSV."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

WEIGHT = 0.5
OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "parquet"},
    {"format": "parquet", "rows_to_fix": "csv"},
    {"format": "parquet", "rows_to_fix": "parquet"},
)


def seeds() -> list[bytes]:
    """A file of types other than text, and one that says nothing."""
    content = io.BytesIO()
    columns = {"编号": pa.array([1, None], pa.int32()), "姓名": ["甲", "乙"], "x": pa.array([1.5, 2], pa.float64())}
    pq.write_table(pa.table(columns), content)
    return [content.getvalue(), b"PAR1" + bytes(8) + b"PAR1"]
