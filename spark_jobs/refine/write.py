"""Bring a batch into silver and quarantine, each in one commit, whatever of it is there already."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
from deltalake.transaction import AddAction
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.silver.frames import rows_alone
from spark_jobs.lake.silver.parts import ENDING, KEY, PART, PAST, PLACE, ROW
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow_types import arrow_schema
from spark_jobs.lake.storage.batch_commits import WITHDRAWN, TableState, look, marker
from spark_jobs.lake.storage.data_files import bring_in
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.table_log import SETTLED
from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR
from spark_jobs.refine import quarantine, snapshots
from spark_jobs.refine.endings import BROADCAST_KEYS, columns_looked_at, of_merge
from spark_jobs.refine.history import (
    VALIDITY,
    Shared,
    are_many,
    key_hash,
    of_a_snapshot,
    shared_keys,
    silver_columns,
    stored_columns,
    with_validity,
)

RULE = "lake.validity"
"""Property of a silver table: the rule by which its endings were found."""
STAGED = "endings"
"""Where endings are staged, in the folder of their partition."""
_ENDINGS = arrow_schema(
    dict.fromkeys((*PLACE, KEY), "bigint") | {"_valid_to": "timestamp", "_ended_by": "bigint", "_serial": "bigint"}
)


@dataclass(frozen=True)
class Batch:
    """Deliveries of one feed that are written together."""

    contract: FeedContract
    fingerprint: str
    deliveries: frozenset[str]
    business_dates: frozenset[date]
    withdrawn: frozenset[str] = frozenset()
    """Deliveries whose rows go, because newer versions of theirs are in the batch."""

    @property
    def marker(self) -> str:
        """The text that the batch's commits carry."""
        return marker(self.deliveries, self.fingerprint, self.withdrawn)

    @property
    def signed(self) -> delta_commits.Signed:
        """What the batch's commits say of themselves."""
        gone = dict.fromkeys(self.withdrawn, WITHDRAWN)
        return delta_commits.Signed(self.marker, gone | dict.fromkeys(self.deliveries, self.fingerprint))


def state_of(layer: Layer, contract: FeedContract) -> TableState:
    """The state of the feed's table, which is made where there is none."""
    state = look(layer, contract.table)
    if state is None:
        parts = (PART,) if layer == "silver" else ()
        rule = {RULE: validity_rule(contract)} if layer == "silver" else {}
        delta_commits.create(layer, contract.table, _schema(layer, contract), REFINED_LOOKED_FOR, parts, rule)
        state = look(layer, contract.table)
    assert state is not None  # noqa: S101  it was made
    return state


def _schema(layer: Layer, contract: FeedContract) -> pa.Schema:
    return arrow_schema(stored_columns(contract)) if layer == "silver" else quarantine.SCHEMA


def validity_rule(contract: FeedContract) -> str:
    """What the validity of a feed's rows follows from, as text."""
    kinds = {name: contract.column(name).domain.spark for name in contract.write.key}
    return json.dumps({"write": contract.write.model_dump(mode="json"), "key": kinds}, sort_keys=True)


def pending(state: TableState, batch: Batch) -> Batch:
    """What of a batch the table does not hold by this fingerprint."""
    done = {name for name in batch.deliveries if state.holds(name, batch.fingerprint)}
    return replace(batch, deliveries=batch.deliveries - done)


def write_quarantine(bench: Workbench, rows: DataFrame, count: int, batch: Batch, state: TableState) -> None:
    """Put the batch's rejected rows in the place of those that its deliveries have there."""
    replaced = _present(bench, "quarantine", batch, state)
    if not count and not replaced:
        return
    bench.staging.stage(_in_few_files(rows, count), "quarantine")
    table = delta_commits.opened("quarantine", batch.contract.table)
    if replaced:
        staged = bench.staging.batches("quarantine", quarantine.SCHEMA)
        delta_commits.replace(table, staged, _of_deliveries(batch), batch.signed)
    else:
        delta_commits.append(table, _brought_in(bench, "quarantine", batch.contract, "quarantine"), batch.signed)


def write_silver(bench: Workbench, rows: DataFrame, count: int, batch: Batch, state: TableState) -> None:
    """Put the batch's accepted rows in the place of those that its deliveries have there, with everyone's validity."""
    replaced = _present(bench, "silver", batch, state)
    if not count and not replaced:
        return
    contract = batch.contract
    bench.staging.clear("silver", STAGED)
    if not _fits(state, contract):
        _rewrite(bench, rows, batch, replaced, count + state.rows)
        return
    if added := [name for name in stored_columns(contract) if name not in state.columns]:
        delta_commits.add_columns("silver", contract.table, _only(_schema("silver", contract), added))
        state = state_of("silver", contract)
    # Each refine of the feed finds a greater version, so that of two endings of a row the later one is told.
    new = _with_endings(bench, rows, count, batch, state, replaced, serial := state.version + 1)
    if new is None:
        _rewrite(bench, rows, batch, replaced, count + state.rows)
    else:
        _stage_silver(bench, _in_few_files(new, count), contract)
        _append(bench, batch, replaced, serial)


def withdraw(bench: Workbench, contract: FeedContract, deliveries: Collection[str], fingerprint: str) -> int | None:
    """Take deliveries out of silver: the rows that they ended hold again, as if these had never come.

    Doing it again changes nothing. Nobody else may refine the feed meanwhile.

    Args:
        bench: of the engine that does it.
        contract: of the feed.
        deliveries: whose rows go.
        fingerprint: of contract and code.

    Returns:
        A version without them; None where no version ever had rows of them.
    """
    state = look("silver", contract.table)
    if state is None or not any(state.may_have(name) for name in deliveries):
        return None
    columns = [f"{name} {kind}" for name, kind in silver_columns(contract).items() if name not in VALIDITY]
    nothing = bench.spark.createDataFrame([], ", ".join(columns))
    batch = Batch(contract, fingerprint, frozenset(), frozenset(), frozenset(deliveries))
    write_silver(bench, nothing, 0, batch, state)
    return tables.version("silver", contract.table)


def _with_endings(
    bench: Workbench,
    rows: DataFrame,
    count: int,
    batch: Batch,
    state: TableState,
    replaced: Mapping[str, int],
    serial: int,
) -> DataFrame | None:
    """New rows with their validity, endings being staged; None where silver must be written anew."""
    contract, gone = batch.contract, replaced.values()
    if contract.write.mode == "append" or (not replaced and _is_apart(state, batch)):
        return _with_validity(rows, contract, count)
    if contract.write.mode == "snapshot":
        return _with_endings_of_snapshots(bench, rows, contract, gone, serial)
    columns = columns_looked_at(contract)
    stored = bench.read("silver", contract.table, columns=columns, as_stored=True).select(*columns)
    changed = of_merge(rows, count, stored, gone, contract)
    if changed is None:
        return None
    endings = changed.endings.withColumn("_serial", F.lit(serial).cast("bigint"))
    bench.staging.stage(endings.coalesce(1) if count < BROADCAST_KEYS else endings, STAGED, PART)
    return changed.rows


def _with_endings_of_snapshots(
    bench: Workbench, rows: DataFrame, contract: FeedContract, gone: Collection[int], serial: int
) -> DataFrame | None:
    """A snapshot ends deliveries as a whole: one ending each."""
    columns = snapshots.COLUMNS
    stored = bench.read("silver", contract.table, columns=columns, as_stored=True).select(*columns)
    kept = stored.where(~F.col("_delivery_sequence").isin(*gone)) if gone else stored
    found = snapshots.endings(
        kept, rows.select("_delivery_sequence", "_business_date").distinct(), contract.write.scope
    )
    if found is None:
        return None
    documents = [
        {"_delivery_sequence": sequence, "_valid_to": until, "_ended_by": cause, "_serial": serial}
        for sequence, until, cause in found
    ]
    bench.staging.write(pa.Table.from_pylist(documents, schema=_ENDINGS), f"{STAGED}/{PART}={ENDING}", to_stage=True)
    return of_a_snapshot(rows, contract).select(*silver_columns(contract))


def _present(bench: Workbench, layer: Layer, batch: Batch, state: TableState) -> dict[str, int]:
    """Deliveries that the batch writes or withdraws and that have rows in the table, with their sequence."""
    asked = sorted(name for name in batch.deliveries | batch.withdrawn if state.may_have(name))
    if not asked or not state.rows:
        return {}
    columns = ["_delivery_id", *(["_delivery_sequence"] if layer == "silver" else [])]
    rows = bench.read(layer, batch.contract.table, deliveries=asked, columns=columns, as_stored=True)
    found = rows.select(*columns).distinct().collect()
    return {row[0]: row[1] if layer == "silver" else 0 for row in found}


def _is_apart(state: TableState, batch: Batch) -> bool:
    """No row that is in the table changes its validity by this batch."""
    write = batch.contract.write
    by_date = write.mode == "snapshot" and write.scope == "business_date"
    return not state.rows or (by_date and not state.may_hold(batch.business_dates))


def _fits(state: TableState, contract: FeedContract) -> bool:
    """The table has no columns but those of the contract, in parts, and its endings follow from the same rule."""
    # What Delta calls them; of arrays and structs its log is asked for no more than that they are such.
    kinds = {name: kind.partition("<")[0] for name, kind in stored_columns(contract).items()}
    wanted = {name: "long" if kind == "bigint" else kind for name, kind in kinds.items()}
    is_same_rule = state.log.metadata().configuration.get(RULE) == validity_rule(contract)
    return is_same_rule and PART in state.columns and state.columns.items() <= wanted.items()


def _only(schema: pa.Schema, names: Collection[str]) -> pa.Schema:
    return pa.schema([field for field in schema if field.name in names])


def _append(bench: Workbench, batch: Batch, replaced: Mapping[str, int], serial: int) -> None:
    table = delta_commits.opened("silver", batch.contract.table)
    if not replaced:
        files = [*_brought_in(bench, "silver", batch.contract), *_brought_in(bench, STAGED, batch.contract)]
        delta_commits.append(table, files, batch.signed)
        return
    schema = _schema("silver", batch.contract)
    staged = [bench.staging.batches(name, schema, PART) for name in ("silver", STAGED)]
    rows = pa.RecordBatchReader.from_batches(schema, (each for reader in staged for each in reader))
    # With the rows go the endings of them; those that are written here are of rows that stay.
    gone = ", ".join(str(sequence) for sequence in sorted(replaced.values()))
    predicate = f"{_of_deliveries(batch)} OR _delivery_sequence IN ({gone}) OR _serial = {serial}"
    delta_commits.replace(table, rows, predicate, batch.signed)


def _of_deliveries(batch: Batch) -> str:
    names = ", ".join(f"'{name}'" for name in sorted(batch.deliveries | batch.withdrawn))
    return f"_delivery_id IN ({names})"


def _stage_silver(bench: Workbench, rows: DataFrame, contract: FeedContract) -> None:
    """Stage rows that have their validity as silver stores them."""
    stored = {
        KEY: key_hash(contract),
        "_ended_by": F.lit(None).cast("bigint"),
        "_serial": F.lit(None).cast("bigint"),
        PART: F.when(F.col("_is_current"), ROW).otherwise(PAST),
    }
    bench.staging.stage(rows.withColumns(stored).select(*stored_columns(contract)), "silver", PART)


def _in_few_files(rows: DataFrame, count: int) -> DataFrame:
    """Few rows in one file: each reader opens every file of the table."""
    return rows if are_many(count) else rows.coalesce(1)


def _brought_in(bench: Workbench, name: str, contract: FeedContract, layer: Layer = "silver") -> list[AddAction]:
    """What was staged under a name, in the folder of the feed's table, for a commit."""
    return [file.as_added() for file in bring_in(bench.staging, name, layer, contract.table, REFINED_LOOKED_FOR)]


def _kept(bench: Workbench, batch: Batch, replaced: Collection[str]) -> DataFrame:
    """Rows of silver that the batch does not replace, in the contract's columns of today."""
    old = rows_alone(bench.read("silver", batch.contract.table, as_stored=True))
    present = set(old.columns)
    kept = old.where(~F.col("_delivery_id").isin(*replaced)) if replaced else old
    return kept.select(
        *(
            (F.col(name) if name in present else F.lit(None)).try_cast(kind).alias(name)
            for name, kind in silver_columns(batch.contract).items()
            if name not in VALIDITY
        )
    )


def _with_validity(rows: DataFrame, contract: FeedContract, count: int) -> DataFrame:
    """The rows with their validity, many of them without sorting all."""
    if contract.write.mode != "merge" or not are_many(count):
        return with_validity(rows, contract)
    keys = shared_keys(rows, contract).localCheckpoint()
    return with_validity(rows, contract, Shared(keys, keys.count() <= BROADCAST_KEYS))


def _rewrite(bench: Workbench, rows: DataFrame, batch: Batch, replaced: Collection[str], count: int) -> None:
    """Write all of silver anew, in parts and by the contract of today."""
    contract = batch.contract
    new = rows.select(*(name for name in silver_columns(contract) if name not in VALIDITY))
    whole = _with_validity(_kept(bench, batch, replaced).unionByName(new), contract, count)
    _stage_silver(bench, _in_few_files(whole, count), contract)
    table, schema = delta_commits.opened("silver", contract.table), _schema("silver", contract)
    if PART in table.metadata().partition_columns:
        delta_commits.overwrite(table, _brought_in(bench, "silver", contract), schema, batch.signed)
    else:
        delta_commits.rebuild(table, bench.staging.batches("silver", schema, PART), (PART,), batch.signed)
    if table.metadata().configuration.get(RULE) != validity_rule(contract):
        _note_rule(contract)


def _note_rule(contract: FeedContract) -> None:
    delta_commits.set_properties("silver", contract.table, {RULE: validity_rule(contract)})


def bring_into_parts(bench: Workbench, contract: FeedContract) -> bool:
    """Write a silver table of before there were parts anew, row by row as it is; whether there was something to do.

    What was written by another contract is left to the next delivery, which writes it anew by that of today. Nobody
    else may refine the feed meanwhile.
    """
    state = look("silver", contract.table)
    if state is None or list(state.columns) != list(silver_columns(contract)):
        return False
    bench.staging.clear("silver")
    rows = bench.read("silver", contract.table, as_stored=True)
    _stage_silver(bench, _in_few_files(rows, state.rows), contract)
    staged = bench.staging.batches("silver", _schema("silver", contract), PART)
    delta_commits.rebuild(state.log, staged, (PART,), delta_commits.Signed(SETTLED))
    _note_rule(contract)
    return True
