"""The batch is the rows of the new deliveries, each current one with how many current rows share its key."""

from typing import Any

from pyspark.sql import SparkSession

from spark_jobs.verify.batch import batch_rows

SCHEMA = "a string, b string, _delivery_id string, _is_current boolean"


def counts(spark: SparkSession, rows: list[tuple[Any, ...]], ids: list[str]) -> list[tuple[Any, ...]]:
    found = batch_rows(spark.createDataFrame(rows, SCHEMA), ids, ["a", "b"], ["a", "b"]).collect()
    return sorted((tuple(row) for row in found), key=str)


def test_a_key_that_an_earlier_delivery_holds_too_is_counted(spark: SparkSession) -> None:
    rows = [
        ("1", "x", "old", True),
        ("2", "x", "old", False),
        ("3", "x", "old", True),
        ("1", "x", "new", True),
        ("2", "x", "new", True),
        ("4", "x", "new", True),
        ("4", "x", "new", False),
    ]
    assert counts(spark, rows, ["new"]) == [("1", "x", 2), ("2", "x", 1), ("4", "x", 1), ("4", "x", None)]


def test_absent_parts_of_a_key_are_equal_to_each_other(spark: SparkSession) -> None:
    rows = [("1", None, "old", True), ("1", None, "new", True), ("2", None, "new", True)]
    assert counts(spark, rows, ["new"]) == [("1", None, 2), ("2", None, 1)]


def test_without_a_key_nothing_is_counted(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("1", "x", "new", True), ("1", "x", "old", True)], SCHEMA)
    assert [tuple(row) for row in batch_rows(frame, ["new"], [], ["a"]).collect()] == [("1", None)]
