"""Bronze tables: the strings of every record with where it came from, written by delta-rs alone."""

from collections.abc import Iterator

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import batch_schema
from spark_jobs.intake.formats import Decoder
from spark_jobs.lake.storage.paths import storage_options, table_uri

ROW_GROUP_ROWS = 131_072
"""A row group is what one core reads at a time; the writer's million rows would leave all cores but one idle."""
_DELIVERY = pa.field("_delivery_id", pa.string(), nullable=False)


def bronze_schema(contract: FeedContract) -> pa.Schema:
    """`_delivery_id`, the contract's columns as strings, then their provenance."""
    batch = batch_schema(tuple(column.name for column in contract.columns))
    return pa.schema([_DELIVERY, *batch])


def write(contract: FeedContract, delivery: str, decoder: Decoder) -> int | None:
    """Append a delivery's records in one commit, unless they are there; returns the table's version.

    None where the delivery has no records. The decoder is exhausted in every case, so its accounting is complete.

    Raises:
        DeliveryRejected: the bytes cannot be decoded; nothing is committed.
    """
    uri, options = table_uri("bronze", contract.table), storage_options()
    schema = bronze_schema(contract)
    table = _open(uri, schema, options)
    if table.transaction_version(delivery) is not None:
        for _ in decoder.batches():
            pass
        return int(table.version())
    fault: list[DeliveryRejected] = []
    batches = _with_delivery(decoder, delivery, schema, fault)
    first = next(batches, None)
    if fault:
        raise fault[0]
    if first is None:
        return None
    try:
        write_deltalake(
            table,
            pa.RecordBatchReader.from_batches(schema, _chain(first, batches)),
            mode="append",
            schema_mode="merge",
            writer_properties=WriterProperties(
                compression="ZSTD", compression_level=1, max_row_group_size=ROW_GROUP_ROWS
            ),
            commit_properties=CommitProperties(
                custom_metadata={"delivery": delivery},
                app_transactions=[Transaction(delivery, 1)],
                max_commit_retries=30,
            ),
        )
    except Exception:
        # delta-rs wraps what the reader raised; the department needs the original.
        if fault:
            raise fault[0] from None
        raise
    return int(DeltaTable(uri, storage_options=options).version())


def _open(uri: str, schema: pa.Schema, options: dict[str, str]) -> DeltaTable:
    if not DeltaTable.is_deltatable(uri, storage_options=options):
        DeltaTable.create(
            uri,
            schema=schema,
            mode="ignore",
            configuration={"delta.checkpointInterval": "20"},
            storage_options=options,
        )
    return DeltaTable(uri, storage_options=options)


def _with_delivery(
    decoder: Decoder, delivery: str, schema: pa.Schema, fault: list[DeliveryRejected]
) -> Iterator[pa.RecordBatch]:
    try:
        for batch in decoder.batches():
            if batch.num_rows:
                ids = pa.repeat(pa.scalar(delivery), batch.num_rows)
                yield pa.RecordBatch.from_arrays([ids, *batch.columns], schema=schema)
    except DeliveryRejected as rejected:
        fault.append(rejected)
        raise


def _chain(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest
