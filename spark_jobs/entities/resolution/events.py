"""What happened to entities between two resolutions, as events of an append-only, hash-chained log.

`created`, `split`, `changed` carry the profiles that the entity has from then on; `merged` and `retired` end an id. So
the last event of each id up to a moment gives the state at that moment.
"""

import hashlib
from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec

HASHED = ("revision", "event", "entity_id", "other_id", "records")


def entity_events(before: DataFrame | None, after: DataFrame, spec: EntitySpec) -> DataFrame:
    """Events of one resolution: `event`, `entity_id`, `other_id`, `profiles`, `records`.

    Args:
        before: entities that the resolution touched, as they were: `entity_id`, `profiles` (sorted array), `records`,
            `content` (hash of the golden values); None where there were none.
        after: the same entities as they are, with `first_sequence` order given by `oldest_profile_id`.
        spec: the kind of entity.
    """
    if before is None:
        return after.select(
            F.lit("created").alias("event"), "entity_id", _no_id().alias("other_id"), "profiles", "records"
        )
    both = before.alias("b").join(after.alias("a"), on="entity_id", how="inner")
    is_changed = "b.profiles <> a.profiles or b.content <> a.content or b.records <> a.records"
    changed = both.where(is_changed).select(
        F.lit("changed").alias("event"), "entity_id", _no_id().alias("other_id"), "a.profiles", "a.records"
    )
    return changed.unionByName(_begun(before, after)).unionByName(_ended(before, after))


def _no_id() -> Column:
    return F.lit(None).cast("string")


def _begun(before: DataFrame, after: DataFrame) -> DataFrame:
    """Ids that are new: split off from an id that lives on, or created."""
    new = after.join(before.select("entity_id"), on="entity_id", how="left_anti")
    living = before.join(after.select("entity_id"), on="entity_id", how="left_semi")
    owner = living.select(F.col("entity_id").alias("other_id"), F.explode("profiles").alias("profile_id"))
    came_from = (
        new.select("entity_id", F.explode("profiles").alias("profile_id"))
        .join(owner, on="profile_id", how="inner")
        .groupBy("entity_id")
        .agg(F.min("other_id").alias("other_id"))
    )
    event = F.when(F.col("other_id").isNotNull(), "split").otherwise("created").alias("event")
    return new.join(came_from, on="entity_id", how="left").select(event, "entity_id", "other_id", "profiles", "records")


def _ended(before: DataFrame, after: DataFrame) -> DataFrame:
    """Ids that are no more: merged into the entity that has most of their profiles, or retired."""
    old = before.join(after.select("entity_id"), on="entity_id", how="left_anti")
    owner = after.select(F.col("entity_id").alias("other_id"), F.explode("profiles").alias("profile_id"))
    went_to = (
        old.select("entity_id", F.explode("profiles").alias("profile_id"))
        .join(owner, on="profile_id", how="inner")
        .groupBy("entity_id", "other_id")
        .count()
        .groupBy("entity_id")
        .agg(F.max(F.concat(F.lpad(F.col("count").cast("string"), 20, "0"), "other_id")).alias("most"))
        .select("entity_id", F.expr("substring(most, 21)").alias("other_id"))
    )
    event = F.when(F.col("other_id").isNotNull(), "merged").otherwise("retired").alias("event")
    nothing = F.array().cast("array<bigint>").alias("profiles")
    return old.join(went_to, on="entity_id", how="left").select(
        event, "entity_id", "other_id", nothing, F.lit(0).cast("bigint").alias("records")
    )


def stamped(told: DataFrame, spec: EntitySpec, revision: int, at: datetime) -> DataFrame:
    """Events as the log keeps them, each with the hash of what it says."""
    numbered = told.withColumn("revision", F.lit(revision).cast("bigint"))
    said = [F.coalesce(F.col(name).cast("string"), F.lit("")) for name in HASHED]
    digest = F.sha2(F.concat_ws("|", *said, F.array_join(F.col("profiles").cast("array<string>"), ",")), 256)
    return numbered.select(
        "revision",
        F.lit(at).cast("timestamp").alias("at"),
        "event",
        F.col("entity_id").alias(spec.id_column),
        "other_id",
        "profiles",
        "records",
        digest.alias("event_hash"),
    )


def digest_of(logged: DataFrame, previous: str) -> str:
    """The chain's next link: a hash of the one before and of all event hashes in their order.

    Removing, adding or editing an event changes it; the hash of an event stays when erasure empties the event.
    """
    bucket = F.substring("event_hash", 1, 2)
    parts = (
        logged.groupBy(bucket.alias("bucket"))
        .agg(F.sha2(F.array_join(F.sort_array(F.collect_list("event_hash")), ""), 256).alias("digest"))
        .orderBy("bucket")
        .collect()
    )
    return hashlib.sha256("".join([previous, *(row["digest"] for row in parts)]).encode()).hexdigest()


def new_aliases(told: DataFrame) -> DataFrame:
    """Retired ids of one resolution and the ids that stand for them."""
    return told.where("event = 'merged'").select(
        F.col("entity_id").alias("retired_id"), F.col("other_id").alias("surviving_id")
    )


def aliases(known: DataFrame, told: DataFrame, revision: int) -> DataFrame:
    """Every retired id with the id that stands for it today; an id that is in use again is no alias."""
    fresh = new_aliases(told).withColumn("revision", F.lit(revision).cast("bigint"))
    moves = fresh.select(F.col("retired_id").alias("surviving_id"), F.col("surviving_id").alias("newer_id"))
    carried = known.join(moves, on="surviving_id", how="left").select(
        "retired_id", F.coalesce("newer_id", "surviving_id").alias("surviving_id"), "revision"
    )
    begun = told.where("event in ('created', 'split')").select(F.col("entity_id").alias("retired_id"))
    ended = told.where("event = 'retired'").select(F.col("entity_id").alias("surviving_id"))
    kept = carried.join(begun, on="retired_id", how="left_anti").join(ended, on="surviving_id", how="left_anti")
    return kept.join(fresh.select("retired_id"), on="retired_id", how="left_anti").unionByName(fresh)
