"""Small silver tables as refine leaves them, written by hand for the parts that read silver."""

import hashlib
from datetime import date
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.lake.silver.parts import KEY, PART, PAST, ROW
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow_types import arrow_schema
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.refine.history import stored_columns


def delivered(sequence: int, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of the delivery that arrived as number `sequence`, on that day of November 2026."""
    day = date(2026, 11, sequence)
    came = {"_delivery_id": f"d{sequence}", "_business_date": day, "_delivery_sequence": sequence, "_is_current": True}
    return [came | {"_row_number": number} | row for number, row in enumerate(rows, start=1)]


def put_silver(feed_id: str, rows: list[dict[str, Any]]) -> int:
    """Replace a silver table by these rows, columns that a row does not give being null; give its version.

    A moment without a zone is of the city's time.
    """
    feed = load_feed(feed_id)
    schema = arrow_schema(stored_columns(feed))
    delta_commits.create("silver", feed.table, schema, (), (PART,))
    stored = [row | {KEY: _hash(row, feed), PART: ROW if row["_is_current"] else PAST} for row in rows]
    columns = [_column(stored, field) for field in schema]
    write_deltalake(table_uri("silver", feed.table), pa.table(columns, schema=schema), mode="overwrite")
    return tables.version("silver", feed.table)


def _column(rows: list[dict[str, Any]], field: pa.Field) -> pa.Array:
    if pa.types.is_list(field.type):
        return pa.nulls(len(rows), field.type)
    texts = [_text(row.get(field.name)) for row in rows]
    if pa.types.is_timestamp(field.type):
        texts = [text if text is None or "+" in text else f"{text}+08:00" for text in texts]
    return pa.array(texts, pa.string()).cast(field.type)


def _hash(row: dict[str, Any], feed: FeedContract) -> int:
    """Any number that tells keys apart."""
    key = repr([row.get(name) for name in feed.write.key])
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
