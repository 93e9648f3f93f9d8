"""What new rows do to the validity of those that silver holds, found by keys alone.

Whatever the order of arrival: of each key (or scope of snapshots) that is touched, validity is computed from all of its
rows, and what is other than it was becomes an ending.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from spark_jobs.lake.silver.frames import of_keys, state
from spark_jobs.lake.silver.parts import ENDING, KEY, PART, PAST, PLACE
from spark_jobs.refine.history import VALIDITY, are_many, in_turn, key_hash, silver_columns, turned_by, with_ends

BROADCAST_KEYS = 500_000
"""So many keys go to every core."""


class Changed(NamedTuple):
    """New rows with their validity, and what they end."""

    rows: DataFrame
    endings: DataFrame
    """Endings as silver stores them, but for `_serial`."""


def columns_looked_at(contract: FeedContract) -> list[str]:
    """Columns of silver as it is stored that say what new rows of a merge do to older ones."""
    return list(dict.fromkeys([*turned_by(contract), KEY, "_valid_to", "_serial", PART]))


def of_merge(
    rows: DataFrame, count: int, stored: DataFrame, gone: Collection[int], contract: FeedContract
) -> Changed | None:
    """What new rows of a merge, and that others go, does; None where a row that is over would have to hold again.

    Rows in the partition of those that are over hold for nobody who asks for current rows, so that silver must be
    written anew then.

    Args:
        rows: that are new.
        count: how many.
        stored: silver as it is stored, `columns_looked_at`.
        gone: sequences of the deliveries whose rows go.
        contract: of the feed.
    """
    new = rows.withColumn(KEY, key_hash(contract))
    keys = new.select(KEY)
    if gone:
        goes = F.col("_delivery_sequence").isin(*gone)
        keys = keys.union(stored.where(goes & (F.col(PART) != ENDING)).select(KEY))
        stored = stored.where(~goes)
    distinct = keys.distinct()
    found = of_keys(stored, F.broadcast(distinct) if count < BROADCAST_KEYS else distinct).localCheckpoint()
    held = state(found, beside=(KEY, PART))
    marked = (_turned(new, held, contract) if are_many(count) else _all_turned(new, held, contract)).localCheckpoint()
    endings = marked.where(F.col("_is_held") & ~F.col("_valid_to").eqNullSafe(F.col("_before")))
    if endings.where(F.col("_valid_to").isNull() & (F.col(PART) == PAST)).limit(1).count():
        return None
    narrow = endings.select(*PLACE, KEY, "_valid_to", "_ended_by", F.lit(ENDING).alias(PART))
    ours = marked.where(~F.col("_is_held"))
    whole = with_ends(rows, ours, contract) if are_many(count) else ours
    return Changed(whole.select(*silver_columns(contract)), narrow)


def _all_turned(new: DataFrame, held: DataFrame, contract: FeedContract) -> DataFrame:
    """All rows of the keys in question, whole."""
    kinds = {name: kind for name, kind in silver_columns(contract).items() if name not in VALIDITY}
    return in_turn(_flagged(new, kinds).unionByName(_flagged(held, kinds)), contract)


def _turned(new: DataFrame, held: DataFrame, contract: FeedContract) -> DataFrame:
    """Of the rows of the keys in question what their turn follows from, but for new rows that are alone with theirs."""
    kinds = {name: silver_columns(contract)[name] for name in turned_by(contract)}
    rows = _flagged(new, kinds).unionByName(_flagged(held, kinds))
    of_key = rows.groupBy(KEY).agg(F.count("*").alias("rows"), F.max(F.col("_is_held").cast("int")).alias("held"))
    # A row of silver that is alone may have lost what ended it.
    several = of_key.where("rows > 1 or held = 1").select(KEY).localCheckpoint()
    return in_turn(rows.join(several, KEY, how="left_semi"), contract)


def _flagged(rows: DataFrame, kinds: Mapping[str, str]) -> DataFrame:
    """Rows of silver and new ones in the same columns, of these types; a row of silver has what it was until now."""
    present = set(rows.columns)
    is_held = PART in present

    def column(name: str, kind: str) -> Column:
        return (F.col(name) if name in present else F.lit(None)).cast(kind).alias(name)

    before = F.col("_valid_to") if is_held else F.lit(None).cast("timestamp")
    return rows.select(
        *(column(name, kind) for name, kind in kinds.items()),
        column(KEY, "bigint"),
        column(PART, "string"),
        before.alias("_before"),
        F.lit(is_held).alias("_is_held"),
    )
