"""Commits of delta-rs to a Delta table, each with its marker and the transactions of its deliveries."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
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


def create(layer: Layer, table: str, schema: pa.Schema, looked_for: Iterable[str]) -> None:
    """Make an empty table that every reader of the lake can read; nothing happens if it is there.

    Args:
        layer: the layer it belongs to.
        table: its name in the layer.
        schema: its columns.
        looked_for: columns whose least and greatest values its log may hold.
    """
    kept = {name: value for name, value in DELTA_TABLE_PROPERTIES.items() if name not in _PROTOCOL}
    DeltaTable.create(
        table_uri(layer, table),
        schema=schema,
        mode="ignore",
        configuration=kept | statistics(looked_for) | _TRACKED,
        raise_if_key_not_exists=False,
        storage_options=storage_options(),
    )


def tracks_transactions(table: DeltaTable) -> bool:
    """A delivery that has no transaction has no rows; not so in tables that the lake server made."""
    return bool(_TRACKED.items() <= table.metadata().configuration.items())


def opened(layer: Layer, table: str) -> DeltaTable:
    """The newest version of a table."""
    return DeltaTable(table_uri(layer, table), storage_options=storage_options())


def append(table: DeltaTable, files: list[AddAction], signed: Signed) -> None:
    """Make files that are in the table's folder part of it."""
    table.create_write_transaction(files, "append", table.schema(), commit_properties=signed.properties())


def overwrite(table: DeltaTable, files: list[AddAction], schema: pa.Schema, signed: Signed) -> None:
    """Make files that are in the table's folder all that it holds, with these columns."""
    table.create_write_transaction(files, "overwrite", schema, commit_properties=signed.properties())


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


def merge(table: DeltaTable, changes: pa.RecordBatchReader, place: Iterable[str], gone: str, signed: Signed) -> None:
    """Update, insert and delete rows by their place.

    Args:
        table: the table.
        changes: rows with the table's columns and `gone`.
        place: columns that tell a row apart.
        gone: name of a column of `changes` that is true where the row is to be deleted.
        signed: what the commit says.
    """
    columns = {f"`{each.name}`": f"change.`{each.name}`" for each in table.schema().fields}
    (
        table.merge(
            changes,
            predicate=" AND ".join(f"held.{name} = change.{name}" for name in place),
            source_alias="change",
            target_alias="held",
            writer_properties=WRITER,
            commit_properties=signed.properties(),
        )
        .when_matched_delete(predicate=f"change.{gone}")
        .when_matched_update(columns)
        .when_not_matched_insert(columns)
        .execute()
    )
