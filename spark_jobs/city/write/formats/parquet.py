"""A Parquet file of texts, a whole batch at once."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.contract.formats.parquet import Parquet
from spark_jobs.city.batch import Batch

_GROUP_ROWS = 131_072


def write(batch: Batch, options: Parquet, path: Path) -> None:
    """Write the batch, all columns as texts."""
    columns = {name: pa.array(texts, pa.string()) for name, texts in batch.columns.items()}
    pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=_GROUP_ROWS)


def first_row(options: Parquet) -> int:
    """There is no header."""
    return 1
