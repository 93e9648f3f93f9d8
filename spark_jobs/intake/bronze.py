"""Bronze tables: the strings of every record with where it came from, written by delta-rs alone."""

import json
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import ColumnProperties, CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import batch_schema
from spark_jobs.intake.child.decoded import Decoded
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.paths import storage_options, table_uri
from spark_jobs.lake.storage.table_properties import DICTIONARY_BYTES, missing_statistics, statistics

JOINED_ROWS = 10_000
_LOOKED_FOR = ("_delivery_id", "_row_number")
WRITER = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    # A row group is what one core reads at a time; a million rows, the default, would leave all cores but one idle.
    max_row_group_size=131_072,
    dictionary_page_size_limit=DICTIONARY_BYTES,
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
    missing = [each for each in holding if not _is_there(table, contract, each.delivery)]
    if missing:
        _append(table, schema, rows_of(missing, schema), [each.delivery for each in missing])
    version = int(table.version())
    return {each.delivery: version if each.has_rows else None for each in decoded}


def _is_there(table: DeltaTable, contract: FeedContract, delivery: str) -> bool:
    """The records are in the table: a commit brought them, and none took them out again since."""
    if table.transaction_version(delivery) is None:
        return False
    of_delivery = pc.field("_delivery_id") == delivery
    rows: pa.Table = dataset("bronze", contract.table).head(1, columns=["_delivery_id"], filter=of_delivery)
    return bool(rows.num_rows)


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


def rows_of(decoded: Sequence[Decoded], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of decoded deliveries in the schema of bronze, small batches joined."""
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


def remove(contract: FeedContract, deliveries: Iterable[str]) -> None:
    """Take the records of deliveries out again: of rejected ones, and of those that newer versions replaced.

    Their bytes stay in landing. Doing it again changes nothing.
    """
    uri, options = table_uri("bronze", contract.table), storage_options()
    names = sorted(deliveries)
    if not names or not DeltaTable.is_deltatable(uri, storage_options=options):
        return
    table = DeltaTable(uri, storage_options=options)
    wanted = ", ".join(f"'{name}'" for name in names)
    table.delete(
        f"_delivery_id in ({wanted})",
        writer_properties=WRITER,
        commit_properties=CommitProperties(custom_metadata={"removed": json.dumps(names)}, max_commit_retries=30),
    )


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
