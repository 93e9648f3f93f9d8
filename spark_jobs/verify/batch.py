"""The rows that verify looks at: those of the deliveries that are not yet published.

Of the rest of the table it needs who holds the same keys now: that is asked of their hashes.
"""

from collections.abc import Callable, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.render.suites import CURRENT_ROWS_WITH_KEY
from spark_jobs.lake.silver.frames import of_keys, state
from spark_jobs.lake.silver.parts import ENDING, KEY, NEEDED, PART, PLACE, is_in_parts

_READ = tuple(name for name in NEEDED if name != "_is_current")


def needed_columns(contract_key: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Columns of silver as it is stored that `rows_to_check` reads, where there are such."""
    return list(dict.fromkeys([*columns, *contract_key, "_delivery_id", *NEEDED, KEY]))


def rows_to_check(
    stored: DataFrame,
    delivery_ids: Sequence[str],
    key: Sequence[str],
    columns: Sequence[str],
    keep: Callable[[DataFrame], DataFrame],
) -> DataFrame:
    """Rows of these deliveries, each current one with the number of current rows in the table of its key.

    A row that is not current has null there; without a key all have.

    Args:
        stored: silver at one version, as it is stored.
        delivery_ids: the deliveries in the batch.
        key: columns that tell records apart; nulls are equal to each other.
        columns: what to keep besides the count.
        keep: computes rows once, whatever follows.
    """
    if not is_in_parts(stored.columns):
        return batch_rows(stored, delivery_ids, key, columns)
    batch = stored.where(F.col("_delivery_id").isin(list(delivery_ids)) & (F.col(PART) != ENDING))
    if not key:
        return batch.select(*columns, F.lit(None).cast("bigint").alias(CURRENT_ROWS_WITH_KEY))
    keys = F.broadcast(batch.select(KEY).distinct())
    related = keep(of_keys(stored.select(KEY, *_READ), keys))
    current = state(related, beside=(KEY,)).where("_is_current").select(*PLACE, KEY)
    counted = current.groupBy(KEY).agg(F.count("*").alias(CURRENT_ROWS_WITH_KEY))
    held = current.join(F.broadcast(counted), KEY, "inner").select(*PLACE, CURRENT_ROWS_WITH_KEY)
    wanted = batch.select(*dict.fromkeys([*columns, *PLACE]))
    return wanted.join(held, list(PLACE), "left").select(*columns, CURRENT_ROWS_WITH_KEY)


def batch_rows(
    silver: DataFrame, delivery_ids: Sequence[str], key: Sequence[str], columns: Sequence[str] = ()
) -> DataFrame:
    """Silver rows of these deliveries, each current one with the number of current rows in the table of its key.

    For a table whose rows say themselves whether they are current.

    Args:
        silver: the whole table at one version.
        delivery_ids: the deliveries in the batch.
        key: columns that tell records apart; nulls are equal to each other.
        columns: what to keep besides the count; all columns by default.
    """
    batch = silver.where(F.col("_delivery_id").isin(list(delivery_ids)))
    kept = [F.col(f"batch.{name}") for name in columns or batch.columns]
    if not key:
        return batch.alias("batch").select(*kept, F.lit(None).cast("bigint").alias(CURRENT_ROWS_WITH_KEY))
    current = silver.where("_is_current")
    keys_of_batch = batch.where("_is_current").select(*key).distinct()
    counted = (
        current.select(*key)
        .alias("batch")
        .join(keys_of_batch.alias("other"), on=_same(key), how="left_semi")
        .groupBy(*key)
        .agg(F.count("*").alias(CURRENT_ROWS_WITH_KEY))
    )
    joined = batch.alias("batch").join(counted.alias("other"), on=F.col("batch._is_current") & _same(key), how="left")
    return joined.select(*kept, F.col(f"other.{CURRENT_ROWS_WITH_KEY}"))


def _same(key: Sequence[str]) -> Column:
    same = F.lit(True)
    for name in key:
        same = same & F.col(f"batch.{name}").eqNullSafe(F.col(f"other.{name}"))
    return same
