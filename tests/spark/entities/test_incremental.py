"""Increments equal a batch, whatever the cut; nothing depends on what happened to the lake in between."""

import random

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.entities import decisions, state
from spark_jobs.lake import tables
from tests.spark.entities.deliveries import Key, Mentions, content, ids_of_records

pytestmark = pytest.mark.usefixtures("interpreted")


@pytest.fixture(scope="module")
def mentions(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    return Mentions(spark, tmp_path_factory.mktemp("mentions"), 600, 11)


def person_as(name: str) -> EntitySpec:
    """The spec of persons with tables of their own."""
    return load_entity("person").model_copy(update={"entity": name})


@pytest.fixture(scope="module")
def batch(mentions: Mentions) -> EntitySpec:
    """Everything delivered and resolved at once."""
    spec = person_as("batch")
    mentions.resolve(spec, mentions.deliveries)
    return spec


def cut(deliveries: list[Key], parts: int, seed: int) -> list[list[Key]]:
    """The deliveries in any order, in so many increments."""
    shuffled = random.Random(seed).sample(deliveries, len(deliveries))  # noqa: S311
    return [shuffled[number::parts] for number in range(parts)]


@pytest.mark.parametrize(("parts", "seed"), [(2, 1), (3, 2), (5, 3)])
def test_any_cut_in_any_order_comes_to_the_same(
    spark: SparkSession, mentions: Mentions, batch: EntitySpec, parts: int, seed: int
) -> None:
    spec = person_as(f"cut_{parts}")
    delivered: list[Key] = []
    for increment in cut(mentions.deliveries, parts, seed):
        delivered += increment
        mentions.resolve(spec, delivered)
    assert content(spark, spec) == content(spark, batch)
    assert ids_of_records(spark, spec) == ids_of_records(spark, batch)


def test_doing_it_again_changes_nothing(mentions: Mentions, batch: EntitySpec) -> None:
    before = state.versions(batch)
    outcome = mentions.resolve(batch, mentions.deliveries)
    assert not outcome.changed
    assert state.versions(batch) == before


def test_resolving_anew_gives_the_same_ids(spark: SparkSession, mentions: Mentions, batch: EntitySpec) -> None:
    before = content(spark, batch)
    outcome = mentions.resolve(batch, mentions.deliveries, full=True)
    assert outcome.changed
    assert outcome.events == {}
    assert content(spark, batch) == before


def test_a_withdrawn_delivery_was_never_there(spark: SparkSession, mentions: Mentions) -> None:
    kept = mentions.deliveries[: len(mentions.deliveries) * 2 // 3]
    with_all, never = person_as("withdrawn"), person_as("never")
    mentions.resolve(with_all, mentions.deliveries)
    mentions.resolve(with_all, kept)
    mentions.resolve(never, kept)
    assert content(spark, with_all) == content(spark, never)
    assert ids_of_records(spark, with_all) == ids_of_records(spark, never)


def test_the_log_of_events_replays_to_the_state(spark: SparkSession, mentions: Mentions, batch: EntitySpec) -> None:
    assert batch
    spec = person_as("cut_3")
    last = F.max_by(F.struct("event", "profiles"), "revision")
    logged = state.read(spark, spec, "_event").groupBy(spec.id_column).agg(last.alias("last")).collect()
    replayed = {row[0]: set(row["last"]["profiles"]) for row in logged if row["last"]["profiles"]}
    profiles = state.read(spark, spec, "_profile").join(state.read(spark, spec, "_member"), "node_id")
    now: dict[str, set[int]] = {}
    for row in profiles.select("profile_id", spec.id_column).distinct().collect():
        now.setdefault(row[1], set()).add(row[0])
    assert replayed == now


def test_an_interrupted_resolution_is_taken_back_and_repeated(
    spark: SparkSession, mentions: Mentions, batch: EntitySpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = person_as("interrupted")
    half = mentions.deliveries[::2]
    mentions.resolve(spec, half)
    with monkeypatch.context() as patch:
        patch.setattr("spark_jobs.entities.writing._write_records", _break)
        with pytest.raises(RuntimeError, match="pulled the plug"):
            mentions.resolve(spec, mentions.deliveries)
    assert tables.version("entities", "interrupted_edge") > 1
    mentions.resolve(spec, mentions.deliveries)
    assert content(spark, spec) == content(spark, batch)


def _break(*_: object) -> None:
    raise RuntimeError("pulled the plug")


def test_stewards_decisions_survive_and_can_be_undone(spark: SparkSession, mentions: Mentions) -> None:
    spec = person_as("decided")
    half = mentions.deliveries[::2]
    mentions.resolve(spec, half)
    golden = state.read(spark, spec, "").orderBy(F.desc("profiles"), spec.id_column).limit(2).collect()
    one, other = (row["oldest_profile_id"] for row in golden)
    made = decisions.decide(spark, spec, "must-link", one, other, "同一人，两个号码", "steward")
    mentions.resolve(spec, half)
    assert _entity_of(spark, spec, one) == _entity_of(spark, spec, other)
    mentions.resolve(spec, mentions.deliveries, full=True)
    assert _entity_of(spark, spec, one) == _entity_of(spark, spec, other)
    decisions.undo(spark, spec, made, "steward")
    mentions.resolve(spec, mentions.deliveries)
    assert _entity_of(spark, spec, one) != _entity_of(spark, spec, other)


def _entity_of(spark: SparkSession, spec: EntitySpec, profile: int) -> str:
    profiles = state.read(spark, spec, "_profile").where(F.col("profile_id") == profile).select("node_id").distinct()
    return str(profiles.join(state.read(spark, spec, "_member"), "node_id").collect()[0][spec.id_column])
