"""Parquet files of texts, written."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.intake.formats.machinery.exported import RowToFix, header_to_fix
from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS, UNDERSCORE, escape_unfit

_AT_ONCE = 10_000
_UNFIT = re.compile(f"{UNDERSCORE}|[{CONTROLS}\ud800-\udfff\ufffd]")


def write_texts(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """Write rows of texts."""
    schema = pa.schema([(name, pa.string()) for name in header])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        left = iter(rows)
        while some := list(islice(left, _AT_ONCE)):
            columns = [pa.array(column, pa.string()) for column in zip(*some, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def write_to_fix(path: Path, sources: Sequence[str], rows: Iterable[RowToFix]) -> None:
    """Write rows to fix; what no table may hold stands in them as `_xHHHH_`, which decoding restores."""
    cells = ([cell and escape_unfit(cell, _UNFIT) for cell in row.cells()] for row in rows)
    write_texts(path, header_to_fix(sources), cells)
