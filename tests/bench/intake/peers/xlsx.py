"""openpyxl on a worksheet."""

from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import load_workbook

from tests.bench.intake.peers import Tried

_AT_ONCE = 20_000


def read(path: Path, out: Path, columns: list[str]) -> None:
    """All cells as texts, row by row."""
    schema = pa.schema([(name, pa.string()) for name in columns])
    rows = load_workbook(path, read_only=True).worksheets[0].iter_rows(min_row=2, values_only=True)
    nothing = [None] * len(columns)
    texts = ([*(None if cell is None else str(cell) for cell in row), *nothing][: len(columns)] for row in rows)
    with pq.ParquetWriter(out, schema) as writer:
        while some := list(islice(texts, _AT_ONCE)):
            arrays = [pa.array(column, pa.string()) for column in zip(*some, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))


FORMS = {"xlsx": Tried({"format": "xlsx"}, "openpyxl", read, share=0.25)}
