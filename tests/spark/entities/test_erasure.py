"""Erasing an entity leaves no trace and old deliveries do not bring it back; a later delivery does."""

from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from pyspark.sql import functions as F

from expectations.entity_spec import load_entity
from spark_jobs.entities import state
from spark_jobs.entities.erase import erasing
from spark_jobs.entities.explain import lookup
from spark_jobs.entities.explain.chain import verify_chain
from spark_jobs.entities.explain.lookup import Row
from spark_jobs.entities.resolution import decisions
from spark_jobs.entities.resolution.outcome import ResolveOutcome
from spark_jobs.lake.engine.workbench import Workbench
from tests.spark.entities.deliveries import Key, Mentions

SPEC = load_entity("person").model_copy(update={"entity": "erased"})


@dataclass(frozen=True)
class Story:
    """An entity was erased: what it was, what the act came to, and the resolution after it."""

    entity_id: str
    others: int
    profiles: list[Row]
    records: list[str]
    done: erasing.Erasure
    idle: ResolveOutcome


@pytest.fixture(scope="module")
def mentions(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    return Mentions(bench, tmp_path_factory.mktemp("erased"), 300, 12)


@pytest.fixture(scope="module")
def story(bench: Workbench, mentions: Mentions) -> Story:
    mentions.resolve(SPEC, mentions.deliveries)
    with lookup.opened(SPEC) as at:
        rows = at.rows(f"SELECT {SPEC.id_column} AS id FROM {{}} ORDER BY profiles DESC, id")
        erased, other = (str(row["id"]) for row in rows[:2])
        profiles = at.of_entity(erased)
        neighbour = at.of_entity(other)[0]["profile_id"]
    ids = [row["profile_id"] for row in profiles]
    said = state.read(bench, SPEC, "_record").where(F.col("profile_id").isin(*ids)).collect()
    decisions.decide(bench, SPEC, "cannot-link", ids[0], neighbour, "两个人", "steward")
    done = erasing.erase(
        lambda: nullcontext(bench),
        SPEC,
        erased,
        "requested",
        lambda *_: mentions.resolve(SPEC, mentions.deliveries),
    )
    idle = mentions.resolve(SPEC, mentions.deliveries)
    return Story(erased, len(rows) - 1, profiles, sorted(row["role"] for row in said), done, idle)


def test_erasing_leaves_no_trace(story: Story) -> None:
    assert story.done.profiles == len(story.profiles)
    assert story.done.records == len(story.records)
    assert story.done.proof.values > 0
    assert story.done.proof.found == ()
    assert story.done.purged.decisions == 1


def test_the_chain_of_events_holds_over_an_erasure(story: Story) -> None:
    assert story
    assert verify_chain(SPEC) == []


def test_nobody_else_is_touched(story: Story) -> None:
    with lookup.opened(SPEC) as at:
        assert at.of_entity(story.entity_id) == []
        assert at.rows("SELECT count(*) AS n FROM {}")[0]["n"] == story.others


def test_an_old_delivery_does_not_bring_it_back(story: Story) -> None:
    assert not story.idle.changed


def test_a_later_delivery_is_a_new_beginning(bench: Workbench, mentions: Mentions, story: Story) -> None:
    kept = mentions.rows
    newer = (
        kept.where(F.col("record_id").isin(*story.records))
        .withColumn("delivery_sequence", F.lit(100_000).cast("bigint"))
        .withColumn("delivery", F.lit("later"))
    )
    feeds: list[Key] = [(row["feed"], "later") for row in newer.select("feed").distinct().collect()]
    mentions.rows = kept.unionByName(newer)
    try:
        mentions.resolve(SPEC, [*mentions.deliveries, *feeds])
    finally:
        mentions.rows = kept
    ids = {row["profile_id"] for row in story.profiles}
    there = state.read(bench, SPEC, "_profile").join(state.read(bench, SPEC, "_member"), "node_id")
    back = there.where(F.col("profile_id").isin(*ids)).collect()
    assert {row["profile_id"] for row in back} == ids
    assert len({row[SPEC.id_column] for row in back}) == 1
    assert verify_chain(SPEC) == []


def test_an_edited_event_is_found_out(bench: Workbench, story: Story) -> None:
    """Last, as it spoils the log."""
    assert story
    rows = state.read(bench, SPEC, "_event")
    edited = rows.withColumn(
        "records", F.when(F.col("event") == "created", F.col("records") + 1).otherwise(F.col("records"))
    )
    note = state.last_note(SPEC)
    assert note is not None
    state.save(bench, edited, SPEC, "_event", "overwrite", "forged")
    forged = state.Note(**{**note.__dict__, "versions": state.versions(SPEC)})
    last = state.read(bench, SPEC, "_record").limit(1).withColumn("_row_number", F.lit(-1).cast("bigint"))
    state.save(bench, last, SPEC, "_record", "append", forged.text())
    assert any("edited" in problem for problem in verify_chain(SPEC))
