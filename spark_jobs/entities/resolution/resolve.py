"""Resolve one kind of entity over all feeds: read published silver, decide who is who, write the entity tables."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control.exclusive import Exclusive, exclusive
from spark_jobs.entities import state
from spark_jobs.entities.match.model import Model, approved_model
from spark_jobs.entities.match.profiles import profiles_of
from spark_jobs.entities.resolution import arrivals, decisions, guards, writing
from spark_jobs.entities.resolution import erased as erasure
from spark_jobs.entities.resolution.engine import resolve_changes
from spark_jobs.entities.resolution.outcome import ResolveOutcome, unchanged
from spark_jobs.entities.resolution.request import Request, Source
from spark_jobs.entities.resolution.run import Arrived, Known, Run
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.server.meter import Meter

log = logger("resolve")


def published(bench: Workbench, spec: EntitySpec, versions: dict[str, int]) -> Source:
    """The published versions of silver tables as a source."""
    return Source(
        lambda before: arrivals.published_deliveries(bench, spec, versions, before),
        lambda wanted, numbers: arrivals.read_records(bench, spec, versions, wanted, numbers),
    )


def alone_with(entity: str) -> AbstractContextManager[Exclusive]:
    """The right to change the tables of a kind of entity; waits for whoever has it."""
    return exclusive(f"resolve:{entity}")


def resolve(
    bench: Workbench, entity: str, versions: dict[str, int], full: bool = False, accept: bool = False
) -> ResolveOutcome:
    """Bring the tables of an entity up to the published silver versions; writes nothing where nothing changed.

    The record table is written last and its note completes the resolution: what an interrupted one left is taken back.

    Args:
        bench: an engine that joins many records.
        entity: `person`, `legal_entity` or any other spec.
        versions: silver table -> the version that verify published; other feeds are left out.
        full: resolve everything anew, whatever is known. Ids stay, as they follow from the data alone.
        accept: publish although a guard number jumped.

    Raises:
        ValueError: there is no spec of that entity.
        LakeError: there is no model of it, a guard number stops the publication, or another process that changes the
            same entity does not come to its end.
    """
    with alone_with(entity) as alone:
        return resolve_alone(alone, bench, entity, versions, full, accept)


def resolve_alone(
    alone: Exclusive,
    bench: Workbench,
    entity: str,
    versions: dict[str, int],
    full: bool = False,
    accept: bool = False,
) -> ResolveOutcome:
    """As `resolve`, by who has the right to it already."""
    spec = load_entity(entity)
    return resolve_from(bench, spec, approved_model(spec), published(bench, spec, versions), full, accept, alone.check)


def _always() -> None:
    """Nobody else can be at work."""


def resolve_from(
    bench: Workbench,
    spec: EntitySpec,
    model: Model,
    source: Source,
    full: bool = False,
    accept: bool = False,
    check: Callable[[], None] = _always,
) -> ResolveOutcome:
    """As `resolve`, from any source of deliveries and with any model.

    `check` raises where this process has lost its right to resolve.
    """
    state.create_tables(spec)
    note = state.last_note(spec)
    if restored := state.undo_interrupted(spec, note):
        log.warning("interrupted resolution taken back", entity=spec.entity, tables=len(restored))
        failpoint("resolve.after_taking_back")
    before = arrivals.known_deliveries(spec, note)
    now = source.deliveries(before)
    standing, erased = decisions.standing(bench, spec), erasure.erased(bench, spec)
    request = Request(spec, model, source, note, arrivals.compare(before, now), standing, erased, full, accept, check)
    if note is None or note.settings != request.settings:
        request = replace(request, anew=True)
    if note is not None and note.inputs == request.inputs and not full:
        return unchanged(spec.entity, note)
    if request.anew:
        request = replace(request, found=arrivals.compare({}, now))
    inside = replace(bench, staging=bench.staging.folder("resolution"))
    try:
        return _resolve(inside, request)
    finally:
        bench.staging.clear("resolution")


def _resolve(bench: Workbench, request: Request) -> ResolveOutcome:
    spec, note = request.spec, request.note
    feeds = tuple(dict.fromkeys((*(note.feeds if note else ()), *sorted({feed for feed, _ in request.found.now}))))
    revision = (note.revision if note else 0) + 1
    run = Run(bench, spec, request.model, Meter(engine=bench.pid), revision, datetime.now(UTC), feeds)
    known = None if request.anew else _known(bench, spec)
    arrived, records = _arrived(run, known, request)
    if arrived.records is None and arrived.rebuilt is None and known is None:
        return unchanged(spec.entity, note)
    result = resolve_changes(run, known, arrived)
    with run.meter.stage("guards"):
        guarded = guards.check(run, result, note, request.accept)
    return writing.write(writing.Plan(run, request, known, arrived, result, records, guarded))


def _known(bench: Workbench, spec: EntitySpec) -> Known:
    profile, edge, member = (state.read(bench, spec, name) for name in ("_profile", "_edge", "_member"))
    return Known(profile, partial(state.batches, spec, "_profile"), edge, member)


def _arrived(run: Run, known: Known | None, request: Request) -> tuple[Arrived, DataFrame | None]:
    """What the engine is given, and the records to append."""
    numbers = {feed: number for number, feed in enumerate(run.feeds)}
    records = request.source.records(request.found.added, numbers)
    if records is not None:
        records = erasure.without_erased(records, request.erased)
    if known is None:
        return Arrived(records, decisions=request.standing.in_force), records
    if records is not None:
        records = run.keep(records, "records")
    withdrawn, rebuilt = _withdrawn(run, known, request)
    touched = request.standing.touched_since(request.note)
    return Arrived(records, rebuilt, withdrawn, request.standing.in_force, touched), records


def _withdrawn(run: Run, known: Known, request: Request) -> tuple[DataFrame | None, DataFrame | None]:
    """Profiles that lose records, and the totals of those that keep some, from the records that stay."""
    if not request.found.removed and not request.erased_since:
        return None, None
    records = state.read(run.bench, run.spec, "_record")
    lost = run.keep(writing.taken_back(records, request).select("profile_id").distinct(), "withdrawn")
    names = [attribute.name for attribute in run.spec.attributes]
    said = known.profile.select("profile_id", *names).join(F.broadcast(lost), "profile_id", "left_semi")
    number = F.array_position(F.array(*map(F.lit, run.feeds)), F.col("feed")).cast("int") - 1
    staying = writing.staying(records, request).join(F.broadcast(lost), "profile_id", "left_semi")
    numbered = staying.withColumn("_feed_number", number)
    again = profiles_of(numbered.join(said.distinct(), "profile_id"), run.spec)
    return lost, run.keep(again, "rebuilt")
