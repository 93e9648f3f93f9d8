"""The lake server's log tells what went wrong and where, and no value of any row."""

from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

CANARY = "温泉金丝雀3301"


def written(home: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in sorted((home / "logs").glob("*")) if path.is_file())


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param("cast(value AS int)", "SparkNumberFormatException", id="a cast"),
        pytest.param("cast(value AS date)", "SparkDateTimeException", id="a date"),
        pytest.param("raise_error(value)", "SparkRuntimeException", id="a message of its own"),
        pytest.param("raise_error(concat('x\n\tat ', value))", "SparkRuntimeException", id="a stack trace's look"),
        pytest.param("map_from_arrays(array(value, value), array(1, 2))", "SparkRuntimeException", id="a doubled key"),
    ],
)
def test_a_failure_in_a_task_is_logged_without_its_value(
    spark: SparkSession, lake_home: Path, expression: str, told: str
) -> None:
    before = len(written(lake_home))
    rows = spark.range(2).select(F.concat(F.lit(CANARY), F.col("id").cast("string")).alias("value"))
    with pytest.raises(PySparkException, match=CANARY):
        rows.selectExpr(expression).collect()

    said = written(lake_home)[before:]
    assert told in said
    assert "Executor" in said
    assert "\tat " in said
    assert CANARY not in said


def test_a_broken_constraint_is_logged_without_the_row(spark: SparkSession, lake_home: Path) -> None:
    spark.sql("CREATE TABLE silver.constrained (name STRING) USING DELTA")
    spark.sql("ALTER TABLE silver.constrained ADD CONSTRAINT short CHECK (length(name) < 3)")
    with pytest.raises(PySparkException, match=CANARY):
        spark.createDataFrame([(CANARY,)], "name string").writeTo("silver.constrained").append()
    spark.sql("DROP TABLE silver.constrained")

    assert CANARY not in written(lake_home)
