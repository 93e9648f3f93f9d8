"""Taking the last traces of erased profiles out of an entity's tables: rows, old files and old log entries.

A resolution leaves erased profiles out of all that it writes anew. What is left of them is in logs that only grow:
edges, events, aliases, decisions, the files of superseded versions, and log entries with least and greatest values.
"""

from dataclasses import dataclass, replace

from deltalake import DeltaTable
from pyarrow import fs
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.entities.resolution import erased as erasure
from spark_jobs.lake.storage import table_log, tables
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import storage_options, table_uri
from spark_jobs.lake.storage.scratch import remove_left

_SKIP_EMPTY = "spark.databricks.delta.skipRecordingEmptyCommits"


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
    files: int
    log_entries: int


def forget_decisions(spark: SparkSession, spec: EntitySpec) -> int:
    """Remove decisions about erased profiles that no newer record speaks of; a reason may name a person."""
    if not table_log.row_count("entities", f"{spec.entity}_decision"):
        return 0
    decided = state.read(spark, spec, "_decision").select(F.explode(F.array("profile_a", "profile_b")).alias("p"))
    records, found = state.read(spark, spec, "_record"), erasure.erased(spark, spec)
    hidden = F.col("profile_hash").isin([one.profile_hash for one in found])
    named = decided.distinct().withColumn("profile_hash", erasure.profile_hash(F.col("p"))).where(hidden)
    living = erasure.without_erased(records, found).select(F.col("profile_id").alias("p"))
    profiles = [str(row["p"]) for row in named.join(living, "p", "left_anti").collect()]
    return _delete(spark, spec, "_decision", ("profile_a", "profile_b"), profiles)


def purge(spark: SparkSession, spec: EntitySpec, decisions: int = 0) -> Purged:
    """Remove what still refers to erased profiles that no record speaks of; doing it again changes nothing.

    Rows first, then the note that makes the tables' new versions those of the last resolution, then files and log
    entries: where it is interrupted, the next resolution or purge finds a state that it can go on from.

    Args:
        spark: a session of the lake server.
        spec: the kind of entity, resolved since the erasure was noted.
        decisions: how many decisions were removed before, for the report.
    """
    gone = _gone(spark, spec)
    ids = _ids_that_held(spark, spec, gone)
    edges = _delete(spark, spec, "_edge", ("a", "b"), [str(one) for one in gone])
    failpoint("purge.after_edges")
    aliases = _delete(spark, spec, "_alias", ("retired_id", "surviving_id"), [f"'{one}'" for one in ids])
    failpoint("purge.after_aliases")
    # Last of all rows: a repetition learns from the events which profiles and ids are meant.
    events = _empty_events(spark, spec, gone, ids)
    failpoint("purge.after_events")
    _renew_note(spark, spec)
    failpoint("purge.after_note")
    files = sum(_vacuum(f"{spec.entity}{suffix}") for suffix in state.schemas(spec))
    for suffix in ("_edge", "_alias", "_decision"):
        # The entry of a deletion says which ids were deleted, and the newest entry of a log is kept.
        _commit_nothing(spark, spec, suffix, "erasure")
    failpoint("purge.after_empty_commits")
    # The log entries that go may hold the note: it is written once more, after all that vacuum wrote.
    _renew_note(spark, spec)
    failpoint("purge.after_last_note")
    # What a killed resolution or training left: rows of persons, in nobody's table.
    remove_left(spec.entity)
    failpoint("purge.after_scratch")
    entries = sum(_shorten_log(f"{spec.entity}{suffix}") for suffix in state.schemas(spec) if suffix != "_erased")
    return Purged(edges, events, aliases, decisions, files, entries)


def _gone(spark: SparkSession, spec: EntitySpec) -> list[int]:
    """Erased profiles that edges or events still name and that no record speaks of."""
    edges, events = state.read(spark, spec, "_edge"), state.read(spark, spec, "_event")
    named = (
        edges.select(F.explode(F.array("a", "b")).alias("profile_id"))
        .unionByName(events.select(F.explode("profiles").alias("profile_id")))
        .where("profile_id is not null")
        .distinct()
    )
    hidden = state.read(spark, spec, "_erased").select("profile_hash").distinct()
    living = state.read(spark, spec, "_profile").select("profile_id")
    found = (
        named.join(living, "profile_id", "left_anti")
        .withColumn("profile_hash", erasure.profile_hash(F.col("profile_id")))
        .join(F.broadcast(hidden), "profile_hash", "left_semi")
    )
    return [row["profile_id"] for row in found.select("profile_id").collect()]


def _ids_that_held(spark: SparkSession, spec: EntitySpec, gone: list[int]) -> list[str]:
    """Ids that had these profiles and stand for nobody today, and the ids that were merged into those."""
    if not gone:
        return []
    events, name = state.read(spark, spec, "_event"), spec.id_column
    held = events.where(F.arrays_overlap("profiles", _array(gone))).select(name)
    ended = events.where(F.col("event").isin("merged", "split")).select(name, "other_id")
    living = state.read(spark, spec, "").select(name)
    aliases = state.read(spark, spec, "_alias").withColumnRenamed("surviving_id", name).join(living, name, "left_semi")
    standing = living.unionByName(aliases.select(F.col("retired_id").alias(name)))
    related = held.unionByName(ended.join(held, name, "left_semi").select(F.col("other_id").alias(name)))
    rows = related.where(F.col(name).isNotNull()).distinct().join(standing, name, "left_anti").collect()
    return [row[name] for row in rows]


def _array(ids: list[int]) -> Column:
    return F.array(*(F.lit(i).cast("bigint") for i in ids))


def _delete(spark: SparkSession, spec: EntitySpec, suffix: str, columns: tuple[str, ...], wanted: list[str]) -> int:
    """Delete rows that have one of these values in one of the columns; files without any are not rewritten."""
    if not wanted:
        return 0
    listed = ", ".join(wanted)
    condition = " OR ".join(f"{column} IN ({listed})" for column in columns)
    table = tables.path_identifier("entities", f"{spec.entity}{suffix}")
    return int(spark.sql(f"DELETE FROM {table} WHERE {condition}").collect()[0]["num_affected_rows"])


def _empty_events(spark: SparkSession, spec: EntitySpec, gone: list[int], ids: list[str]) -> int:
    """Take ids and profiles out of events; their hashes stay, so that the chain still holds."""
    if not gone:
        return 0
    rows, name = state.read(spark, spec, "_event"), spec.id_column
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
    state.save(emptied.select(*rows.columns), spec, "_event", "overwrite", "erasure")
    return count


def _renew_note(spark: SparkSession, spec: EntitySpec) -> None:
    """Commit the last resolution's note again, with the versions that the tables have now."""
    note = state.last_note(spec)
    if note is None:
        raise LakeError(f"{spec.entity} has never been resolved", f"lake resolve --entity {spec.entity}")
    _commit_nothing(spark, spec, "_record", replace(note, versions=state.versions(spec)).text())


def _commit_nothing(spark: SparkSession, spec: EntitySpec, suffix: str, note: str) -> None:
    """Make a version of a table that changes no row and carries a note."""
    spark.conf.set(_SKIP_EMPTY, "false")
    try:
        state.save(state.read(spark, spec, suffix).limit(0), spec, suffix, "append", note)
    finally:
        spark.conf.unset(_SKIP_EMPTY)


def _vacuum(table: str) -> int:
    """Remove all files that the newest version does not need, those of interrupted writes too; gives how many.

    By delta-rs, which only lists and deletes: Spark plans a job of many tasks for each table.
    """
    delta = DeltaTable(table_uri("entities", table), storage_options=storage_options())
    removed = delta.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)
    filesystem, root = lake_filesystem(settings())
    folder = f"{root}/entities/{table}"
    found = {one.path for one in filesystem.get_file_info(fs.FileSelector(folder, recursive=True)) if one.is_file}
    for path in found:
        # Spark keeps a checksum beside each file of a folder store; those of removed files mean nothing.
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
        # Spark keeps a checksum beside each file; the one of the file that delta-rs just wrote is no longer true.
        is_stale = one.base_name == "._last_checkpoint.crc"
        if one.is_file and (is_stale or (number.isdigit() and int(number) < delta.version())):
            filesystem.delete_file(one.path)
            removed += name.endswith(".json")
    failpoint("purge.after_log")
    return removed
