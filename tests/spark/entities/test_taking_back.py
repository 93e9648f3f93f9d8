"""What is taken back leaves no trace: withdrawn deliveries, and stewards' decisions that were undone."""

from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities import state
from spark_jobs.entities.resolution import decisions
from spark_jobs.lake.engine.workbench import Workbench
from tests.spark.entities.deliveries import Mentions, content, ids_of_records, person_as


def test_a_withdrawn_delivery_was_never_there(bench: Workbench, mentions: Mentions) -> None:
    kept = mentions.deliveries[: len(mentions.deliveries) * 2 // 3]
    with_all, never = person_as("withdrawn"), person_as("never")
    mentions.resolve(with_all, mentions.deliveries)
    mentions.resolve(with_all, kept)
    mentions.resolve(never, kept)
    assert content(bench, with_all) == content(bench, never)
    assert ids_of_records(bench, with_all) == ids_of_records(bench, never)


def test_stewards_decisions_survive_and_can_be_undone(bench: Workbench, mentions: Mentions) -> None:
    spec = person_as("decided")
    half = mentions.deliveries[::2]
    mentions.resolve(spec, half)
    golden = state.read(bench, spec, "").orderBy(F.desc("profiles"), spec.id_column).limit(2).collect()
    one, other = (row["oldest_profile_id"] for row in golden)
    made = decisions.decide(bench, spec, "must-link", one, other, "同一人，两个号码", "steward")
    mentions.resolve(spec, half)
    assert _entity_of(bench, spec, one) == _entity_of(bench, spec, other)
    # No record came, and yet it is complete: nothing of it is taken back.
    assert state.undo_interrupted(spec, state.last_note(spec)) == []
    mentions.resolve(spec, mentions.deliveries, full=True)
    assert _entity_of(bench, spec, one) == _entity_of(bench, spec, other)
    decisions.undo(bench, spec, made, "steward")
    mentions.resolve(spec, mentions.deliveries)
    assert _entity_of(bench, spec, one) != _entity_of(bench, spec, other)


def _entity_of(bench: Workbench, spec: EntitySpec, profile: int) -> str:
    profiles = state.read(bench, spec, "_profile").where(F.col("profile_id") == profile).select("node_id").distinct()
    return str(profiles.join(state.read(bench, spec, "_member"), "node_id").collect()[0][spec.id_column])
