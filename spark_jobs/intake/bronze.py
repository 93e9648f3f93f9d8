"""Bronze tables: the strings of every record with where it came from, written by delta-rs alone."""

import json
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from deltalake import ColumnProperties, CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import batch_schema
from spark_jobs.intake.child.decoded import Decoded
from spark_jobs.intake.formats import Decoder
from spark_jobs.lake.storage.paths import storage_options, table_uri
from spark_jobs.lake.storage.table_properties import missing_statistics, statistics

JOINED_ROWS = 10_000
_LOOKED_FOR = ("_delivery_id", "_row_number")
WRITER = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    # A row group is what one core reads at a time; a million rows, the default, would leave all cores but one idle.
    max_row_group_size=131_072,
    # Least and greatest values are personal: they are noted of the columns alone by which rows are looked for.
    default_column_properties=ColumnProperties(statistics_enabled="NONE"),
    column_properties={name: ColumnProperties(statistics_enabled="CHUNK") for name in _LOOKED_FOR},
)
"""How the files of bronze are written, by upkeep too."""
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
        _append(table, schema, _chain(first, batches), [delivery])
    except Exception:
        # delta-rs wraps what the reader raised; the department needs the original.
        if fault:
            raise fault[0] from None
        raise
    return int(table.version())


def write_many(contract: FeedContract, decoded: Sequence[Decoded]) -> dict[str, int | None]:
    """Append the records of deliveries, all in one commit, those left out that are there.

    Args:
        contract: the feed of them all.
        decoded: deliveries that were decoded, neither rejected nor failed.

    Returns:
        By delivery id the version of the table that holds its records; None: it has none.
    """
    uri, options = table_uri("bronze", contract.table), storage_options()
    schema = bronze_schema(contract)
    table = _open(uri, schema, options)
    holding = [each for each in decoded if each.has_rows]
    missing = [each for each in holding if table.transaction_version(each.delivery) is None]
    if missing:
        _append(table, schema, _all_rows(missing, schema), [each.delivery for each in missing])
    version = int(table.version())
    return {each.delivery: version if each.has_rows else None for each in decoded}


def deliveries_of(commit: dict[str, object]) -> list[str]:
    """The deliveries that a commit of a bronze table says it holds, by its entry in the table's history."""
    if "deliveries" in commit:
        return [str(name) for name in json.loads(str(commit["deliveries"]))]
    return [str(commit["delivery"])] if "delivery" in commit else []


def _append(table: DeltaTable, schema: pa.Schema, rows: Iterable[pa.RecordBatch], deliveries: list[str]) -> None:
    """One commit; `table` is at its version afterwards."""
    write_deltalake(
        table,
        pa.RecordBatchReader.from_batches(schema, rows),
        mode="append",
        schema_mode="merge",
        writer_properties=WRITER,
        commit_properties=CommitProperties(
            custom_metadata={"deliveries": json.dumps(deliveries)},
            app_transactions=[Transaction(name, 1) for name in deliveries],
            max_commit_retries=30,
        ),
    )


def _all_rows(decoded: Sequence[Decoded], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of all, small batches joined."""
    waiting: list[pa.RecordBatch] = []
    for each in decoded:
        for batch in each.batches():
            ids = pa.repeat(pa.scalar(each.delivery), batch.num_rows)
            waiting.append(pa.RecordBatch.from_arrays([ids, *batch.columns], schema=schema))
            if sum(held.num_rows for held in waiting) >= JOINED_ROWS:
                yield pa.concat_batches(waiting)
                waiting = []
    if waiting:
        yield pa.concat_batches(waiting)


def _open(uri: str, schema: pa.Schema, options: dict[str, str]) -> DeltaTable:
    if not DeltaTable.is_deltatable(uri, storage_options=options):
        DeltaTable.create(
            uri,
            schema=schema,
            mode="ignore",
            configuration={"delta.checkpointInterval": "20"} | statistics(_LOOKED_FOR),
            storage_options=options,
        )
    table = DeltaTable(uri, storage_options=options)
    lacking = missing_statistics(table.metadata().configuration, _LOOKED_FOR)
    if lacking:
        table.alter.set_table_properties(lacking)
    return table


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
