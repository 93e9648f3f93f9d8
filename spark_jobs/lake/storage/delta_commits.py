"""Commits of delta-rs to a Delta table, each with its marker and the transactions of its deliveries."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, write_deltalake
from deltalake.transaction import AddAction

from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri
from spark_jobs.lake.storage.table_properties import DELTA_TABLE_PROPERTIES, WRITER, statistics

_PROTOCOL = ("delta.minReaderVersion", "delta.minWriterVersion")
"""No properties in a table that delta-rs makes: its protocol is 1 and 2 by default, as we want it."""
_TRACKED = {"lake.deliveries": "transactions"}
"""A property of tables in which each commit of a delivery's rows has its transaction, from the first on."""
_TRIES = 30


@dataclass(frozen=True)
class Signed:
    """What a commit says of itself."""

    marker: str
    """The note that `history()` shows as `userMetadata`."""
    transactions: Mapping[str, str] = field(default_factory=dict)
    """Delivery -> the fingerprint by which its rows were made; see `transaction_number`."""

    def properties(self) -> CommitProperties:
        """The same for delta-rs."""
        return CommitProperties(
            custom_metadata={"userMetadata": self.marker},
            app_transactions=[
                Transaction(name, transaction_number(text)) for name, text in sorted(self.transactions.items())
            ],
            max_commit_retries=_TRIES,
        )


def transaction_number(fingerprint: str) -> int:
    """The `txn` version of a delivery: 63 bits of its fingerprint, so that another content has another number."""
    return int.from_bytes(hashlib.sha256(fingerprint.encode()).digest()[:8]) >> 1


def create(
    layer: Layer,
    table: str,
    schema: pa.Schema,
    looked_for: Iterable[str],
    partition_by: Sequence[str] = (),
    properties: Mapping[str, str] | None = None,
) -> None:
    """Make an empty table that every reader of the lake can read; nothing happens if it is there.

    Args:
        layer: the layer it belongs to.
        table: its name in the layer.
        schema: its columns.
        looked_for: columns whose least and greatest values its log may hold.
        partition_by: partition columns, in order.
        properties: further ones of the table.
    """
    kept = {name: value for name, value in DELTA_TABLE_PROPERTIES.items() if name not in _PROTOCOL}
    DeltaTable.create(
        table_uri(layer, table),
        schema=schema,
        mode="ignore",
        partition_by=list(partition_by) or None,
        configuration=kept | statistics(looked_for) | _TRACKED | dict(properties or {}),
        raise_if_key_not_exists=False,
        storage_options=storage_options(),
    )


def set_properties(layer: Layer, table: str, properties: Mapping[str, str]) -> None:
    """Give a table properties, our own ones too."""
    opened(layer, table).alter.set_table_properties(dict(properties), raise_if_not_exists=False)


def add_columns(layer: Layer, table: str, columns: pa.Schema) -> None:
    """Give a table further columns, which are null in the rows that it has; no file is written."""
    opened(layer, table).alter.add_columns(Schema.from_arrow(columns).fields)


def tracks_transactions(table: DeltaTable) -> bool:
    """A delivery that has no transaction has no rows; not so in tables that the lake server made."""
    return bool(_TRACKED.items() <= table.metadata().configuration.items())


def opened(layer: Layer, table: str, version: int | None = None) -> DeltaTable:
    """A version of a table, the newest by default."""
    return DeltaTable(table_uri(layer, table), version, storage_options())


def append(table: DeltaTable, files: list[AddAction], signed: Signed) -> None:
    """Make files that are in the table's folder part of it."""
    _write(table, files, "append", table.schema(), signed)


def overwrite(table: DeltaTable, files: list[AddAction], schema: pa.Schema, signed: Signed) -> None:
    """Make files that are in the table's folder all that it holds, with these columns."""
    _write(table, files, "overwrite", schema, signed)


def exchange(table: DeltaTable, files: list[AddAction], parts: Mapping[str, Sequence[str]], signed: Signed) -> None:
    """Make files the content of some partitions, and perhaps more of that of others: column -> values that go."""
    table.create_write_transaction(
        files,
        "overwrite",
        table.schema(),
        partition_by=table.metadata().partition_columns,
        partition_filters=[(column, "in", list(values)) for column, values in parts.items()],
        commit_properties=signed.properties(),
    )


def _write(
    table: DeltaTable, files: list[AddAction], mode: Literal["append", "overwrite"], schema: Any, signed: Signed
) -> None:
    parts = table.metadata().partition_columns or None
    table.create_write_transaction(files, mode, schema, partition_by=parts, commit_properties=signed.properties())


def rebuild(table: DeltaTable, rows: pa.RecordBatchReader, partition_by: Sequence[str], signed: Signed) -> None:
    """Make these rows all that a table holds, with their columns, in partitions that it may not have had before."""
    write_deltalake(
        table,
        rows,
        mode="overwrite",
        schema_mode="overwrite",
        partition_by=list(partition_by),
        writer_properties=WRITER,
        commit_properties=signed.properties(),
    )


def put(layer: Layer, table: str, rows: pa.Table, signed: Signed) -> None:
    """Make rows all that a table holds, and their columns its own; it is made where it is not there.

    Where it holds them already, in this order, no version is made: what is read of it has not changed.
    """
    create(layer, table, rows.schema, ())
    found = opened(layer, table)
    if found.version() == 0 or not _holds(found, rows):
        rebuild(found, rows.to_reader(), (), signed)


def _holds(table: DeltaTable, rows: pa.Table) -> bool:
    if table.count() != rows.num_rows or [each.name for each in table.schema().fields] != rows.schema.names:
        return False
    try:
        return bool(table.to_pyarrow_table().cast(rows.schema).equals(rows))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        # Its columns are of other types.
        return False


def add(layer: Layer, table: str, rows: pa.Table, signed: Signed) -> None:
    """Give a table further rows."""
    write_deltalake(
        opened(layer, table),
        rows,
        mode="append",
        writer_properties=WRITER,
        commit_properties=signed.properties(),
    )


def delete(table: DeltaTable, predicate: str, signed: Signed) -> int:
    """Delete the rows for which a predicate holds, and give how many; files that have none are not rewritten."""
    done = table.delete(predicate, writer_properties=WRITER, commit_properties=signed.properties())
    return int(done["num_deleted_rows"])


def replace(table: DeltaTable, rows: pa.RecordBatchReader, predicate: str, signed: Signed) -> None:
    """Put rows in the place of those for which a predicate holds; it holds for each of the new ones too."""
    write_deltalake(
        table,
        rows,
        mode="overwrite",
        predicate=predicate,
        writer_properties=WRITER,
        commit_properties=signed.properties(),
    )


def apply(
    table: DeltaTable,
    rows: pa.RecordBatchReader,
    key: Sequence[str],
    mark: str,
    marks: tuple[str, str],
    signed: Signed,
) -> None:
    """Put rows of one mark in the place of those of the same key, or beside the others, and take out those of another.

    One commit, also where there are no rows; files that have none of the keys are not rewritten.

    Args:
        table: what they go to.
        rows: the table's columns and the mark; of a key at most one.
        key: columns that tell a row from others.
        mark: column of the marks.
        marks: of rows that are put, and of rows that are taken out.
        signed: what the commit says of itself.
    """
    put, out = (f"new.{mark} = '{each}'" for each in marks)
    found = table.merge(
        rows.read_all(),
        " AND ".join(f"old.{name} = new.{name}" for name in key),
        source_alias="new",
        target_alias="old",
        writer_properties=WRITER,
        commit_properties=signed.properties(),
    )
    before = table.version()
    found = found.when_matched_update_all(predicate=put, except_cols=[mark]).when_matched_delete(predicate=out)
    found.when_not_matched_insert_all(predicate=put, except_cols=[mark]).execute()
    if table.version() == before:
        append(table, [], signed)


def restore(layer: Layer, table: str, version: int, signed: Signed) -> None:
    """Give a table the rows, columns and partitions of a version again, in a new one."""
    opened(layer, table).restore(version, commit_properties=signed.properties())
