"""Which row of a key is the current one, and from when to when each row held.

All accepted rows stay in silver, repeated keys included; validity says which of them survives. It follows from the rows
alone, never from the order in which they arrived, so late and corrected deliveries take their right place.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract, Write
from spark_jobs.lake.silver.parts import KEY, PLACE, STORED

PROVENANCE = {
    "_delivery_id": "string",
    "_row_number": "bigint",
    "_business_date": "date",
    "_delivery_sequence": "bigint",
    "_warnings": "array<string>",
    "_notes": "array<string>",
    "_rescued": "string",
}
"""Columns of silver after the contract's own. `_warnings`: breach codes that did not stop the row. `_notes`: what was
mended, as `column:code`."""
VALIDITY = {"_valid_from": "timestamp", "_valid_to": "timestamp", "_is_current": "boolean"}
"""Last columns of silver. A row holds from `_valid_from` (inclusive) to `_valid_to` (exclusive), null while it holds.
A row that withdraws its key holds for no time and is not current."""
_ARRIVAL = ("_business_date", "_delivery_sequence", "_row_number")
_WINDOWS = 64
"""Into so many the rows of a merge are parted. With one for each of 0.9 million keys, 4.4 million rows took Sail 5.5
CPU-seconds, now 2.1."""
UNSORTED_ROWS = 100_000
"""From so many rows on it pays to look first which keys have several rows, and to sort those rows alone."""


def are_many(rows: int) -> bool:
    """So many rows are not sorted whole."""
    return rows >= UNSORTED_ROWS


def silver_columns(contract: FeedContract) -> dict[str, str]:
    """Every column of the feed's silver table with its Spark type, in order."""
    return {column.name: column.domain.spark for column in contract.columns} | PROVENANCE | VALIDITY


def stored_columns(contract: FeedContract) -> dict[str, str]:
    """The same with what readers do not see, see `lake.silver.parts`."""
    return silver_columns(contract) | STORED


def key_hash(contract: FeedContract) -> Column:
    """The hash of a row's key as silver stores it, equal on all engines; null where rows have no key."""
    return hash_of(contract.write.key) if contract.write.key else F.lit(None).cast("bigint")


def hash_of(names: Sequence[str]) -> Column:
    """The hash of some columns' values, equal on all engines."""
    # xxhash64 passes over nulls: without a word about each, (a, null) and (null, a) would be one key.
    texts = [F.col(name).cast("string") for name in names]
    return F.xxhash64(*(part for text in texts for part in (text, text.isNull().cast("int"))))


def silver_rows(screened: DataFrame, contract: FeedContract) -> DataFrame:
    """The accepted rows of a screened frame with PROVENANCE, still without validity."""
    accepted = screened.where(F.col("_rejects") == "")
    warned = F.array_distinct(F.transform(_items("_warns"), lambda item: F.substring_index(item, ":", -1)))
    warned = warned.cast("array<string>")
    nothing = F.array().cast("array<string>")
    return accepted.select(
        *(column.name for column in contract.columns),
        *("_delivery_id", "_row_number", "_business_date", "_delivery_sequence"),
        F.when(F.col("_warns") == "", nothing).otherwise(warned).alias("_warnings"),
        F.when(F.col("_noted") == "", nothing).otherwise(_items("_noted")).alias("_notes"),
        "_rescued",
    )


def shared_keys(rows: DataFrame, contract: FeedContract) -> DataFrame:
    """The keys that several rows of a merge have, for `Shared`."""
    return rows.groupBy(key_hash(contract).alias(KEY)).count().where(F.col("count") > 1).select(KEY)


class Shared(NamedTuple):
    """The keys that several rows of a merge have."""

    keys: DataFrame
    """Each as a hash in the one column `_key`."""
    are_few: bool
    """What they lead to may go to every core."""


def with_validity(rows: DataFrame, contract: FeedContract, shared: Shared | None = None) -> DataFrame:
    """The rows with VALIDITY, computed anew.

    Args:
        rows: silver rows; of each key (or snapshot scope) that occurs, all rows.
        contract: the feed's contract.
        shared: of these rows, so that only rows of these keys are sorted, and by numbers alone.
    """
    bare = rows.select(*(name for name in silver_columns(contract) if name not in VALIDITY))
    match contract.write.mode:
        case "append":
            marked = _alone(bare, _at_business_date())
        case "merge":
            marked = _newest_of_key(bare, contract, shared)
        case "snapshot":
            marked = _newest_delivery(bare, contract.write)
    return marked.select(*(F.col(name).cast(kind) for name, kind in silver_columns(contract).items()))


def in_turn(rows: DataFrame, contract: FeedContract) -> DataFrame:
    """Rows of a merge with their hash, and of each hash all: VALIDITY, and `_ended_by`, the cause's delivery."""
    # One window for many keys, which asks whether the next row has the same.
    of_many = Window.partitionBy(F.pmod(F.col(KEY), F.lit(_WINDOWS))).orderBy(KEY, *_turn(contract))
    goes_on = F.lead(KEY).over(of_many) == F.col(KEY)
    return _without_withdrawn(_ended_by_next(rows, contract, of_many, goes_on), contract.write)


def of_a_snapshot(rows: DataFrame, contract: FeedContract) -> DataFrame:
    """Rows of snapshots with VALIDITY as if no other delivery ended theirs."""
    return _last_of_key(rows.withColumn("_valid_to", F.lit(None).cast("timestamp")), contract.write)


def _alone(rows: DataFrame, since: Column) -> DataFrame:
    """Rows that no other row ends."""
    end = F.lit(None).cast("timestamp")
    return rows.withColumns({"_valid_from": since, "_valid_to": end, "_is_current": F.lit(True)})


def _items(name: str) -> Column:
    return F.split(F.col(name), " ").cast("array<string>")


def _at_business_date() -> Column:
    return F.col("_business_date").cast("timestamp")


def _newest_of_key(rows: DataFrame, contract: FeedContract, shared: Shared | None) -> DataFrame:
    """A merge: a row holds until the next one of its key; null is a key value like any other."""
    if shared is None:
        of_key = Window.partitionBy(*contract.write.key).orderBy(*_turn(contract))
        return _without_withdrawn(_ended_by_next(rows, contract, of_key, F.lit(True)), contract.write)
    needed = [*turned_by(contract), key_hash(contract).alias(KEY)]
    several = rows.select(*needed).join(shared.keys, KEY, how="left_semi")
    return with_ends(rows, in_turn(several, contract), contract, shared.are_few)


def turned_by(contract: FeedContract) -> list[str]:
    """Columns of the rows of a merge that say, with their hash, which of a key holds until when."""
    marks = [contract.write.delete_mark.column] if contract.write.delete_mark else []
    return list(dict.fromkeys([*PLACE, "_business_date", *contract.write.order, *marks]))


def with_ends(rows: DataFrame, turned: DataFrame, contract: FeedContract, are_few: bool = False) -> DataFrame:
    """Rows of a merge with `_valid_from`, `_valid_to`, `_is_current`.

    Args:
        rows: of the merge.
        turned: by `in_turn`, those of them that are not alone with their key.
        contract: of the feed.
        are_few: `turned` may go to every core.
    """
    over = turned.where(~F.col("_is_current"))
    # Sail keeps the left side in memory, or the one that it takes for smaller, by guesses that are wrong here: of what
    # is exploded it knows no size, and leaves it on the left.
    place = F.explode(F.array("_row_number")).alias("_row_number")
    ended = over.select("_delivery_sequence", place, "_valid_to", "_is_current")
    ended = F.broadcast(ended) if are_few else ended
    held = ended.join(rows.withColumn("_valid_from", _since(contract)), list(PLACE), how="right")
    marked = held.withColumn("_is_current", F.coalesce(F.col("_is_current"), F.lit(True)))
    return _without_withdrawn(marked, contract.write)


def _without_withdrawn(marked: DataFrame, write: Write) -> DataFrame:
    if write.delete_mark is None:
        return marked
    withdrawn = F.coalesce(F.col(write.delete_mark.column).cast("string").isin(*write.delete_mark.values), F.lit(False))
    ended = F.when(F.col("_is_current") & withdrawn, F.col("_valid_from")).otherwise(F.col("_valid_to"))
    return marked.withColumns({"_valid_to": ended, "_is_current": F.col("_is_current") & ~withdrawn})


def _turn(contract: FeedContract) -> list[Column]:
    return [F.col(name).asc_nulls_first() for name in (*contract.write.order, *_ARRIVAL)]


def _ended_by_next(rows: DataFrame, contract: FeedContract, turn: WindowSpec, goes_on: Column) -> DataFrame:
    """Rows with VALIDITY and `_ended_by`: each holds until the next of its turn, where that goes on."""
    ended_by = F.when(goes_on, F.lead("_delivery_sequence").over(turn))
    until = F.when(goes_on, F.lead("_valid_from").over(turn))
    dated = rows.withColumn("_valid_from", _since(contract))
    return dated.withColumns({"_valid_to": until, "_is_current": until.isNull(), "_ended_by": ended_by})


def _since(contract: FeedContract) -> Column:
    """The first order column where it is a time, else the business date."""
    first = next(iter(contract.write.order), None)
    if first and contract.column(first).domain.spark in {"date", "timestamp"}:
        return F.coalesce(F.col(first).cast("timestamp"), _at_business_date())
    return _at_business_date()


def _newest_delivery(rows: DataFrame, write: Write) -> DataFrame:
    """A snapshot: a delivery holds until the next one of its scope; in it, the last row of a key."""
    scope = ["_business_date"] if write.scope == "business_date" else []
    in_order = Window.partitionBy(*scope).orderBy("_business_date", "_delivery_sequence")
    deliveries = rows.select("_delivery_id", "_business_date", "_delivery_sequence").distinct()
    next_date = F.lead("_business_date").over(in_order).cast("timestamp")
    spans = deliveries.select("_delivery_id", next_date.alias("_valid_to"))
    return _last_of_key(rows.join(F.broadcast(spans), "_delivery_id", how="left"), write)


def _last_of_key(rows: DataFrame, write: Write) -> DataFrame:
    """In a delivery that holds until `_valid_to`, the last row of a key holds; without a key all do."""
    marked = rows.withColumn("_valid_from", _at_business_date())
    if not write.key:
        return marked.withColumn("_is_current", F.col("_valid_to").isNull())
    in_delivery = Window.partitionBy("_delivery_id", *write.key).orderBy("_row_number")
    marked = marked.withColumn("_is_last", F.lead("_row_number").over(in_delivery).isNull())
    ended = F.when(F.col("_is_last"), F.col("_valid_to")).otherwise(F.col("_valid_from"))
    return marked.withColumns({"_is_current": F.col("_is_last") & F.col("_valid_to").isNull(), "_valid_to": ended})
