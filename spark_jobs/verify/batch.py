"""The rows that verify looks at: those of the deliveries that are not yet published."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.render.suites import CURRENT_ROWS_WITH_KEY


def batch_rows(
    silver: DataFrame, delivery_ids: Sequence[str], key: Sequence[str], columns: Sequence[str] = ()
) -> DataFrame:
    """Silver rows of these deliveries, each current one with the number of current rows in the table of its key.

    A row that is not current has null there. Without a key the column is null throughout.

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
