"""Upkeep: compact small files, remove files that no kept version needs, tidy the ledger."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from deltalake import CommitProperties, WriterProperties
from sqlalchemy import delete

from expectations.contract.catalogue import load_feeds
from expectations.entity_spec import load_entities
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import settings
from spark_jobs.control.database import session as control_session
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.publication import published_versions
from spark_jobs.control.schema import ON_THE_WAY, Delivery, Lease
from spark_jobs.entities.state import last_note
from spark_jobs.intake import bronze
from spark_jobs.lake.engine.choice import writes_warehouse
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import remove_left
from spark_jobs.lake.storage.stored import stored_tables
from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR, WRITER, missing_statistics
from spark_jobs.warehouse import LEASE as WAREHOUSE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KEEP_HOURS = 168
"""Files of superseded versions stay for a week: time travel, and readers that began before."""
_MADE_BY_DBT: tuple[Layer, ...] = ("base", "restricted", "marts")
"""Layers that a build of the warehouse writes, on whatever engine; none runs while they are kept up."""
_LOOKED_FOR: dict[Layer, tuple[str, ...]] = {
    "silver": REFINED_LOOKED_FOR,
    "quarantine": REFINED_LOOKED_FOR,
    "entities": (),
}
"""Layers after bronze that delta-rs writes, and which values the log of a table that does not say so may hold."""


def run(task: str) -> Iterator[str]:
    """Do one task, or `all`; yields a line about each thing done.

    Raises:
        LakeError: there is no such task.
    """
    tasks = {"optimize": (_optimize,), "vacuum": (_vacuum,), "ledger": (_tidy_ledger,)}
    tasks["all"] = (_optimize, _vacuum, _tidy_ledger)  # type: ignore[assignment]
    if task not in tasks:
        raise LakeError(f"no upkeep task {task!r}", f"choose one of {', '.join(tasks)}")
    for step in tasks[task]:
        yield from step()


def _stored(layer: Layer) -> list[str]:
    filesystem, root = lake_filesystem(settings())
    return stored_tables(filesystem, root, layer)


def _stored_by_dbt() -> list[tuple[Layer, str]]:
    """Tables of the warehouse."""
    return [(layer, name) for layer in _MADE_BY_DBT for name in _stored(layer)]


def _optimize() -> Iterator[str]:
    """Each table by the engine that writes it: there is one a table."""
    from spark_jobs.lake.server import session
    from spark_jobs.verify import carry_forward

    yield from compact_bronze()
    yield from settle_silver()
    yield from compact_refined()
    for feed in load_feeds():
        if carry_forward(feed).published:
            failpoint("upkeep.after_carried_forward")
            yield f"silver.{feed.table}: the published version now has the compacted files"
    made_by_dbt = _stored_by_dbt()
    if not made_by_dbt:
        return
    if writes_warehouse() == "sail":
        with exclusive(WAREHOUSE):
            for layer in _MADE_BY_DBT:
                yield from _compact_layer(layer, ())
        return
    with exclusive(WAREHOUSE), session.connected("upkeep") as spark:
        for layer, name in made_by_dbt:
            yield from keep_values_out_of_log(spark, layer, name)
            if len(delta_commits.opened(layer, name).file_uris()) < 2:
                continue
            row = spark.sql(f"OPTIMIZE {tables.by_path(layer, name)}").first()
            metrics = row["metrics"] if row else None
            failpoint("upkeep.after_compaction_by_spark")
            if metrics and metrics["numFilesRemoved"]:
                yield f"{layer}.{name}: {metrics['numFilesRemoved']} files into {metrics['numFilesAdded']}"


def compact_bronze() -> Iterator[str]:
    """Small files of bronze into large ones, written as intake writes them; a line a table."""
    for name in _stored("bronze"):
        yield _compacted("bronze", name, bronze.WRITER)
        failpoint("upkeep.after_bronze_compaction")


def compact_refined() -> Iterator[str]:
    """The same of the other tables of delta-rs; the logs of those that the lake server made may hold values yet."""
    for layer, looked_for in _LOOKED_FOR.items():
        yield from _compact_layer(layer, looked_for)


def _compact_layer(layer: Layer, looked_for: tuple[str, ...]) -> Iterator[str]:
    for name in _stored(layer):
        table = delta_commits.opened(layer, name)
        lacking = missing_statistics(table.metadata().configuration, looked_for)
        if lacking:
            table.alter.set_table_properties(lacking)
            yield f"{layer}.{name}: from now on its log holds no values of rows"
        # Of each part one file is as few as there can be.
        if len(table.file_uris()) > max(1, len(table.partitions())):
            yield _compacted(layer, name, WRITER)
            failpoint("upkeep.after_compaction")


def settle_silver() -> Iterator[str]:
    """Of feeds of which enough rows have ended: those rows where readers of current ones need not look."""
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.lake.settling import is_due, settle

    due = [feed for feed in load_feeds() if is_due(feed)]
    for feed in due:
        # Nobody may append what is ended meanwhile.
        with exclusive(f"refine:{feed.id}"), engine().opened(f"upkeep {feed.id}") as bench:
            settle(bench, feed)
        yield f"silver.{feed.table}: settled, what has ended is apart from what holds"


def _compacted(layer: Layer, name: str, writer: WriterProperties) -> str:
    properties = CommitProperties(max_commit_retries=30)
    table = delta_commits.opened(layer, name)
    done = table.optimize.compact(commit_properties=properties, writer_properties=writer)
    return f"{layer}.{name}: {done['numFilesRemoved']} files into {done['numFilesAdded']}"


def keep_values_out_of_log(spark: "SparkSession", layer: Layer, table: str) -> Iterator[str]:
    """A table of an earlier version gets the property that keeps values of rows out of its log.

    What the log says already stays in it until the file is compacted and the entry expires.
    """
    held = delta_commits.opened(layer, table).metadata().configuration
    lacking = missing_statistics(held)
    if lacking:
        pairs = ", ".join(f"'{name}'='{value}'" for name, value in lacking.items())
        spark.sql(f"ALTER TABLE {tables.by_path(layer, table)} SET TBLPROPERTIES ({pairs})")
        yield f"{layer}.{table}: from now on its log holds no values of rows"


def _vacuum() -> Iterator[str]:
    from spark_jobs.lake.server import session

    for name in _stored("bronze"):
        table = delta_commits.opened("bronze", name)
        # Full: also what a dead worker wrote and never committed, of which no log speaks.
        removed = table.vacuum(retention_hours=KEEP_HOURS, dry_run=False, full=True)
        failpoint("upkeep.after_bronze_vacuum")
        yield f"bronze.{name}: {len(removed)} files removed"
    in_use = _in_use()
    by_delta_rs = [*_LOOKED_FOR, *(_MADE_BY_DBT if writes_warehouse() == "sail" else ())]
    for layer in by_delta_rs:
        for name in _stored(layer):
            kept = in_use.get((layer, name))
            table = delta_commits.opened(layer, name)
            removed = table.vacuum(retention_hours=KEEP_HOURS, dry_run=False, full=True, keep_versions=kept)
            failpoint("upkeep.after_vacuum")
            yield f"{layer}.{name}: {len(removed)} files removed"
    # What Spark plans for each table takes a second, and most have nothing to remove.
    due = [each for each in _stored_by_dbt() if each[0] not in by_delta_rs and _has_old_files(*each)]
    if not due:
        return
    with session.connected("upkeep") as spark:
        for layer, name in due:
            spark.sql(f"VACUUM {tables.by_path(layer, name)} RETAIN {KEEP_HOURS} HOURS")
            failpoint("upkeep.after_vacuum_by_spark")
            yield f"{layer}.{name}: vacuumed"


def _has_old_files(layer: Layer, name: str) -> bool:
    return bool(delta_commits.opened(layer, name).vacuum(retention_hours=KEEP_HOURS, dry_run=True, full=True))


def _in_use() -> dict[tuple[Layer, str], list[int]]:
    """Versions that stay readable, however long newer ones have failed.

    Of silver what is published, of entities what the last complete resolution noted: an interrupted one is taken back.
    """
    kept: dict[tuple[Layer, str], list[int]] = {("silver", table): [at] for table, at in published_versions().items()}
    for spec in load_entities():
        note = last_note(spec)
        for suffix, version in (note.versions if note else {}).items():
            kept["entities", f"{spec.entity}{suffix}"] = [version]
    return kept


def _tidy_ledger() -> Iterator[str]:
    """Forget free leases, name deliveries that wait too long, and remove what dead workers left a day ago."""
    now = datetime.now(UTC)
    with control_session() as at:
        gone = at.execute(delete(Lease).where(Lease.expires_at < now - timedelta(days=1)))
        at.commit()
        failpoint("upkeep.after_leases")
        late = (
            at.query(Delivery)
            .where(Delivery.state.in_(ON_THE_WAY), Delivery.first_seen_at < now - timedelta(days=1))
            .all()
        )
    yield f"ledger: {gone.rowcount} old leases forgotten"  # type: ignore[attr-defined]
    for row in late:
        name = row.object_key.rsplit("/", 1)[-1]
        yield f"ledger: {row.feed} {name} is {row.state} since {row.first_seen_at:%Y-%m-%d %H:%M} UTC"
    spool = settings().home / "spool"
    for folder in spool.glob("*") if spool.is_dir() else []:
        if now.timestamp() - folder.stat().st_mtime > 86_400:
            for path in sorted(folder.rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
            folder.rmdir()
            failpoint("upkeep.after_spool_folder")
            yield f"spool: removed what a dead worker left in {folder.name}"
    failpoint("upkeep.before_scratch")
    for name in remove_left(idle=timedelta(days=1)):
        yield f"scratch: removed what a dead worker left in {name}"
