"""What happened to entities between two resolutions: events to append, and aliases of retired ids."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.records import RECORD_KEY

EVENT_COLUMNS = "event_id string, event string, entity_id string, other_id string, records bigint, resolution string"
ALIAS_COLUMNS = "retired_id string, surviving_id string"


def changes(before: DataFrame, after: DataFrame, spec: EntitySpec) -> DataFrame:
    """How many records went from one id to another: `before_id`, `after_id`, `records`, `holds_oldest`.

    Either id is null where a record is new, unresolved or gone. `holds_oldest` marks the row with the record that the
    id before was minted from: the id lives on where that record went.
    """
    old = before.select(*RECORD_KEY, F.col(spec.id_column).alias("before_id"), _order().alias("age"))
    new = after.select(*RECORD_KEY, F.col(spec.id_column).alias("after_id"))
    pairs = (
        old.join(new, on=list(RECORD_KEY), how="full_outer")
        .groupBy("before_id", "after_id")
        .agg(F.count("*").alias("records"), F.min("age").alias("age"))
    )
    oldest = pairs.where("before_id is not null").groupBy("before_id").agg(F.min("age").alias("oldest_age"))
    return (
        pairs.where("before_id is not null or after_id is not null")
        .join(oldest, on="before_id", how="left")
        .select(
            "before_id",
            "after_id",
            "records",
            F.coalesce(F.expr("age = oldest_age"), F.lit(False)).alias("holds_oldest"),
        )
    )


def events(moves: DataFrame, resolution: str) -> DataFrame:
    """The events of one resolution: created, merged, split, retired.

    Args:
        moves: what `changes` gives.
        resolution: the marker of the resolution, which makes event ids distinct between resolutions.
    """
    known_before = moves.select("before_id").where("before_id is not null").distinct()
    known_after = moves.select("after_id").where("after_id is not null").distinct()
    gone = known_before.join(known_after, F.expr("before_id = after_id"), how="left_anti").withColumn(
        "is_gone", F.lit(True)
    )
    made = known_after.join(known_before, F.expr("before_id = after_id"), how="left_anti").withColumn(
        "is_made", F.lit(True)
    )
    marked = moves.join(gone, on="before_id", how="left").join(made, on="after_id", how="left")
    happened = (
        F.when(F.expr("is_gone and holds_oldest and after_id is not null"), F.lit("merged"))
        .when(F.expr("is_gone and holds_oldest"), F.lit("retired"))
        .when(F.expr("is_made and before_id is null"), F.lit("created"))
        .when(F.expr("is_made and not coalesce(is_gone, false)"), F.lit("split"))
    )
    listed = marked.withColumn("event", happened).where("event is not null")
    subject = F.when(F.expr("event in ('merged', 'retired')"), F.col("before_id")).otherwise(F.col("after_id"))
    other = F.when(F.expr("event = 'merged'"), F.col("after_id")).when(F.expr("event = 'split'"), F.col("before_id"))
    told = listed.select("event", subject.alias("entity_id"), other.alias("other_id"), "records")
    event_id = F.sha2(F.concat_ws("|", F.lit(resolution), "event", "entity_id", F.coalesce("other_id", F.lit(""))), 256)
    return (
        told.withColumn("event_id", event_id)
        .withColumn("resolution", F.lit(resolution))
        .select("event_id", "event", "entity_id", "other_id", "records", "resolution")
    )


def aliases(known: DataFrame, moves: DataFrame, current: DataFrame, spec: EntitySpec) -> DataFrame:
    """Every retired id and the id that stands for it today; an id that is in use again is no alias.

    Args:
        known: the aliases so far.
        moves: what `changes` gives.
        current: the entities of today.
        spec: the kind of entity.
    """
    ids = current.select(F.col(spec.id_column).alias("id"))
    heirs = moves.where("before_id is not null and after_id is not null and before_id <> after_id and holds_oldest")
    heirs = heirs.select("before_id", "after_id").join(ids, F.expr("before_id = id"), how="left_anti")
    moved_on = known.join(heirs, F.expr("surviving_id = before_id"), how="left").select(
        "retired_id", F.coalesce("after_id", "surviving_id").alias("surviving_id")
    )
    fresh = heirs.select(F.col("before_id").alias("retired_id"), F.col("after_id").alias("surviving_id"))
    return moved_on.join(ids, F.expr("retired_id = id"), how="left_anti").unionByName(fresh).distinct()


def _order() -> Column:
    return F.struct("_delivery_sequence", "record_hash")
