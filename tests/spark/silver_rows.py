"""Small silver tables as refine leaves them, written by hand for the parts that read silver."""

from datetime import date
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StructField

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow_types import arrow_schema
from spark_jobs.lake.storage.paths import spark_table_uri, table_uri
from spark_jobs.refine.history import silver_columns

_PROVENANCE = (
    "_delivery_id string, _row_number bigint, _business_date date, _delivery_sequence bigint, _warnings array<string>, "
    "_notes array<string>, _rescued string, _valid_from timestamp, _valid_to timestamp, _is_current boolean"
)


def silver_schema(feed: FeedContract) -> str:
    """Columns of a silver table as SQL."""
    return ", ".join(f"{column.name} {column.domain.spark}" for column in feed.columns) + f", {_PROVENANCE}"


def delivered(sequence: int, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of the delivery that arrived as number `sequence`, on that day of November 2026."""
    day = date(2026, 11, sequence)
    came = {"_delivery_id": f"d{sequence}", "_business_date": day, "_delivery_sequence": sequence, "_is_current": True}
    return [came | {"_row_number": number} | row for number, row in enumerate(rows, start=1)]


def write_silver(spark: SparkSession, feed_id: str, rows: list[dict[str, Any]]) -> int:
    """Replace a silver table by these rows, columns that a row does not give being null; give its version."""
    feed = load_feed(feed_id)
    tables.create(spark, "silver", feed.table, silver_schema(feed))
    fields = tables.read(spark, "silver", feed.table).schema.fields
    texts = [tuple(_text(row.get(field.name)) for field in fields) for row in rows]
    frame = spark.createDataFrame(texts, ", ".join(f"{field.name} string" for field in fields))
    typed = frame.select(*(_typed(field) for field in fields))
    typed.write.format("delta").mode("overwrite").save(spark_table_uri("silver", feed.table))
    return tables.version("silver", feed.table)


def put_silver(feed_id: str, rows: list[dict[str, Any]]) -> int:
    """The same by delta-rs, which is what writes silver; moments have a zone."""
    feed = load_feed(feed_id)
    schema = arrow_schema(silver_columns(feed))
    delta_commits.create("silver", feed.table, schema, ())
    columns = [pa.array([_text(row.get(field.name)) for row in rows], pa.string()) for field in schema]
    typed = [
        pa.nulls(len(rows), field.type) if pa.types.is_list(field.type) else column.cast(field.type)
        for field, column in zip(schema, columns, strict=True)
    ]
    write_deltalake(table_uri("silver", feed.table), pa.table(typed, schema=schema), mode="overwrite")
    return tables.version("silver", feed.table)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _typed(field: StructField) -> Column:
    source = F.lit(None) if isinstance(field.dataType, ArrayType) else F.col(field.name)
    return source.cast(field.dataType).alias(field.name)
