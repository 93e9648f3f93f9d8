"""Resolve one kind of entity over all feeds: read published silver, decide who is who, write the entity tables."""

import hashlib
import json
from dataclasses import dataclass
from functools import reduce

import structlog
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.catalogue import load_feeds
from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.entities import events
from spark_jobs.entities.golden import golden
from spark_jobs.entities.identity import with_entity_id
from spark_jobs.entities.records import RECORD_KEY, records_of_feed, with_record_hash
from spark_jobs.lake import tables

ENGINE = "valid number alone, 1"
"""Named in every marker: another engine or rule makes every resolution a new one."""

log = structlog.get_logger("resolve")


@dataclass(frozen=True)
class ResolveOutcome:
    """What one resolution came to.

    Args:
        entity: the kind of entity.
        records: mentions in the published silver versions.
        resolved: those with an entity's id.
        entities: distinct entities.
        created: entities that were not known before.
        merged: ids that were retired in favour of an older one.
        version: Delta version of the record table.
    """

    entity: str
    records: int
    resolved: int
    entities: int
    created: int
    merged: int
    version: int


def resolve(spark: SparkSession, entity: str, versions: dict[str, int]) -> ResolveOutcome:
    """Bring the tables of an entity up to the published silver versions; writes nothing where nothing changed.

    Tables in layer `entities`: `<entity>_record` (each mention and its id), `<entity>` (golden rows),
    `<entity>_alias` (retired id -> surviving id), `<entity>_event` (append-only). The record table is written last:
    an interrupted resolution is repeated from the same state before.

    Args:
        spark: a session of the lake server.
        entity: `person` or `legal_entity`.
        versions: silver table -> the version that verify published; other feeds are left out.

    Raises:
        ValueError: there is no spec of that entity.
    """
    spec = load_entity(entity)
    create_tables(spark, spec)
    marker = _marker(spec, versions)
    if tables.committed_by("entities", f"{entity}_record", marker) is not None:
        return _outcome(spark, spec, created=0, merged=0)
    before = tables.read(spark, "entities", f"{entity}_record")
    after = _resolved_records(spark, spec, versions).persist()
    try:
        if _fingerprint(before) == _fingerprint(after):
            return _outcome(spark, spec, created=0, merged=0)
        return _write(spark, spec, before, after, marker)
    finally:
        after.unpersist()


def record_columns(spec: EntitySpec) -> list[str]:
    """Columns of the record table, in order."""
    attributes = [attribute.name for attribute in spec.attributes]
    when = ["_business_date", "_delivery_sequence"]
    return [*RECORD_KEY, *when, *attributes, "record_hash", spec.id_column, "is_resolved"]


def _resolved_records(spark: SparkSession, spec: EntitySpec, versions: dict[str, int]) -> DataFrame:
    of_feeds = [
        records_of_feed(tables.read(spark, "silver", feed.table, versions[feed.table]), feed, spec)
        for feed in load_feeds()
        if feed.table in versions and spec.mentions_of(feed)
    ]
    if not of_feeds:
        return tables.read(spark, "entities", f"{spec.entity}_record").limit(0)
    records = with_record_hash(reduce(DataFrame.unionByName, of_feeds), spec)
    return with_entity_id(records, spec).select(*record_columns(spec))


def _write(spark: SparkSession, spec: EntitySpec, before: DataFrame, after: DataFrame, marker: str) -> ResolveOutcome:
    moves = events.changes(before, after, spec).persist()
    told = events.events(moves, marker).persist()
    current = golden(after, spec)
    known = tables.read(spark, "entities", f"{spec.entity}_alias")
    standing = events.aliases(known, moves, current, spec).persist()
    counts = {row["event"]: row["count"] for row in told.groupBy("event").count().collect()}
    if _fingerprint(known) != _fingerprint(standing):
        _overwrite(standing, f"{spec.entity}_alias", marker)
    if counts and tables.committed_by("entities", f"{spec.entity}_event", marker) is None:
        _save(told, f"{spec.entity}_event", "append", marker)
    _overwrite(current, spec.entity, marker)
    _overwrite(after, f"{spec.entity}_record", marker)
    for frame in (moves, told, standing):
        frame.unpersist()
    outcome = _outcome(spark, spec, created=counts.get("created", 0), merged=counts.get("merged", 0))
    log.info("resolved", entity=spec.entity, records=outcome.records, entities=outcome.entities, **counts)
    return outcome


def _outcome(spark: SparkSession, spec: EntitySpec, created: int, merged: int) -> ResolveOutcome:
    counted = tables.read(spark, "entities", f"{spec.entity}_record").agg(
        F.count("*").alias("records"),
        F.count_if("is_resolved").alias("resolved"),
        F.count_distinct(spec.id_column).alias("entities"),
    )
    row = counted.collect()[0]
    version = tables.version("entities", f"{spec.entity}_record")
    return ResolveOutcome(spec.entity, row["records"], row["resolved"], row["entities"], created, merged, version)


def create_tables(spark: SparkSession, spec: EntitySpec) -> None:
    """Create the empty tables of an entity where they are not there yet."""
    attributes = ", ".join(f"{attribute.name} {attribute.type}" for attribute in spec.attributes)
    survivors = ", ".join(f"{a.name} {a.type}, {a.name}_source string" for a in spec.attributes)
    record = (
        "feed string, _delivery_id string, _row_number bigint, role string, _business_date date, "
        f"_delivery_sequence bigint, {attributes}, record_hash string, {spec.id_column} string, is_resolved boolean"
    )
    entity = (
        f"{spec.id_column} string, {survivors}, feeds array<string>, records bigint, "
        "first_business_date date, last_business_date date"
    )
    shapes = {"_record": record, "": entity, "_alias": events.ALIAS_COLUMNS, "_event": events.EVENT_COLUMNS}
    for suffix, schema in shapes.items():
        if not tables.exists("entities", f"{spec.entity}{suffix}"):
            tables.create(spark, "entities", f"{spec.entity}{suffix}", schema)


def _overwrite(rows: DataFrame, table: str, marker: str) -> None:
    _save(rows, table, "overwrite", marker)


def _save(rows: DataFrame, table: str, mode: str, marker: str) -> None:
    writer = rows.write.format("delta").mode(mode).option("userMetadata", marker)
    if mode == "overwrite":
        # A spec that gains an attribute widens the tables that are rebuilt from silver.
        writer = writer.option("overwriteSchema", "true")
    writer.save(tables.spark_table_uri("entities", table))


def _fingerprint(rows: DataFrame) -> tuple[list[str], int, int]:
    """Equal for equal columns and rows, in any order; the rows of these tables are distinct, so xor loses none."""
    found = rows.agg(F.count("*").alias("rows"), F.bit_xor(F.xxhash64(*rows.columns)).alias("hash")).collect()[0]
    return rows.columns, found["rows"], found["hash"]


def _marker(spec: EntitySpec, versions: dict[str, int]) -> str:
    mentions = {
        feed.id: [m.model_dump() for m in spec.mentions_of(feed)] for feed in load_feeds() if feed.table in versions
    }
    what = json.dumps([ENGINE, spec.model_dump(mode="json"), mentions, versions], sort_keys=True)
    return f"resolve {hashlib.sha256(what.encode()).hexdigest()[:20]}"
