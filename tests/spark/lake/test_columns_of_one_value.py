"""A column that has one value throughout is a column as any other, where a job has kept it or written it itself."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import fs
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from spark_jobs.lake.storage.scratch import Scratch

ROWS = pa.table({"number": [1, 2, 3], "phone": ["13494754343"] * 3})


def _kept(spark: SparkSession, into: Scratch) -> DataFrame:
    return into.keep(spark.createDataFrame(ROWS).coalesce(1), "rows")


def _written(spark: SparkSession, into: Scratch) -> DataFrame:
    into.write(ROWS, "rows")
    return into.read(spark, "rows")


@pytest.mark.parametrize("rows_in", [_kept, _written], ids=["kept", "written"])
def test_its_rows_are_hashed_one_by_one(rows_in: object, sail_spark: SparkSession, tmp_path: Path) -> None:
    rows = rows_in(sail_spark, Scratch(str(tmp_path), fs.LocalFileSystem(), str(tmp_path)))  # type: ignore[operator]
    found = rows.select("number", F.xxhash64("phone").alias("hashed")).collect()
    assert sorted(row["number"] for row in found) == [1, 2, 3]
    assert len({row["hashed"] for row in found}) == 1
