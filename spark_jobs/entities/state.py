"""What a resolution leaves for the next one: the tables of an entity, and how an interrupted one is undone.

`<entity>_record`      every mention: feed, delivery, row, role, and the profile and node it is of
`<entity>_profile`     every profile, one row for each resolution that heard of it; sums over its rows are its totals
`<entity>_edge`        every compared pair that matters, as a log: of a pair's rows the one of the last revision holds
`<entity>_member`      node -> component and entity id
`<entity>`             golden records
`<entity>_alias`       retired id -> the id that stands for it
`<entity>_event`       what happened to entities, append-only
`<entity>_resolution`  one row a resolution: inputs, model, counts, digest of its events chained to the one before
`<entity>_decision`    stewards' decisions
`<entity>_erased`      what was erased on demand and must not come back from old deliveries
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.entity_spec import EntitySpec
from spark_jobs.lake.storage import table_log, tables
from spark_jobs.lake.storage.paths import spark_table_uri
from spark_jobs.lake.storage.table_properties import statistics

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

RECORD = (
    "feed string, _delivery_id string, _row_number bigint, role string, _business_date date, "
    "_delivery_sequence bigint, profile_id bigint, node_id bigint"
)
EDGE = "a bigint, b bigint, node_a bigint, node_b bigint, rules bigint, vector bigint, weight double, revision bigint"
EVENT = (
    "revision bigint, at timestamp, event string, {id} string, other_id string, profiles array<bigint>, "
    "records bigint, event_hash string"
)
RESOLUTION = (
    "revision bigint, at timestamp, inputs string, model string, records bigint, profiles bigint, entities bigint, "
    "pairs bigint, events bigint, guards string, previous_digest string, digest string"
)
DECISION = (
    "decision_id string, kind string, profile_a bigint, profile_b bigint, reason string, decided_by string, "
    "decided_at timestamp, undone_at timestamp, undone_by string"
)
ERASED = "profile_hash string, until_sequence bigint, erased_at timestamp"
WRITTEN = ("_profile", "_edge", "_member", "", "_alias", "_event", "_resolution", "_record")
"""Tables that a resolution writes, in order; the last one's note says that the resolution is complete."""


@dataclass(frozen=True)
class Note:
    """What a complete resolution noted in its last commit.

    Args:
        revision: number of the resolution, from 1.
        inputs: hash of all that it depended on.
        settings: hash of engine, spec, mentions and model: where it differs, everything is resolved anew.
        feeds: feeds by their number in recencies.
        decisions: decisions that were in force.
        versions: table suffix -> version when it was complete, the record table's left out.
        counts: records, profiles, entities, pairs and what happened, for the report.
        erased: mark of what was erased by then.
    """

    revision: int
    inputs: str
    settings: str
    feeds: tuple[str, ...]
    decisions: tuple[str, ...]
    versions: dict[str, int]
    counts: dict[str, int]
    erased: str = ""

    def text(self) -> str:
        """The note as it stands in the commit."""
        return json.dumps(self.__dict__, sort_keys=True)


def schemas(spec: EntitySpec) -> dict[str, str]:
    """Columns of each table of an entity, by suffix."""
    attributes = ", ".join(f"{a.name} {a.type}" for a in spec.attributes)
    latest = ", ".join(f"{name} bigint" for name in latest_columns(spec))
    survivors = ", ".join(f"{a.name} {a.type}, {a.name}_source string, {a.name}_date date" for a in spec.attributes)
    profile = (
        f"profile_id bigint, {attributes}, records bigint, first_sequence bigint, first_date date, {latest}, "
        "node_id bigint, value bigint, block_keys array<bigint>, revision bigint"
    )
    entity = (
        f"{spec.id_column} string, {survivors}, feeds array<string>, records bigint, profiles bigint, "
        "first_business_date date, last_business_date date, oldest_profile_id bigint"
    )
    return {
        "_profile": profile,
        "_edge": EDGE,
        "_member": f"node_id bigint, component bigint, {spec.id_column} string",
        "": entity,
        "_alias": "retired_id string, surviving_id string, revision bigint",
        "_event": EVENT.format(id=spec.id_column),
        "_resolution": RESOLUTION,
        "_record": RECORD,
        "_delivery": "feed string, _delivery_id string, fingerprint string, sequence bigint, revision bigint",
        "_decision": DECISION,
        "_erased": ERASED,
    }


def latest_columns(spec: EntitySpec) -> list[str]:
    """Columns that hold a profile's newest recency by class of feed."""
    return [f"latest_{number}" for number in range(len(spec.believed) + 1)]


def create_tables(spark: "SparkSession", spec: EntitySpec) -> None:
    """Create the empty tables of an entity where they are not there yet."""
    for suffix, schema in schemas(spec).items():
        if not tables.exists("entities", f"{spec.entity}{suffix}"):
            tables.create(spark, "entities", f"{spec.entity}{suffix}", schema, properties=_statistics(spec, suffix))


def _statistics(spec: EntitySpec, suffix: str) -> dict[str, str]:
    """Least and greatest values of ids alone: those of attributes are persons', and a table's log would hold them."""
    columns = {
        "_record": "feed _delivery_id _row_number _business_date _delivery_sequence profile_id node_id",
        "_profile": "profile_id node_id revision",
        "_edge": "a b node_a node_b revision",
        "_member": f"node_id component {spec.id_column}",
        "": spec.id_column,
        "_alias": "retired_id surviving_id revision",
        "_event": f"revision {spec.id_column} other_id",
        "_delivery": "feed _delivery_id revision",
        "_decision": "decision_id",
    }
    return statistics(columns[suffix].split()) if suffix in columns else {}


def read(spark: "SparkSession", spec: EntitySpec, suffix: str) -> "DataFrame":
    """The rows of a table of an entity."""
    return tables.read(spark, "entities", f"{spec.entity}{suffix}")


def last_note(spec: EntitySpec) -> Note | None:
    """What the last complete resolution noted; None before the first."""
    if not tables.exists("entities", f"{spec.entity}_record"):
        return None
    text = table_log.note_of_content("entities", f"{spec.entity}_record")
    content: dict[str, Any] = json.loads(text) if text else {}
    if "revision" not in content:
        return None
    return Note(**{**content, "feeds": tuple(content["feeds"]), "decisions": tuple(content["decisions"])})


def undo_interrupted(spark: "SparkSession", spec: EntitySpec, note: Note | None) -> list[str]:
    """Take back what a resolution wrote that did not get to its end; give the tables that were restored.

    Each table returns to the version that the last complete resolution noted, so a repetition starts from the same
    state and comes to the same result.
    """
    restored = []
    for suffix in ("_delivery", *WRITTEN[:-1]):
        table = f"{spec.entity}{suffix}"
        then = 0 if note is None else note.versions.get(suffix, 0)
        if tables.unchanged_until("entities", table, then) < tables.version("entities", table):
            spark.sql(f"RESTORE TABLE {tables.path_identifier('entities', table)} TO VERSION AS OF {then}").collect()
            restored.append(table)
    return restored


def versions(spec: EntitySpec) -> dict[str, int]:
    """Versions of all tables that a note remembers."""
    return {suffix: tables.version("entities", f"{spec.entity}{suffix}") for suffix in ("_delivery", *WRITTEN[:-1])}


def save(rows: "DataFrame", spec: EntitySpec, suffix: str, mode: str, note: str) -> None:
    """Append to a table or replace it, with a note in the commit."""
    writer = rows.write.format("delta").mode(mode).option("userMetadata", note)
    if mode == "overwrite":
        # A spec that gains an attribute widens the tables that are rebuilt.
        writer = writer.option("overwriteSchema", "true")
    writer.save(spark_table_uri("entities", f"{spec.entity}{suffix}"))
