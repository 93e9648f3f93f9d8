"""Bring a batch into silver and quarantine, each in one commit, whatever of it is there already."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.batch_commits import TableState, look, marker
from spark_jobs.lake.storage.paths import Layer, spark_table_uri
from spark_jobs.lake.storage.table_properties import statistics
from spark_jobs.refine import quarantine
from spark_jobs.refine.history import VALIDITY, shared_keys, silver_columns, with_validity

REWRITE_ROWS = 2_000_000
"""A silver table of up to so many rows is written anew: a MERGE would rewrite its few files too, in more steps."""
UNSORTED_ROWS = 100_000
"""From so many rows on it pays to look first which keys have several rows, and to sort those rows alone."""
_BROADCAST_KEYS = 500_000
"""So many shared keys go to every core; where there are more, all rows are sorted."""
_LOOKED_FOR = ("_delivery_id", "_row_number", "_business_date")
"""What refine looks for by file. Least and greatest values of the others cost a tenth of a write, and would put
personal values into the table's log."""
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


def state_of(spark: SparkSession, layer: Layer, contract: FeedContract) -> TableState:
    """The state of the feed's table, which is made where there is none.

    Raises:
        LakeError: the catalogue knows a table that storage no longer has.
    """
    state = look(layer, contract.table)
    if state is None:
        columns = ", ".join(f"`{name}` {kind}" for name, kind in silver_columns(contract).items())
        schema = columns if layer == "silver" else quarantine.SCHEMA
        tables.create(spark, layer, contract.table, schema, properties=statistics(_LOOKED_FOR))
        state = look(layer, contract.table)
    if state is None:
        raise LakeError(
            f"{layer}.{contract.table} is in the catalogue but not in storage",
            "start the lake server anew, so that it registers what is there: lake server down, then lake server up",
        )
    return state


def pending(state: TableState, batch: Batch) -> Batch:
    """What of a batch the table does not hold by this fingerprint."""
    done = {name for name, commit in state.committed.items() if commit.fingerprint == batch.fingerprint}
    return replace(batch, deliveries=batch.deliveries - done)


def write_quarantine(spark: SparkSession, rows: DataFrame, count: int, batch: Batch, state: TableState) -> None:
    """Put the batch's rejected rows in the place of those that its deliveries have there."""
    replaced = _present(spark, "quarantine", batch, state)
    if count or replaced:
        _append(rows, "quarantine", batch, replaced)


def write_silver(spark: SparkSession, rows: DataFrame, count: int, batch: Batch, state: TableState) -> None:
    """Put the batch's accepted rows in the place of those that its deliveries have there, with everyone's validity."""
    replaced = _present(spark, "silver", batch, state)
    if not count and not replaced:
        return
    if not _fits(state, batch.contract):
        _rewrite(spark, rows, batch, replaced, count + state.rows)
    elif batch.contract.write.mode == "append" or (not replaced and _is_apart(state, batch)):
        _append(_with_validity(rows, batch.contract, count), "silver", batch, replaced)
    elif state.rows <= REWRITE_ROWS:
        _rewrite(spark, rows, batch, replaced, count + state.rows)
    else:
        _merge(spark, rows, batch, replaced)


def _present(spark: SparkSession, layer: Layer, batch: Batch, state: TableState) -> list[str]:
    """Deliveries that the batch writes or withdraws and that have rows in the table."""
    concerned = batch.deliveries | batch.withdrawn
    asked = concerned if not state.is_whole_history else concerned & state.committed.keys()
    if not asked or not state.rows:
        return []
    rows = tables.read(spark, layer, batch.contract.table).where(F.col("_delivery_id").isin(*sorted(asked)))
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


def _append(rows: DataFrame, layer: Layer, batch: Batch, replaced: Collection[str]) -> None:
    writer = rows.write.format("delta").option("userMetadata", batch.marker)
    if replaced:
        names = ", ".join(f"'{name}'" for name in sorted(batch.deliveries | batch.withdrawn))
        writer = writer.mode("overwrite").option("replaceWhere", f"_delivery_id in ({names})")
    else:
        writer = writer.mode("append")
    writer.save(spark_table_uri(layer, batch.contract.table))


def _kept(spark: SparkSession, batch: Batch, replaced: Collection[str]) -> DataFrame:
    """Rows of silver that the batch does not replace, in the contract's columns of today."""
    old = tables.read(spark, "silver", batch.contract.table)
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


def _rewrite(spark: SparkSession, rows: DataFrame, batch: Batch, replaced: Collection[str], count: int) -> None:
    kept = _kept(spark, batch, replaced).drop(*VALIDITY)
    whole = _with_validity(kept.unionByName(rows), batch.contract, count)
    writer = whole.write.format("delta").mode("overwrite").option("userMetadata", batch.marker)
    writer.option("overwriteSchema", True).save(spark_table_uri("silver", batch.contract.table))


def _merge(spark: SparkSession, rows: DataFrame, batch: Batch, replaced: Collection[str]) -> None:
    """MERGE of the new rows, of old rows whose validity changes, and of old rows that go."""
    changes = _changes(spark, rows, batch, replaced)
    changes.createOrReplaceTempView("refine_changes")
    target = tables.path_identifier("silver", batch.contract.table)
    with tables.commit_marker(spark, batch.marker):
        spark.sql(
            f"""
            MERGE INTO {target} AS held USING refine_changes AS change
            ON held._delivery_id = change._delivery_id AND held._row_number = change._row_number
            WHEN MATCHED AND change._is_gone THEN DELETE
            WHEN MATCHED THEN UPDATE SET *
            WHEN NOT MATCHED THEN INSERT *
            """
        )
    spark.catalog.dropTempView("refine_changes")


def _changes(spark: SparkSession, rows: DataFrame, batch: Batch, replaced: Collection[str]) -> DataFrame:
    contract = batch.contract
    place = ["_delivery_id", "_row_number"]
    kept = _kept(spark, batch, replaced)
    gone = tables.read(spark, "silver", contract.table).where(F.col("_delivery_id").isin(*replaced))
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
