"""What is taken back leaves no trace: withdrawn deliveries, and stewards' decisions that were undone."""

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities import state
from spark_jobs.entities.resolution import decisions
from tests.spark.entities.deliveries import Mentions, content, ids_of_records, person_as

pytestmark = pytest.mark.usefixtures("interpreted")


def test_a_withdrawn_delivery_was_never_there(spark: SparkSession, mentions: Mentions) -> None:
    kept = mentions.deliveries[: len(mentions.deliveries) * 2 // 3]
    with_all, never = person_as("withdrawn"), person_as("never")
    mentions.resolve(with_all, mentions.deliveries)
    mentions.resolve(with_all, kept)
    mentions.resolve(never, kept)
    assert content(spark, with_all) == content(spark, never)
    assert ids_of_records(spark, with_all) == ids_of_records(spark, never)


def test_stewards_decisions_survive_and_can_be_undone(spark: SparkSession, mentions: Mentions) -> None:
    spec = person_as("decided")
    half = mentions.deliveries[::2]
    mentions.resolve(spec, half)
    golden = state.read(spark, spec, "").orderBy(F.desc("profiles"), spec.id_column).limit(2).collect()
    one, other = (row["oldest_profile_id"] for row in golden)
    made = decisions.decide(spark, spec, "must-link", one, other, "同一人，两个号码", "steward")
    mentions.resolve(spec, half)
    assert _entity_of(spark, spec, one) == _entity_of(spark, spec, other)
    # No record came, and yet it is complete: nothing of it is taken back.
    assert state.undo_interrupted(spark, spec, state.last_note(spec)) == []
    mentions.resolve(spec, mentions.deliveries, full=True)
    assert _entity_of(spark, spec, one) == _entity_of(spark, spec, other)
    decisions.undo(spark, spec, made, "steward")
    mentions.resolve(spec, mentions.deliveries)
    assert _entity_of(spark, spec, one) != _entity_of(spark, spec, other)


def _entity_of(spark: SparkSession, spec: EntitySpec, profile: int) -> str:
    profiles = state.read(spark, spec, "_profile").where(F.col("profile_id") == profile).select("node_id").distinct()
    return str(profiles.join(state.read(spark, spec, "_member"), "node_id").collect()[0][spec.id_column])
