"""Increments equal a batch, whatever the cut; nothing depends on what happened to the lake in between."""

import random

import pytest
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs import upkeep
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import delta_commits, tables
from tests.spark.entities.deliveries import Key, Mentions, content, ids_of_records, person_as


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


class Increments:
    """Resolutions of the same deliveries, cut up in different ways; each made once, by whoever asks first."""

    def __init__(self, mentions: Mentions) -> None:
        self.mentions = mentions
        self.made: dict[tuple[int, int], EntitySpec] = {}

    def spec(self, parts: int, seed: int) -> EntitySpec:
        """The entity that was resolved in so many increments."""
        if (parts, seed) not in self.made:
            spec = person_as(f"cut_{parts}")
            delivered: list[Key] = []
            for increment in cut(self.mentions.deliveries, parts, seed):
                delivered += increment
                self.mentions.resolve(spec, delivered)
            self.made[parts, seed] = spec
        return self.made[parts, seed]


@pytest.fixture(scope="module")
def increments(mentions: Mentions) -> Increments:
    return Increments(mentions)


@pytest.mark.parametrize(("parts", "seed"), [(2, 1), (4, 3)])
def test_any_cut_in_any_order_comes_to_the_same(
    bench: Workbench, increments: Increments, batch: EntitySpec, parts: int, seed: int
) -> None:
    spec = increments.spec(parts, seed)
    found = content(bench, spec)
    assert all(found.values())
    assert found == content(bench, batch)
    assert ids_of_records(bench, spec) == ids_of_records(bench, batch)


def test_doing_it_again_changes_nothing(mentions: Mentions, batch: EntitySpec) -> None:
    before = state.versions(batch)
    outcome = mentions.resolve(batch, mentions.deliveries)
    assert not outcome.changed
    assert state.versions(batch) == before


def test_resolving_anew_gives_the_same_ids(bench: Workbench, mentions: Mentions, batch: EntitySpec) -> None:
    before = content(bench, batch)
    outcome = mentions.resolve(batch, mentions.deliveries, full=True)
    assert outcome.changed
    assert outcome.events == {}
    assert content(bench, batch) == before


def test_the_log_of_events_replays_to_the_state(bench: Workbench, increments: Increments) -> None:
    spec = increments.spec(4, 3)
    kinds = {row["event"] for row in state.read(bench, spec, "_event").select("event").distinct().collect()}
    assert kinds >= {"created", "merged"}
    last = F.max_by(F.struct("event", "profiles"), "revision")
    logged = state.read(bench, spec, "_event").groupBy(spec.id_column).agg(last.alias("last")).collect()
    replayed = {row[0]: set(row["last"]["profiles"]) for row in logged if row["last"]["profiles"]}
    profiles = state.read(bench, spec, "_profile").join(state.read(bench, spec, "_member"), "node_id")
    now: dict[str, set[int]] = {}
    for row in profiles.select("profile_id", spec.id_column).distinct().collect():
        now.setdefault(row[1], set()).add(row[0])
    assert now
    assert replayed == now


def test_who_loses_the_right_to_resolve_writes_no_more_and_what_was_written_is_taken_back(
    bench: Workbench, mentions: Mentions, batch: EntitySpec
) -> None:
    spec = person_as("interrupted")
    mentions.resolve(spec, mentions.deliveries[::2])
    noted = tables.version("entities", "interrupted_resolution")

    def check() -> None:
        if tables.version("entities", "interrupted_resolution") > noted:
            raise LakeError("this process lost the right to resolve", "nothing")

    with pytest.raises(LakeError, match="lost the right"):
        mentions.resolve(spec, mentions.deliveries, check=check)
    assert tables.version("entities", "interrupted_edge") > 1
    mentions.resolve(spec, mentions.deliveries)
    assert content(bench, spec) == content(bench, batch)


def test_an_interrupted_one_is_taken_back_however_late(
    bench: Workbench, mentions: Mentions, batch: EntitySpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upkeep removes what nobody needs for a week, and not what the last complete resolution left."""
    spec = person_as("late")
    state.create_tables(spec)
    for table in (settings().home / "lake" / "entities").iterdir():
        at_once = {"delta.deletedFileRetentionDuration": "interval 0 seconds"}
        delta_commits.set_properties("entities", table.name, at_once)
    mentions.resolve(spec, mentions.deliveries[::2])
    noted = tables.version("entities", "late_event")

    def check() -> None:
        if tables.version("entities", "late_event") > noted:
            raise LakeError("this process lost the right to resolve", "nothing")

    with pytest.raises(LakeError, match="lost the right"):
        mentions.resolve(spec, mentions.deliveries, check=check)
    monkeypatch.setattr(upkeep, "KEEP_HOURS", 0)
    monkeypatch.setattr(upkeep, "load_entities", lambda: [spec])
    done = list(upkeep.run("vacuum"))
    assert "entities.late_member: 0 files removed" in done
    mentions.resolve(spec, mentions.deliveries)
    assert content(bench, spec) == content(bench, batch)
    assert "entities.late_member: 0 files removed" not in list(upkeep.run("vacuum"))
