"""Upkeep: compact small files, remove files that no kept version needs, tidy the ledger.

Tables are kept up by delta-rs, those too that the lake server writes: nobody writes one meanwhile, and Spark plans each
for a second.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

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
from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.arrow import has_int96, lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import remove_left
from spark_jobs.lake.storage.stored import stored_tables
from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR, WRITER, missing_statistics
from spark_jobs.verify.current_table import shown_version
from spark_jobs.warehouse import LEASE as WAREHOUSE

KEEP_HOURS = 168
"""Files of superseded versions stay for a week: time travel, and readers that began before."""
_MADE_BY_DBT: tuple[Layer, ...] = ("base", "restricted", "marts")
"""Layers that a build of the warehouse writes, on whatever engine; none runs while they are kept up."""
_LOOKED_FOR: dict[Layer, tuple[str, ...]] = {
    "silver": REFINED_LOOKED_FOR,
    "current": REFINED_LOOKED_FOR,
    "quarantine": REFINED_LOOKED_FOR,
    "entities": (),
}
"""Layers between bronze and warehouse, and which values the log of a table that does not say so may hold."""


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


def _optimize() -> Iterator[str]:
    from spark_jobs.verify import carry_forward

    yield from compact_bronze()
    yield from settle_silver()
    yield from compact_refined()
    for feed in load_feeds():
        if carry_forward(feed).published:
            failpoint("upkeep.after_carried_forward")
            yield f"silver.{feed.table}: the published version now has the compacted files"
    with exclusive(WAREHOUSE):
        for layer in _MADE_BY_DBT:
            yield from compact_layer(layer)


def compact_bronze() -> Iterator[str]:
    """Small files of bronze into large ones, written as intake writes them; a line a table."""
    for name in _stored("bronze"):
        yield _compacted("bronze", name, bronze.WRITER)
        failpoint("upkeep.after_bronze_compaction")


def compact_refined() -> Iterator[str]:
    """The same of what refine and resolution write."""
    for layer, looked_for in _LOOKED_FOR.items():
        yield from compact_layer(layer, looked_for)


def compact_layer(layer: Layer, looked_for: tuple[str, ...] = ()) -> Iterator[str]:
    """The same of a layer's tables; the log of one that an earlier version made holds no values of rows from now on.

    What it says already stays in it until the file is compacted and the entry expires.
    """
    for name in _stored(layer):
        table = delta_commits.opened(layer, name)
        lacking = missing_statistics(table.metadata().configuration, looked_for)
        if lacking:
            table.alter.set_table_properties(lacking)
            yield f"{layer}.{name}: from now on its log holds no values of rows"
        # Of each part one file is as few as there can be.
        if len(table.file_uris()) > max(1, len(table.partitions())):
            if has_int96(layer, name, table):
                yield f"{layer}.{name}: not compacted, its times are kept as an earlier version kept them (INT96)"
                continue
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


def _vacuum() -> Iterator[str]:
    for name in _stored("bronze"):
        yield _vacuumed("bronze", name, None)
        failpoint("upkeep.after_bronze_vacuum")
    in_use = _in_use()
    for layer in _LOOKED_FOR:
        for name in _stored(layer):
            yield _vacuumed(layer, name, in_use.get((layer, name)))
            failpoint("upkeep.after_vacuum")
    with exclusive(WAREHOUSE):
        for layer in _MADE_BY_DBT:
            for name in _stored(layer):
                yield _vacuumed(layer, name, None)
                failpoint("upkeep.after_warehouse_vacuum")


def _vacuumed(layer: Layer, name: str, kept: list[int] | None) -> str:
    table = delta_commits.opened(layer, name)
    # Full: also what a dead worker wrote and never committed, of which no log speaks.
    removed = table.vacuum(retention_hours=KEEP_HOURS, dry_run=False, full=True, keep_versions=kept)
    return f"{layer}.{name}: {len(removed)} files removed"


def _in_use() -> dict[tuple[Layer, str], list[int]]:
    """Versions that stay readable, however long newer ones have failed.

    Of silver what is published and what tables of current rows show, of entities what the last complete resolution
    noted: an interrupted one is taken back.
    """
    kept: dict[tuple[Layer, str], list[int]] = {("silver", table): [at] for table, at in published_versions().items()}
    for table in _stored("current"):
        if (version := shown_version(table)) is not None:
            kept.setdefault(("silver", table), []).append(version)
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
