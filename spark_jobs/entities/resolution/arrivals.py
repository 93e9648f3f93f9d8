"""Which deliveries an entity's records have changed in since the last resolution, and the records themselves."""

from dataclasses import dataclass
from functools import reduce

import pyarrow.dataset as ds
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.entity_spec import EntitySpec
from spark_jobs.entities import state
from spark_jobs.entities.input.records import records_of_feed
from spark_jobs.entities.match.profiles import profile_id
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.silver.frames import rows_alone
from spark_jobs.lake.storage import batch_commits
from spark_jobs.lake.storage.arrow import dataset

_FEW = 100
"""Deliveries that are named to the engine one by one."""
Fingerprints = dict[tuple[str, str], str]
"""(feed, delivery id) -> what tells its content from another."""


@dataclass(frozen=True)
class Arrivals:
    """Deliveries that are new, gone, or other than they were; one that is other is in both lists.

    Args:
        now: all deliveries as published.
        added: those whose records must be read.
        removed: those whose records must be taken back.
    """

    now: Fingerprints
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]


def feeds_of(spec: EntitySpec, versions: dict[str, int]) -> list[FeedContract]:
    """Feeds that mention the entity and have a published version, by id."""
    return [feed for feed in load_feeds() if feed.table in versions and spec.mentions_of(feed)]


def compare(before: Fingerprints, now: Fingerprints) -> Arrivals:
    """What changed between two states of all deliveries."""
    added = sorted(key for key, content in now.items() if before.get(key) != content)
    removed = sorted(key for key, content in before.items() if now.get(key) != content)
    return Arrivals(now, tuple(added), tuple(removed))


def known_deliveries(spec: EntitySpec, note: state.Note | None) -> Fingerprints:
    """The deliveries that a complete resolution, the one of the note, knew, with their fingerprints."""
    if note is None:
        return {}
    columns = ("feed", "_delivery_id", "fingerprint")
    batches = state.batches(spec, "_delivery", columns, note.versions["_delivery"])
    return {(row["feed"], row["_delivery_id"]): row["fingerprint"] for batch in batches for row in batch.to_pylist()}


def published_deliveries(
    bench: Workbench, spec: EntitySpec, versions: dict[str, int], before: Fingerprints
) -> Fingerprints:
    """Every delivery in the published versions of the feeds that mention the entity, with its fingerprint."""
    found: Fingerprints = {}
    for feed in feeds_of(spec, versions):
        found |= _by_commits(feed, versions[feed.table], before) or _by_rows(bench, feed, versions[feed.table])
    return found


def mentions_changed(spec: EntitySpec, versions: dict[str, int], before: Fingerprints) -> int | None:
    """How many mentions those deliveries have that came or changed since; None where they are many, or no log tells.

    Args:
        spec: the kind of entity.
        versions: silver table -> the version that verify published.
        before: the deliveries as they were.
    """
    total = 0
    for feed in feeds_of(spec, versions):
        now = _by_commits(feed, versions[feed.table], before)
        if now is None:
            return None
        changed = compare({key: content for key, content in before.items() if key[0] == feed.id}, now)
        deliveries = [delivery for _, delivery in {*changed.added, *changed.removed}]
        if len(deliveries) > _FEW:
            return None
        if deliveries:
            rows = dataset("silver", feed.table, versions[feed.table])
            total += rows.count_rows(filter=ds.field("_delivery_id").isin(deliveries)) * len(spec.mentions_of(feed))
    return total


def _by_commits(feed: FeedContract, version: int, before: Fingerprints) -> Fingerprints | None:
    """Read from the commits of the silver table, without its rows; None where they do not tell."""
    state = batch_commits.look("silver", feed.table)
    if state is None or not state.committed or not state.is_whole_history:
        return None
    found = {}
    for delivery, commit in state.committed.items():
        key = (feed.id, delivery)
        if commit.version <= version:
            found[key] = f"{commit.fingerprint}@{commit.version}"
        elif key in before:
            # Its newest commit is not published yet: what was read of it still stands.
            found[key] = before[key]
    return found


def _by_rows(bench: Workbench, feed: FeedContract, version: int) -> Fingerprints:
    """Count and hash the rows of each delivery: for tables whose commits do not name deliveries."""
    silver = rows_alone(bench.read("silver", feed.table, version, as_stored=True))
    row = F.xxhash64("_row_number", *(F.col(column.name).cast("string") for column in feed.columns))
    rows = silver.groupBy("_delivery_id").agg(F.count("*").alias("rows"), F.bit_xor(row).alias("content")).collect()
    return {(feed.id, r["_delivery_id"]): f"{r['rows']}:{r['content']}" for r in rows}


def read_records(
    bench: Workbench,
    spec: EntitySpec,
    versions: dict[str, int],
    deliveries: tuple[tuple[str, str], ...],
    feed_numbers: dict[str, int],
) -> DataFrame | None:
    """The mentions in some deliveries, with `profile_id` and the number of their feed; None where there are none."""
    parts = []
    for feed in feeds_of(spec, versions):
        wanted = [delivery for of_feed, delivery in deliveries if of_feed == feed.id]
        if not wanted:
            continue
        records = records_of_feed(_rows_of(bench, feed, versions[feed.table], wanted), feed, spec)
        parts.append(records.withColumn("_feed_number", F.lit(feed_numbers[feed.id])))
    if not parts:
        return None
    return reduce(DataFrame.unionByName, parts).withColumn("profile_id", profile_id(spec))


def _rows_of(bench: Workbench, feed: FeedContract, version: int, deliveries: list[str]) -> DataFrame:
    """The rows of some deliveries. Of a few, engines pass over files and row groups that have none of them."""
    if len(deliveries) <= _FEW:
        return rows_alone(bench.read("silver", feed.table, version, deliveries, as_stored=True))
    chosen = F.broadcast(bench.spark.createDataFrame([(delivery,) for delivery in deliveries], "_delivery_id string"))
    silver = rows_alone(bench.read("silver", feed.table, version, as_stored=True))
    return silver.join(chosen, "_delivery_id", "left_semi")
