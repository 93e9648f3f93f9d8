"""Delta tables of the lake server: every reader sees the same rows, and no log says what a row does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from spark_jobs import upkeep
from spark_jobs.ask import sql
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import Layer, table_uri


@pytest.fixture
def table(spark: SparkSession, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty table of the silver layer with the name of the test."""
    name = str(request.node.name)
    spark.sql(f"CREATE TABLE silver.{name} (id BIGINT NOT NULL COMMENT '编号', name STRING) USING DELTA")
    yield name
    spark.sql(f"DROP TABLE silver.{name}")


def test_spark_delta_rs_and_duckdb_count_the_same(spark: SparkSession, table: str) -> None:
    spark.range(1000).selectExpr("id", "concat('户', id) AS name").writeTo(f"silver.{table}").append()
    spark.sql(f"DELETE FROM silver.{table} WHERE id % 3 = 0")
    spark.sql(f"UPDATE silver.{table} SET name = NULL WHERE id % 3 = 1")

    counts = {
        "spark": spark.table(f"silver.{table}").count(),
        "delta-rs": DeltaTable(table_uri("silver", table)).to_pyarrow_dataset().count_rows(),
        "duckdb": sql.query(f"SELECT count(*) AS n FROM silver.{table}").column("n").to_pylist()[0],
    }

    assert counts == {"spark": 666, "delta-rs": 666, "duckdb": 666}


def log_of(layer: Layer, table: str) -> str:
    """All that the log of a table says."""
    files = sorted((Path(table_uri(layer, table)) / "_delta_log").glob("*.json"))
    return "".join(path.read_text("utf-8") for path in files)


def test_the_log_of_a_table_holds_no_value_of_its_rows(spark: SparkSession, table: str) -> None:
    spark.sql(f"INSERT INTO silver.{table} VALUES (1, '金丝雀')")
    spark.sql(f"UPDATE silver.{table} SET id = 2 WHERE id = 1")
    spark.sql(f"OPTIMIZE silver.{table}")
    assert "金丝雀" not in log_of("silver", table)


def test_upkeep_keeps_values_out_of_the_log_of_a_mart_of_an_earlier_version_and_compacts_it(
    spark: SparkSession,
) -> None:
    tables.create_schema(spark, "marts")
    spark.sql("CREATE TABLE marts.kept_up (id BIGINT, at TIMESTAMP, name STRING) USING DELTA")
    try:
        spark.sql("ALTER TABLE marts.kept_up UNSET TBLPROPERTIES ('delta.dataSkippingNumIndexedCols')")
        spark.sql("INSERT INTO marts.kept_up VALUES (1, TIMESTAMP '9999-12-31 00:00:00', '从前')")
        assert "从前" in log_of("marts", "kept_up")
        version = tables.version("marts", "kept_up")

        done = list(upkeep.compact_layer("marts"))
        assert tables.unchanged_until("marts", "kept_up", version) == version + 1
        spark.sql("INSERT INTO marts.kept_up VALUES (2, NULL, '金丝雀')")
        compacted = list(upkeep.compact_layer("marts"))

        assert done == ["marts.kept_up: from now on its log holds no values of rows"]
        assert compacted == ["marts.kept_up: 2 files into 1"]
        assert "金丝雀" not in log_of("marts", "kept_up")
        stored = spark.table("marts.kept_up").selectExpr("id", "CAST(at AS STRING) AS at", "name").orderBy("id")
        assert [tuple(row) for row in stored.collect()] == [(1, "9999-12-31 00:00:00", "从前"), (2, None, "金丝雀")]
        assert list(upkeep.compact_layer("marts")) == []
    finally:
        spark.sql("DROP TABLE marts.kept_up")


def test_a_new_table_asks_no_new_feature_of_its_readers(spark: SparkSession, table: str) -> None:
    protocol = DeltaTable(table_uri("silver", table)).protocol()
    assert (protocol.min_reader_version, protocol.min_writer_version) == (1, 2)
    assert not protocol.reader_features


def test_a_table_made_by_plain_sql_lies_in_its_layer_and_asks_no_new_feature(spark: SparkSession) -> None:
    tables.create_schema(spark, "marts")
    spark.sql("CREATE TABLE marts.by_sql AS SELECT 1 AS one, '金丝雀' AS name")
    try:
        protocol = DeltaTable(table_uri("marts", "by_sql")).protocol()
        assert (protocol.min_reader_version, protocol.min_writer_version) == (1, 2)
        assert "金丝雀" not in log_of("marts", "by_sql")
        assert '"numRecords\\":1' in log_of("marts", "by_sql")
    finally:
        spark.sql("DROP TABLE marts.by_sql")


def test_versions_grow_and_old_ones_stay_readable(spark: SparkSession, table: str) -> None:
    assert tables.version("silver", table) == 0
    spark.sql(f"INSERT INTO silver.{table} VALUES (1, '甲')")

    assert tables.version("silver", table) == 1
    assert tables.read(spark, "silver", table).count() == 1
    assert tables.read(spark, "silver", table, version=0).count() == 0


def test_an_absent_table_does_not_exist() -> None:
    assert not tables.exists("silver", "never_made")
