"""A table read by the list of its files is what Delta reads, in every shape that a table of the lake has."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from pyspark.sql import DataFrame, SparkSession

from spark_jobs.lake.server import reading
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import table_uri

Written = Callable[..., None]


@pytest.fixture
def table(lake_home: Path) -> str:
    """Name of a table that is not there yet."""
    assert lake_home.exists()
    return f"read_{uuid.uuid4().hex}"


@pytest.fixture
def write(table: str) -> Iterator[Written]:
    """Append columns to it."""

    def append(columns: dict[str, object], *parts: str) -> None:
        added = {"schema_mode": "merge", "mode": "append", "partition_by": list(parts) or None}
        write_deltalake(table_uri("silver", table), pa.table(columns), **added)

    yield append


def ordered(rows: DataFrame) -> list[str]:
    """All rows as text, in a fixed order."""
    return sorted(str(row.asDict()) for row in rows.collect())


def assert_same(spark: SparkSession, table: str, version: int | None = None) -> DataFrame:
    """The rows, which Delta gives too, of the same types."""
    found, wanted = reading.read(spark, "silver", table, version), tables.read(spark, "silver", table, version)
    assert ordered(found) == ordered(wanted)
    assert [(field.name, field.dataType) for field in found.schema] == [
        (field.name, field.dataType) for field in wanted.schema
    ]
    return found


def test_parts_of_every_type_and_without_a_value(spark: SparkSession, table: str, write: Written) -> None:
    days = pa.array([date(2026, 1, 31), None, date(2026, 1, 31)], pa.date32())
    write({"day": days, "id": pa.array(["1", "2", "3"]), "kind": pa.array(["007", "row", None])}, "day", "kind")
    first = assert_same(spark, table).where("id = '1'").collect()
    assert [row.asDict() for row in first] == [{"day": date(2026, 1, 31), "id": "1", "kind": "007"}]


def test_columns_that_came_later_and_versions_of_before(spark: SparkSession, table: str, write: Written) -> None:
    write({"id": pa.array(["1"])})
    write({"id": pa.array(["2"]), "n": pa.array([2], pa.int64())})
    assert assert_same(spark, table).where("n IS NULL").count() == 1
    assert assert_same(spark, table, version=0).count() == 1


def test_a_table_without_rows(spark: SparkSession, table: str, write: Written) -> None:
    write({"id": pa.array([], pa.string()), "n": pa.array([], pa.list_(pa.int32()))})
    assert assert_same(spark, table).count() == 0


def test_of_a_delivery_the_files_that_may_have_its_rows(spark: SparkSession, table: str, write: Written) -> None:
    for name in ("a", "b", "c"):
        write({"_delivery_id": pa.array([name, name]), "id": pa.array(["1", "2"])})
    found = reading.read(spark, "silver", table, deliveries=["b"])
    assert ordered(found) == [str({"_delivery_id": "b", "id": number}) for number in ("1", "2")]
    assert len(found.inputFiles()) == 1


def test_files_that_do_not_say_whose_rows_they_have(spark: SparkSession, table: str, write: Written) -> None:
    write({"_delivery_id": pa.array([None, None], pa.string()), "id": pa.array(["1", "2"])})
    assert reading.read(spark, "silver", table, deliveries=["b"]).count() == 2


@pytest.mark.parametrize("name", ["with space", "100%", "咸宁", "a:b", "[a]"])
def test_parts_by_names_that_a_path_must_escape(spark: SparkSession, table: str, write: Written, name: str) -> None:
    write({"kind": pa.array([name, "plain"]), "id": pa.array(["1", "2"])}, "kind")
    assert assert_same(spark, table).where(f"kind = '{name}'").count() == 1


def test_many_files(spark: SparkSession, table: str, write: Written) -> None:
    kinds = [f"k{number}" for number in range(reading.FEW_FILES + 1)]
    write({"kind": pa.array(kinds), "id": pa.array(kinds)}, "kind")
    assert assert_same(spark, table).count() == len(kinds)


def test_rows_that_are_deleted_by_a_vector(spark: SparkSession, table: str) -> None:
    place = tables.by_path("silver", table)
    spark.sql(f"CREATE TABLE {place} (id BIGINT) USING DELTA TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')")
    spark.range(0, 9, numPartitions=1).write.format("delta").mode("append").save(table_uri("silver", table))
    spark.sql(f"DELETE FROM {place} WHERE id = 4")
    assert assert_same(spark, table).count() == 8
