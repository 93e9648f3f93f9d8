"""Profiles: the distinct things that records say of entities, each once, with its keys.

220 million records speak of a few million persons, mostly in words that were seen before. Records that say the same
collapse into one profile, and all that follows works on profiles.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.keys.functions import key_batches
from spark_jobs.entities.state import latest_columns

DAY_BITS, SEQUENCE_BITS, FEED_BITS, ROW_BITS = 15, 23, 10, 15
"""A recency: days since 1970, delivery sequence, number of the feed, row, from the highest bit down; 63 bits."""


def profile_id(spec: EntitySpec) -> Column:
    """64 bits of what a record says of the entity: all attributes, absent and blank being the same."""
    return F.xxhash64(*(F.coalesce(F.col(a.name).cast("string"), F.lit("")) for a in spec.attributes))


def recency(feed_number: Column) -> Column:
    """When and where a record was said, as one number that orders records and leads back to the delivery.

    Rows beyond the 15 bits of a row count as the last; within one delivery the value then decides.

    Args:
        feed_number: the feed's number in the resolution's list of feeds, below 1024.
    """
    days = F.datediff(F.col("_business_date"), F.lit("1970-01-01").cast("date"))
    parts = (
        (F.greatest(F.coalesce(days, F.lit(0)), F.lit(0)), DAY_BITS),
        (F.coalesce(F.col("_delivery_sequence"), F.lit(0)), SEQUENCE_BITS),
        (feed_number, FEED_BITS),
        (F.coalesce(F.col("_row_number"), F.lit(0)), ROW_BITS),
    )
    found: Column = F.lit(0).cast("bigint")
    for part, bits in parts:
        capped = F.least(part.cast("bigint"), F.lit((1 << bits) - 1).cast("bigint"))
        found = F.shiftleft(found, bits).bitwiseOR(capped)
    return found


def believed_class(spec: EntitySpec) -> Column:
    """Which of the feeds that the spec believes a record comes from: 1, 2, …; 0 for any other."""
    found = F.lit(0)
    for number, feed in enumerate(spec.believed, start=1):
        found = F.when(F.col("feed") == feed, F.lit(number)).otherwise(found)
    return found


def profiles_of(records: DataFrame, spec: EntitySpec) -> DataFrame:
    """One row per distinct content of records.

    Args:
        records: `profile_id`, the attributes, `feed`, `_business_date`, `_delivery_sequence`, `_row_number`, and
            `_feed_number` where it matters which feed a value came from.
        spec: the kind of entity.

    Returns:
        `profile_id`, the attributes, `records`, `first_sequence`, `first_date` and the newest recency by class of feed.
    """
    attributes = [attribute.name for attribute in spec.attributes]
    number = F.col("_feed_number") if "_feed_number" in records.columns else F.lit(0)
    said = records.select(
        "profile_id",
        *attributes,
        "_delivery_sequence",
        "_business_date",
        recency(number).alias("_recency"),
        believed_class(spec).alias("_class"),
    )
    latest = [
        F.max(F.when(F.col("_class") == number, F.col("_recency"))).alias(name)
        for number, name in enumerate(latest_columns(spec))
    ]
    return said.groupBy("profile_id", *attributes).agg(
        F.count("*").alias("records"),
        F.min("_delivery_sequence").alias("first_sequence"),
        F.min("_business_date").alias("first_date"),
        *latest,
    )


def with_keys(profiles: DataFrame, spec: EntitySpec) -> DataFrame:
    """Add the spec's keys, and `node_id`: profiles that are certainly the same share one node.

    What the spec calls `same` (a valid number and the written name, say) makes the node; other profiles are nodes of
    their own.
    """
    keyed = profiles
    for batch in key_batches(spec):
        keyed = keyed.withColumns(batch)
    node = F.col("profile_id")
    if spec.matching.same:
        complete = F.lit(True)
        for name in spec.matching.same:
            complete = complete & F.col(name).isNotNull()
        node = F.when(complete, F.xxhash64(*spec.matching.same)).otherwise(node)
    return keyed.withColumn("node_id", node)


def pair_columns(spec: EntitySpec) -> list[str]:
    """Columns of a keyed profile that comparing pairs reads."""
    wanted = {*spec.matching.compared_columns}
    wanted |= {name for name in (spec.matching.decisive, spec.matching.between) if name}
    return sorted(wanted)
