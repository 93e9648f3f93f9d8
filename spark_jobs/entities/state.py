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
from typing import TYPE_CHECKING, Any, Literal

from expectations.entity_spec import EntitySpec
from spark_jobs.lake.storage import delta_commits, table_log, tables
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.arrow_types import arrow_schema
from spark_jobs.lake.storage.data_files import bring_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from deltalake.transaction import AddAction
    from pyspark.sql import DataFrame

    from spark_jobs.lake.engine.workbench import Workbench

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
Mode = Literal["append", "overwrite"]
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


def create_tables(spec: EntitySpec) -> None:
    """Create the empty tables of an entity where they are not there yet."""
    for suffix in schemas(spec):
        if not tables.exists("entities", f"{spec.entity}{suffix}"):
            delta_commits.create("entities", f"{spec.entity}{suffix}", _arrow(spec, suffix), looked_for(spec, suffix))


def _arrow(spec: EntitySpec, suffix: str) -> "pa.Schema":
    return arrow_schema(dict(column.split(" ", 1) for column in schemas(spec)[suffix].split(", ")))


def looked_for(spec: EntitySpec, suffix: str) -> tuple[str, ...]:
    """Columns of a table whose least and greatest values its log may hold.

    Of ids alone: those of attributes are persons', and the log would hold them.
    """
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
    return tuple(columns.get(suffix, "").split())


def read(bench: "Workbench", spec: EntitySpec, suffix: str, version: int | None = None) -> "DataFrame":
    """The rows of a table of an entity, as of a version where one is given."""
    return bench.read("entities", f"{spec.entity}{suffix}", version)


def batches(
    spec: EntitySpec, suffix: str, columns: "Sequence[str]", version: int | None = None
) -> "Iterator[pa.RecordBatch]":
    """Columns of a table of an entity as it is stored, a batch at a time, as of a version where one is given."""
    return iter(
        dataset("entities", f"{spec.entity}{suffix}", version).to_batches(columns=list(columns), batch_readahead=4)
    )


def last_note(spec: EntitySpec) -> Note | None:
    """What the last complete resolution noted; None before the first."""
    if not tables.exists("entities", f"{spec.entity}_record"):
        return None
    text = table_log.note_of_content("entities", f"{spec.entity}_record")
    content: dict[str, Any] = json.loads(text) if text else {}
    if "revision" not in content:
        return None
    return Note(**{**content, "feeds": tuple(content["feeds"]), "decisions": tuple(content["decisions"])})


def undo_interrupted(spec: EntitySpec, note: Note | None) -> list[str]:
    """Take back what a resolution wrote that did not get to its end; give the tables that were restored.

    Each table returns to the version that the last complete resolution noted, so a repetition starts from the same
    state and comes to the same result.
    """
    restored = []
    for suffix in ("_delivery", *WRITTEN[:-1]):
        table = f"{spec.entity}{suffix}"
        then = 0 if note is None else note.versions.get(suffix, 0)
        if tables.unchanged_until("entities", table, then) < tables.version("entities", table):
            delta_commits.opened("entities", table).restore(then)
            restored.append(table)
    return restored


def versions(spec: EntitySpec) -> dict[str, int]:
    """Versions of all tables that a note remembers."""
    return {suffix: tables.version("entities", f"{spec.entity}{suffix}") for suffix in ("_delivery", *WRITTEN[:-1])}


def save(bench: "Workbench", rows: "DataFrame", spec: EntitySpec, suffix: str, mode: Mode, note: str) -> None:
    """Append to a table or replace it, with a note in the commit; no rows are a commit as well."""
    table, name, columns = f"{spec.entity}{suffix}", f"saved{suffix}", _arrow(spec, suffix)
    bench.staging.clear(name)
    bench.staging.stage(rows.select(*columns.names), name)
    files = [file.as_added() for file in bring_in(bench.staging, name, "entities", table, looked_for(spec, suffix))]
    # Into a store they were copied.
    bench.staging.clear(name)
    commit(spec, suffix, files, mode, note)


def commit(spec: EntitySpec, suffix: str, files: "list[AddAction]", mode: Mode, note: str) -> None:
    """Make files that are in a table's folder more of its rows, or all of them."""
    table = delta_commits.opened("entities", f"{spec.entity}{suffix}")
    if mode == "overwrite":
        # A spec that gains an attribute widens the tables that are rebuilt.
        delta_commits.overwrite(table, files, _arrow(spec, suffix), delta_commits.Signed(note))
    else:
        delta_commits.append(table, files, delta_commits.Signed(note))
