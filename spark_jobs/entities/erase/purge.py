"""Taking the last traces of erased profiles out of an entity's tables: rows, old files and old log entries.

A resolution leaves erased profiles out of all that it writes anew. What is left of them is in logs that only grow:
edges, events, aliases, decisions, the files of superseded versions, and log entries with least and greatest values.
"""

from dataclasses import dataclass, replace

from deltalake import DeltaTable
from pyarrow import fs
from pyspark.sql import Column
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.entities.resolution import erased as erasure
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import delta_commits, table_log
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import storage_options, table_uri
from spark_jobs.lake.storage.scratch import remove_left

_ERASURE = "erasure"
"""What a commit that takes rows out says of itself."""


@dataclass(frozen=True)
class Purged:
    """What was taken out.

    Args:
        edges: rows of the edge log.
        events: events that no longer say whom they were about.
        aliases: retired ids.
        decisions: stewards' decisions.
        files: files of superseded versions.
        log_entries: entries of the tables' logs.
    """

    edges: int
    events: int
    aliases: int
    decisions: int
    files: int = 0
    log_entries: int = 0


def forget_decisions(bench: Workbench, spec: EntitySpec) -> int:
    """Remove decisions about erased profiles that no newer record speaks of; a reason may name a person."""
    if not table_log.row_count("entities", f"{spec.entity}_decision"):
        return 0
    decided = state.read(bench, spec, "_decision").select(F.explode(F.array("profile_a", "profile_b")).alias("p"))
    records, found = state.read(bench, spec, "_record"), erasure.erased(bench, spec)
    hidden = F.col("profile_hash").isin([one.profile_hash for one in found])
    named = decided.distinct().withColumn("profile_hash", erasure.profile_hash(F.col("p"))).where(hidden)
    living = erasure.without_erased(records, found).select(F.col("profile_id").alias("p"))
    profiles = [str(row["p"]) for row in named.join(living, "p", "left_anti").collect()]
    return _delete(spec, "_decision", ("profile_a", "profile_b"), profiles)


def purge_rows(bench: Workbench, spec: EntitySpec, decisions: int = 0) -> Purged:
    """Remove rows that still refer to erased profiles that no record speaks of; doing it again changes nothing.

    Rows first, then the note that makes the tables' new versions those of the last resolution, then `purge_files`:
    where it is interrupted, the next resolution or purge finds a state that it can go on from.

    Args:
        bench: a session with a folder beside it.
        spec: the kind of entity, resolved since the erasure was noted.
        decisions: how many decisions were removed before, for the report.
    """
    gone = _gone(bench, spec)
    ids = _ids_that_held(bench, spec, gone)
    edges = _delete(spec, "_edge", ("a", "b"), [str(one) for one in gone])
    failpoint("purge.after_edges")
    aliases = _delete(spec, "_alias", ("retired_id", "surviving_id"), [f"'{one}'" for one in ids])
    failpoint("purge.after_aliases")
    # Last of all rows: a repetition learns from the events which profiles and ids are meant.
    events = _empty_events(bench, spec, gone, ids)
    failpoint("purge.after_events")
    _renew_note(spec)
    failpoint("purge.after_note")
    return Purged(edges, events, aliases, decisions)


def purge_files(spec: EntitySpec, purged: Purged) -> Purged:
    """Remove the files and log entries in which the rows still are, once no engine is at work with what it has read."""
    files = sum(_vacuum(f"{spec.entity}{suffix}") for suffix in state.schemas(spec))
    for suffix in ("_edge", "_alias", "_decision"):
        # The entry of a deletion says which ids were deleted, and the newest entry of a log is kept.
        state.commit(spec, suffix, [], "append", _ERASURE)
    failpoint("purge.after_empty_commits")
    # The log entries that go may hold the note: it is written once more, after all that vacuum wrote.
    _renew_note(spec)
    failpoint("purge.after_last_note")
    # What a killed resolution or training left: rows of persons, in nobody's table.
    remove_left(spec.entity)
    failpoint("purge.after_scratch")
    entries = sum(_shorten_log(f"{spec.entity}{suffix}") for suffix in state.schemas(spec) if suffix != "_erased")
    return replace(purged, files=files, log_entries=entries)


def _gone(bench: Workbench, spec: EntitySpec) -> list[int]:
    """Erased profiles that edges or events still name and that no record speaks of."""
    edges, events = state.read(bench, spec, "_edge"), state.read(bench, spec, "_event")
    named = (
        edges.select(F.explode(F.array("a", "b")).alias("profile_id"))
        .unionByName(events.select(F.explode("profiles").alias("profile_id")))
        .where("profile_id is not null")
        .distinct()
    )
    hidden = state.read(bench, spec, "_erased").select("profile_hash").distinct()
    living = state.read(bench, spec, "_profile").select("profile_id")
    found = (
        named.join(living, "profile_id", "left_anti")
        .withColumn("profile_hash", erasure.profile_hash(F.col("profile_id")))
        .join(F.broadcast(hidden), "profile_hash", "left_semi")
    )
    return [row["profile_id"] for row in found.select("profile_id").collect()]


def _ids_that_held(bench: Workbench, spec: EntitySpec, gone: list[int]) -> list[str]:
    """Ids that had these profiles and stand for nobody today, and the ids that were merged into those."""
    if not gone:
        return []
    events, name = state.read(bench, spec, "_event"), spec.id_column
    held = events.where(F.arrays_overlap("profiles", _array(gone))).select(name)
    ended = events.where(F.col("event").isin("merged", "split")).select(name, "other_id")
    living = state.read(bench, spec, "").select(name)
    aliases = state.read(bench, spec, "_alias").withColumnRenamed("surviving_id", name).join(living, name, "left_semi")
    standing = living.unionByName(aliases.select(F.col("retired_id").alias(name)))
    related = held.unionByName(ended.join(held, name, "left_semi").select(F.col("other_id").alias(name)))
    rows = related.where(F.col(name).isNotNull()).distinct().join(standing, name, "left_anti").collect()
    return [row[name] for row in rows]


def _array(ids: list[int]) -> Column:
    return F.array(*(F.lit(i).cast("bigint") for i in ids))


def _delete(spec: EntitySpec, suffix: str, columns: tuple[str, ...], wanted: list[str]) -> int:
    """Delete rows that have one of these values in one of the columns; files without any are not rewritten."""
    if not wanted:
        return 0
    listed = ", ".join(wanted)
    condition = " OR ".join(f"{column} IN ({listed})" for column in columns)
    table = delta_commits.opened("entities", f"{spec.entity}{suffix}")
    return delta_commits.delete(table, condition, delta_commits.Signed(_ERASURE))


def _empty_events(bench: Workbench, spec: EntitySpec, gone: list[int], ids: list[str]) -> int:
    """Take ids and profiles out of events; their hashes stay, so that the chain still holds."""
    if not gone:
        return 0
    rows, name = state.read(bench, spec, "_event"), spec.id_column
    of_erased = F.coalesce(F.col(name).isin(*ids), F.lit(False)) if ids else F.lit(False)
    to_erased = F.coalesce(F.col("other_id").isin(*ids), F.lit(False)) if ids else F.lit(False)
    names_them = F.coalesce(F.arrays_overlap("profiles", _array(gone)), F.lit(False))
    touched = of_erased | to_erased | names_them
    count = int(rows.where(touched).count())
    if not count:
        return 0
    erased = _array(gone)
    # A null among the profiles says that one was erased; the others keep the history of who lives on.
    kept = F.transform("profiles", lambda p: F.when(~F.array_contains(erased, p), p))
    emptied = rows.withColumns(
        {
            "profiles": F.when(of_erased, F.lit(None)).when(names_them, kept).otherwise(F.col("profiles")),
            "records": F.when(~of_erased, F.col("records")),
            name: F.when(~of_erased, F.col(name)),
            "other_id": F.when(~(of_erased | to_erased), F.col("other_id")),
        }
    )
    state.save(bench, emptied.select(*rows.columns), spec, "_event", "overwrite", _ERASURE)
    return count


def _renew_note(spec: EntitySpec) -> None:
    """Commit the last resolution's note again, with the versions that the tables have now."""
    note = state.last_note(spec)
    if note is None:
        raise LakeError(f"{spec.entity} has never been resolved", f"lake resolve --entity {spec.entity}")
    state.commit(spec, "_record", [], "append", replace(note, versions=state.versions(spec)).text())


def _vacuum(table: str) -> int:
    """Remove all files that the newest version does not need, those of interrupted writes too; gives how many."""
    delta = DeltaTable(table_uri("entities", table), storage_options=storage_options())
    removed = delta.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)
    filesystem, root = lake_filesystem(settings())
    folder = f"{root}/entities/{table}"
    found = {one.path for one in filesystem.get_file_info(fs.FileSelector(folder, recursive=True)) if one.is_file}
    for path in found:
        # Spark, which wrote these tables once, kept a checksum beside each file; those of removed files mean nothing.
        above, _, name = path.rpartition("/")
        if name.endswith(".parquet.crc") and f"{above}/{name.removeprefix('.').removesuffix('.crc')}" not in found:
            filesystem.delete_file(path)
    failpoint("purge.after_vacuum")
    return len(removed)


def _shorten_log(table: str) -> int:
    """Begin the table's log at its newest version: older entries hold least and greatest values of removed files."""
    delta = DeltaTable(table_uri("entities", table), storage_options=storage_options())
    delta.create_checkpoint()
    failpoint("purge.after_checkpoint")
    filesystem, root = lake_filesystem(settings())
    folder = f"{root}/entities/{table}/_delta_log"
    removed = 0
    for one in filesystem.get_file_info(fs.FileSelector(folder)):
        name = one.base_name.lstrip(".")
        number = name.split(".", 1)[0]
        # The checksum that Spark kept beside a file that delta-rs just wrote is no longer true.
        is_stale = one.base_name == "._last_checkpoint.crc"
        if one.is_file and (is_stale or (number.isdigit() and int(number) < delta.version())):
            filesystem.delete_file(one.path)
            removed += name.endswith(".json")
    failpoint("purge.after_log")
    return removed
