"""Bring a batch into silver and quarantine, each in one commit, whatever of it is there already."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
from deltalake.transaction import AddAction
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.arrow_types import arrow_schema
from spark_jobs.lake.storage.batch_commits import WITHDRAWN, TableState, look, marker
from spark_jobs.lake.storage.data_files import bring_in
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR
from spark_jobs.refine import quarantine
from spark_jobs.refine.history import VALIDITY, shared_keys, silver_columns, with_validity

REWRITE_ROWS = 2_000_000
"""A silver table of up to so many rows is written anew: a merge would rewrite its few files too, in more steps."""
UNSORTED_ROWS = 100_000
"""From so many rows on it pays to look first which keys have several rows, and to sort those rows alone."""
_BROADCAST_KEYS = 500_000
"""So many shared keys go to every core; where there are more, all rows are sorted."""
_PLACE = ("_delivery_id", "_row_number")
"""What tells a row of silver from all others."""
_DELTA_KINDS = {"bigint": "long", "array<string>": "array"}


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
        delta_commits.create(layer, contract.table, _schema(layer, contract), REFINED_LOOKED_FOR)
        state = look(layer, contract.table)
    assert state is not None  # noqa: S101  it was made
    return state


def _schema(layer: Layer, contract: FeedContract) -> pa.Schema:
    return arrow_schema(silver_columns(contract)) if layer == "silver" else quarantine.SCHEMA


def pending(state: TableState, batch: Batch) -> Batch:
    """What of a batch the table does not hold by this fingerprint."""
    done = {name for name in batch.deliveries if state.holds(name, batch.fingerprint)}
    return replace(batch, deliveries=batch.deliveries - done)


def write_quarantine(bench: Workbench, rows: DataFrame, count: int, batch: Batch, state: TableState) -> None:
    """Put the batch's rejected rows in the place of those that its deliveries have there."""
    replaced = _present(bench, "quarantine", batch, state)
    if count or replaced:
        _append(bench, rows, count, "quarantine", batch, replaced)


def write_silver(bench: Workbench, rows: DataFrame, count: int, batch: Batch, state: TableState) -> None:
    """Put the batch's accepted rows in the place of those that its deliveries have there, with everyone's validity."""
    replaced = _present(bench, "silver", batch, state)
    if not count and not replaced:
        return
    if not _fits(state, batch.contract):
        _rewrite(bench, rows, batch, replaced, count + state.rows)
    elif batch.contract.write.mode == "append" or (not replaced and _is_apart(state, batch)):
        _append(bench, _with_validity(rows, batch.contract, count), count, "silver", batch, replaced)
    elif state.rows <= REWRITE_ROWS:
        _rewrite(bench, rows, batch, replaced, count + state.rows)
    else:
        _merge(bench, rows, batch, replaced)


def _present(bench: Workbench, layer: Layer, batch: Batch, state: TableState) -> list[str]:
    """Deliveries that the batch writes or withdraws and that have rows in the table."""
    asked = sorted(name for name in batch.deliveries | batch.withdrawn if state.may_have(name))
    if not asked or not state.rows:
        return []
    rows = bench.read(layer, batch.contract.table, deliveries=asked)
    return sorted(row[0] for row in rows.select("_delivery_id").distinct().collect())


def _is_apart(state: TableState, batch: Batch) -> bool:
    """No row that is in the table changes its validity by this batch."""
    write = batch.contract.write
    by_date = write.mode == "snapshot" and write.scope == "business_date"
    return not state.rows or (by_date and not state.may_hold(batch.business_dates))


def _fits(state: TableState, contract: FeedContract) -> bool:
    """The table has the columns that the contract has now."""
    wanted = {name: _DELTA_KINDS.get(kind, kind) for name, kind in silver_columns(contract).items()}
    return list(wanted.items()) == list(state.columns.items())


def _append(
    bench: Workbench, rows: DataFrame, count: int, layer: Layer, batch: Batch, replaced: Collection[str]
) -> None:
    bench.staging.stage(_in_few_files(rows, count), layer)
    table = delta_commits.opened(layer, batch.contract.table)
    if replaced:
        names = ", ".join(f"'{name}'" for name in sorted(batch.deliveries | batch.withdrawn))
        staged = bench.staging.batches(layer, _schema(layer, batch.contract))
        delta_commits.replace(table, staged, f"_delivery_id in ({names})", batch.signed)
    else:
        delta_commits.append(table, _brought_in(bench, layer, layer, batch), batch.signed)


def _in_few_files(rows: DataFrame, count: int) -> DataFrame:
    """Few rows in one file: each reader opens every file of the table."""
    return rows.coalesce(1) if count < UNSORTED_ROWS else rows


def _brought_in(bench: Workbench, name: str, layer: Layer, batch: Batch) -> list[AddAction]:
    return [file.as_added() for file in bring_in(bench.staging, name, layer, batch.contract.table, REFINED_LOOKED_FOR)]


def _kept(bench: Workbench, batch: Batch, replaced: Collection[str]) -> DataFrame:
    """Rows of silver that the batch does not replace, in the contract's columns of today."""
    old = bench.read("silver", batch.contract.table)
    present = set(old.columns)
    kept = old.where(~F.col("_delivery_id").isin(*replaced)) if replaced else old
    return kept.select(
        *(
            (F.col(name) if name in present else F.lit(None)).try_cast(kind).alias(name)
            for name, kind in silver_columns(batch.contract).items()
        )
    )


def _with_validity(rows: DataFrame, contract: FeedContract, count: int) -> DataFrame:
    """The rows with their validity, many of them without sorting all."""
    if contract.write.mode != "merge" or count < UNSORTED_ROWS:
        return with_validity(rows, contract)
    shared = shared_keys(rows, contract).localCheckpoint()
    return with_validity(rows, contract, shared if shared.count() <= _BROADCAST_KEYS else None)


def _rewrite(bench: Workbench, rows: DataFrame, batch: Batch, replaced: Collection[str], count: int) -> None:
    kept = _kept(bench, batch, replaced).drop(*VALIDITY)
    whole = _with_validity(kept.unionByName(rows), batch.contract, count)
    table = delta_commits.opened("silver", batch.contract.table)
    bench.staging.stage(_in_few_files(whole, count), "silver")
    files = _brought_in(bench, "silver", "silver", batch)
    delta_commits.overwrite(table, files, _schema("silver", batch.contract), batch.signed)


def _merge(bench: Workbench, rows: DataFrame, batch: Batch, replaced: Collection[str]) -> None:
    """MERGE of the new rows, of old rows whose validity changes, and of old rows that go."""
    table = delta_commits.opened("silver", batch.contract.table)
    bench.staging.stage(_changes(bench, rows, batch, replaced), "changes")
    schema = _schema("silver", batch.contract).append(pa.field("_is_gone", pa.bool_()))
    delta_commits.merge(table, bench.staging.batches("changes", schema), _PLACE, "_is_gone", batch.signed)


def _changes(bench: Workbench, rows: DataFrame, batch: Batch, replaced: Collection[str]) -> DataFrame:
    contract = batch.contract
    place = list(_PLACE)
    kept = _kept(bench, batch, replaced)
    gone = bench.read("silver", contract.table, deliveries=sorted(replaced))
    scope = _scope(contract)
    touched = rows.select(*scope).union(gone.select(*scope)).distinct() if replaced else rows.select(*scope).distinct()
    related = kept.alias("held")
    if scope:
        same = [F.col(f"held.{name}").eqNullSafe(F.col(f"touched.{name}")) for name in scope]
        related = related.join(touched.alias("touched"), on=same, how="left_semi")
    before = related.select(*place, F.struct(*VALIDITY).alias("_before"))
    after = with_validity(related.drop(*VALIDITY).unionByName(rows), contract)
    compared = after.join(before, on=place, how="left")
    changed = compared.where(~F.struct(*VALIDITY).eqNullSafe(F.col("_before"))).drop("_before")
    upserts = changed.withColumn("_is_gone", F.lit(False))
    if not replaced:
        return upserts
    leaving = gone.join(rows.select(*place), on=place, how="left_anti").withColumn("_is_gone", F.lit(True))
    return upserts.unionByName(leaving)


def _scope(contract: FeedContract) -> list[str]:
    """Columns whose values are shared by the rows that decide each other's validity."""
    if contract.write.mode == "merge":
        return list(contract.write.key)
    return ["_business_date"] if contract.write.scope == "business_date" else []
