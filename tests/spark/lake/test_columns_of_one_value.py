"""A column that has one value throughout a file is a column as any other, whatever statistics say of it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def test_its_rows_are_hashed_one_by_one(sail_spark: SparkSession, tmp_path: Path) -> None:
    pq.write_table(pa.table({"number": [1, 2, 3], "phone": ["13494754343"] * 3}), tmp_path / "rows.parquet")
    rows = sail_spark.read.parquet(str(tmp_path / "rows.parquet"))
    found = rows.select("number", F.xxhash64("phone").alias("hashed")).collect()
    assert sorted(row["number"] for row in found) == [1, 2, 3]
    assert len({row["hashed"] for row in found}) == 1
