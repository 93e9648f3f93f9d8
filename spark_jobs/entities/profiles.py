"""Profiles: the distinct things that records say of entities, each once, with its keys.

220 million records speak of a few million persons, mostly in words that were seen before. Records that say the same
collapse into one profile, and all that follows works on profiles.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.key_functions import key_columns

ROW_BITS = 25
SEQUENCE_BITS = 23


def profile_id(spec: EntitySpec) -> Column:
    """64 bits of what a record says of the entity: all attributes, absent and blank being the same."""
    return F.xxhash64(*(F.coalesce(F.col(a.name).cast("string"), F.lit("")) for a in spec.attributes))


def recency() -> Column:
    """When and where a record was said, as one number that orders records: business date, delivery, row.

    15 bits of days since 1970, 23 bits of delivery sequence, 25 bits of row number (greater ones count as the last).
    """
    days = F.coalesce(F.datediff(F.col("_business_date"), F.lit("1970-01-01").cast("date")), F.lit(0)).cast("bigint")
    row = F.least(F.coalesce(F.col("_row_number"), F.lit(0)), F.lit((1 << ROW_BITS) - 1)).cast("bigint")
    sequence = F.coalesce(F.col("_delivery_sequence"), F.lit(0)).cast("bigint")
    return F.shiftleft(days, SEQUENCE_BITS + ROW_BITS).bitwiseOR(F.shiftleft(sequence, ROW_BITS)).bitwiseOR(row)


def believed_class(spec: EntitySpec) -> Column:
    """Which of the feeds that the spec believes a record comes from: 1, 2, …; 0 for any other."""
    found = F.lit(0)
    for number, feed in enumerate(spec.believed, start=1):
        found = F.when(F.col("feed") == feed, F.lit(number)).otherwise(found)
    return found


def latest_columns(spec: EntitySpec) -> list[str]:
    """Columns that hold a profile's newest recency by class of feed."""
    return [f"latest_{number}" for number in range(len(spec.believed) + 1)]


def profiles_of(records: DataFrame, spec: EntitySpec) -> DataFrame:
    """One row per distinct content of records.

    Args:
        records: `profile_id`, the attributes, `feed`, `_business_date`, `_delivery_sequence`, `_row_number`.
        spec: the kind of entity.

    Returns:
        `profile_id`, the attributes, `records`, `first_sequence`, `first_date` and the newest recency by class of feed.
    """
    attributes = [attribute.name for attribute in spec.attributes]
    said = records.select(
        "profile_id",
        *attributes,
        "_delivery_sequence",
        "_business_date",
        recency().alias("_recency"),
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
    for name, expression in key_columns(spec):
        keyed = keyed.withColumn(name, expression)
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
    wanted |= {name for name in (spec.matching.one_value, spec.matching.between) if name}
    return sorted(wanted)
