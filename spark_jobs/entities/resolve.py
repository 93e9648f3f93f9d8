"""Resolve one kind of entity over all feeds: read published silver, decide who is who, write the entity tables."""

import hashlib
import json
from dataclasses import dataclass
from functools import reduce
from typing import Any

import structlog
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.catalogue import load_feeds
from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.entities import events
from spark_jobs.entities.golden import golden
from spark_jobs.entities.identity import with_entity_id
from spark_jobs.entities.records import RECORD_KEY, records_of_feed, with_record_hash
from spark_jobs.lake import table_log, tables
from spark_jobs.lake.paths import spark_table_uri

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
    inputs = _inputs(spec, versions)
    last = _last_resolution(spec)
    if last is not None and last["inputs"] == inputs:
        return _outcome(spec, last)
    after = resolved_records(spark, spec, versions).persist()
    try:
        found = {"inputs": inputs, **_summary(after, spec)}
        if last is not None and last["content"] == found["content"]:
            return _outcome(spec, last)
        return _write(spark, spec, after, found)
    finally:
        after.unpersist()


def record_columns(spec: EntitySpec) -> list[str]:
    """Columns of the record table, in order."""
    attributes = [attribute.name for attribute in spec.attributes]
    when = ["_business_date", "_delivery_sequence"]
    return [*RECORD_KEY, *when, *attributes, "record_hash", spec.id_column, "is_resolved"]


def resolved_records(spark: SparkSession, spec: EntitySpec, versions: dict[str, int]) -> DataFrame:
    """Every mention in these silver versions with its entity's id: what a resolution writes as records."""
    of_feeds = [
        records_of_feed(tables.read(spark, "silver", feed.table, versions[feed.table]), feed, spec)
        for feed in load_feeds()
        if feed.table in versions and spec.mentions_of(feed)
    ]
    if not of_feeds:
        return tables.read(spark, "entities", f"{spec.entity}_record").limit(0)
    records = with_record_hash(reduce(DataFrame.unionByName, of_feeds), spec)
    return with_entity_id(records, spec).select(*record_columns(spec))


def _write(spark: SparkSession, spec: EntitySpec, after: DataFrame, found: dict[str, Any]) -> ResolveOutcome:
    before = tables.read(spark, "entities", f"{spec.entity}_record")
    marker = json.dumps(found, sort_keys=True)
    moves = events.changes(before, after, spec).persist()
    told = events.events(moves, found["inputs"]).persist()
    current = golden(after, spec)
    counts = {row["event"]: row["count"] for row in told.groupBy("event").count().collect()}
    known = tables.read(spark, "entities", f"{spec.entity}_alias")
    if counts.get("merged", 0) or table_log.row_count("entities", f"{spec.entity}_alias"):
        _save(events.aliases(known, moves, current, spec), f"{spec.entity}_alias", "overwrite", marker)
    if counts and tables.committed_by("entities", f"{spec.entity}_event", marker) is None:
        _save(told, f"{spec.entity}_event", "append", marker)
    _save(current, spec.entity, "overwrite", marker)
    _save(after, f"{spec.entity}_record", "overwrite", marker)
    moves.unpersist()
    told.unpersist()
    log.info("resolved", entity=spec.entity, records=found["records"], entities=found["entities"], **counts)
    return _outcome(spec, found, created=counts.get("created", 0), merged=counts.get("merged", 0))


def _outcome(spec: EntitySpec, found: dict[str, Any], created: int = 0, merged: int = 0) -> ResolveOutcome:
    version = tables.version("entities", f"{spec.entity}_record")
    return ResolveOutcome(spec.entity, found["records"], found["resolved"], found["entities"], created, merged, version)


def _summary(records: DataFrame, spec: EntitySpec) -> dict[str, Any]:
    """Counts, and a fingerprint that is equal for equal columns and rows in any order.

    Records are distinct by their key, so the exclusive or of their hashes loses none.
    """
    row = records.agg(
        F.count("*").alias("records"),
        F.count_if("is_resolved").alias("resolved"),
        F.count_distinct(spec.id_column).alias("entities"),
        F.bit_xor(F.xxhash64(*records.columns)).alias("content"),
    ).collect()[0]
    columns = ",".join(records.columns)
    return {**row.asDict(), "content": hashlib.sha256(f"{columns} {row['content']}".encode()).hexdigest()[:20]}


def _last_resolution(spec: EntitySpec) -> dict[str, Any] | None:
    """What the newest resolution noted in its commit of the record table; that commit is its last."""
    note = table_log.note_of_content("entities", f"{spec.entity}_record")
    return None if note is None else dict(json.loads(note))


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


def _save(rows: DataFrame, table: str, mode: str, marker: str) -> None:
    writer = rows.write.format("delta").mode(mode).option("userMetadata", marker)
    if mode == "overwrite":
        # A spec that gains an attribute widens the tables that are rebuilt from silver.
        writer = writer.option("overwriteSchema", "true")
    writer.save(spark_table_uri("entities", table))


def _inputs(spec: EntitySpec, versions: dict[str, int]) -> str:
    """Hash of all that a resolution depends on: engine, spec, mentions, silver versions."""
    read = [feed for feed in load_feeds() if feed.table in versions and spec.mentions_of(feed)]
    mentions = {feed.id: [mention.model_dump() for mention in feed.mentions] for feed in read}
    published = {feed.table: versions[feed.table] for feed in read}
    what = json.dumps([ENGINE, spec.model_dump(mode="json"), mentions, published], sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()[:20]
