"""Writing a resolution: the tables of an entity, one commit each, the record table last."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.entities import state
from spark_jobs.entities.resolution import erased as erasure
from spark_jobs.entities.resolution import events, guards
from spark_jobs.entities.resolution.outcome import ResolveOutcome
from spark_jobs.entities.resolution.request import Request
from spark_jobs.entities.resolution.run import Arrived, Known, Result, Run
from spark_jobs.lake.storage import table_log

log = logger("resolve")


@dataclass(frozen=True)
class Plan:
    """Everything that a resolution writes.

    Args:
        run: the resolution.
        request: what it is about.
        known: what was known; None where all is replaced.
        arrived: what changed.
        result: what the engine found.
        records: mentions to append.
        guarded: guard numbers.
    """

    run: Run
    request: Request
    known: Known | None
    arrived: Arrived
    result: Result
    records: DataFrame | None
    guarded: dict[str, Any]

    @property
    def marker(self) -> str:
        """What the commits of this resolution say of themselves."""
        return f'{{"resolution": {self.run.revision}}}'

    def save(self, rows: DataFrame, suffix: str, mode: state.Mode) -> None:
        """Write rows of one table under the resolution's marker."""
        self.request.check()
        with self.run.meter.stage(f"write{suffix or '_golden'}"):
            state.save(self.run.bench, rows, self.run.spec, suffix, mode, self.marker)
            self.run.meter.note(rows)

    def before(self, suffix: str) -> DataFrame | None:
        """A table as the last complete resolution left it; None before the first."""
        note = self.request.note
        if note is None:
            return None
        return state.read(self.run.bench, self.run.spec, suffix, note.versions[suffix])


def write(plan: Plan) -> ResolveOutcome:
    """Write all tables and the note that completes the resolution."""
    run, spec = plan.run, plan.run.spec
    told = run.keep(events.stamped(_events(plan), spec, run.revision, run.at), "events")
    counts = {row["event"]: row["count"] for row in told.groupBy("event").count().collect()}
    failpoint("resolve.before_deliveries")
    _write_deliveries(plan)
    failpoint("resolve.after_deliveries")
    _write_log(plan, plan.result.profile, "_profile")
    failpoint("resolve.after_profiles")
    _write_log(plan, plan.result.edge, "_edge")
    failpoint("resolve.after_edges")
    _write_members(plan)
    failpoint("resolve.after_members")
    _write_entities(plan)
    failpoint("resolve.after_entities")
    if counts.get("merged") or counts.get("retired") or table_log.row_count("entities", f"{spec.entity}_alias"):
        _write_aliases(plan, told)
        failpoint("resolve.after_aliases")
    if counts:
        plan.save(told, "_event", "append")
        failpoint("resolve.after_events")
    with run.meter.stage("totals"):
        outcome = _outcome(plan, counts)
    _write_resolution(plan, told, outcome)
    failpoint("resolve.after_resolution")
    _write_records(plan, outcome)
    failpoint("resolve.after_records")
    log.info("resolved", entity=spec.entity, revision=run.revision, records=outcome.records, entities=outcome.entities)
    return replace(outcome, figures=run.meter.figures())


def _write_deliveries(plan: Plan) -> None:
    rows = [(*key, content, 0, plan.run.revision) for key, content in sorted(plan.request.found.now.items())]
    schema = state.schemas(plan.run.spec)["_delivery"]
    plan.save(plan.run.spark.createDataFrame(rows, schema), "_delivery", "overwrite")


def _write_log(plan: Plan, rows: DataFrame, suffix: str) -> None:
    """Append to a log table, or begin it anew; rows of profiles that lost records are deleted first."""
    if plan.known is None:
        plan.save(rows, suffix, "overwrite")
        return
    if suffix == "_profile" and plan.arrived.withdrawn is not None:
        staying = plan.known.profile.join(F.broadcast(plan.arrived.withdrawn), "profile_id", "left_anti")
        plan.save(staying.unionByName(rows), suffix, "overwrite")
        return
    plan.save(rows, suffix, "append")


def _write_members(plan: Plan) -> None:
    rows = plan.result.member
    if plan.known is not None and plan.result.touched is not None:
        rows = plan.known.member.join(F.broadcast(plan.result.touched), "node_id", "left_anti").unionByName(rows)
    plan.save(rows, "_member", "overwrite")


def _columns(plan: Plan) -> list[str]:
    spec = plan.run.spec
    values = [c for a in spec.attributes for c in (a.name, f"{a.name}_source", f"{a.name}_date")]
    dates = ["first_business_date", "last_business_date", "oldest_profile_id"]
    return [spec.id_column, *values, "feeds", "records", "profiles", *dates]


def _write_entities(plan: Plan) -> None:
    rows = plan.result.entities.select(*_columns(plan))
    if plan.known is not None:
        old = state.read(plan.run.bench, plan.run.spec, "")
        ids = F.broadcast(_touched_ids(plan))
        rows = old.join(ids, plan.run.spec.id_column, "left_anti").unionByName(rows)
    plan.save(rows, "", "overwrite")


def _touched_ids(plan: Plan) -> DataFrame:
    """Ids that touched nodes had before."""
    members = plan.before("_member")
    if members is None or plan.result.touched is None:
        raise ValueError("only an increment has touched ids")
    near = members.join(F.broadcast(plan.result.touched), "node_id", "left_semi")
    return near.select(plan.run.spec.id_column).distinct()


def _content(plan: Plan) -> Column:
    return F.xxhash64(*(F.coalesce(F.col(a.name).cast("string"), F.lit("")) for a in plan.run.spec.attributes))


def _events(plan: Plan) -> DataFrame:
    """What happened to the touched entities, compared with the last complete resolution."""
    spec = plan.run.spec
    after = plan.result.entities.select(
        F.col(spec.id_column).alias("entity_id"),
        F.sort_array("profile_ids").alias("profiles"),
        "records",
        _content(plan).alias("content"),
        "oldest_profile_id",
    )
    members, profiles, golden = (plan.before(suffix) for suffix in ("_member", "_profile", ""))
    if members is None or profiles is None or golden is None:
        return events.entity_events(None, after, spec)
    near = members
    if plan.result.touched is not None:
        near = members.join(F.broadcast(plan.result.touched), "node_id", "left_semi")
    sets = (
        profiles.select("profile_id", "node_id")
        .join(near.select("node_id", spec.id_column), "node_id")
        .groupBy(spec.id_column)
        .agg(F.sort_array(F.array_distinct(F.collect_list("profile_id"))).alias("profiles"))
    )
    # Joined before the values are hashed: few of all golden records are touched.
    rows = golden.drop("profiles").join(F.broadcast(sets) if plan.result.touched is not None else sets, spec.id_column)
    entity_id, content = F.col(spec.id_column).alias("entity_id"), _content(plan).alias("content")
    before = rows.select(entity_id, "profiles", "records", content)
    return events.entity_events(plan.run.keep(before, "entities_before"), after, spec)


def _write_aliases(plan: Plan, told: DataFrame) -> None:
    known = state.read(plan.run.bench, plan.run.spec, "_alias")
    named = told.withColumnRenamed(plan.run.spec.id_column, "entity_id")
    plan.save(events.aliases(known, named, plan.run.revision), "_alias", "overwrite")


def _outcome(plan: Plan, happened: dict[str, int]) -> ResolveOutcome:
    """Totals of the whole entity after this resolution, from the tables' statistics and the records to come."""
    spec = plan.run.spec
    totals = state.read(plan.run.bench, spec, "").agg(F.sum("records"), F.sum("profiles"), F.count("*")).collect()[0]
    records, profiles, entities = (int(value or 0) for value in totals)
    guards.fallen(spec.entity, entities, records, plan.request.note, plan.request.accept)
    pairs = table_log.row_count("entities", f"{spec.entity}_edge")
    figures = plan.run.meter.figures()
    return ResolveOutcome(spec.entity, plan.run.revision, True, records, profiles, entities, pairs, happened, figures)


def _write_resolution(plan: Plan, told: DataFrame, outcome: ResolveOutcome) -> None:
    """The row of this resolution, its events chained to those of the one before."""
    spec, run = plan.run.spec, plan.run
    last = state.read(run.bench, spec, "_resolution").orderBy(F.desc("revision")).limit(1).collect()
    previous = last[0]["digest"] if last else ""
    totals = (outcome.records, outcome.profiles, outcome.entities, outcome.pairs, sum(outcome.events.values()))
    guarded = guards.as_text({**plan.guarded, "figures": outcome.figures, "events": outcome.events})
    digest = events.digest_of(told, previous)
    row = (run.revision, run.at, plan.request.inputs, run.model.version, *totals, guarded, previous, digest)
    plan.save(run.spark.createDataFrame([row], state.RESOLUTION), "_resolution", "append")


def _write_records(plan: Plan, outcome: ResolveOutcome) -> None:
    """The records with profile and node, and the note that completes the resolution."""
    spec, run, request = plan.run.spec, plan.run, plan.request
    counts = {name: getattr(outcome, name) for name in ("records", "profiles", "entities", "pairs")}
    counts["largest_entity"] = plan.guarded["sizes"]["largest_entity"]
    note = state.Note(
        run.revision,
        request.inputs,
        request.settings,
        run.feeds,
        request.standing.ids,
        state.versions(spec),
        counts,
        erasure.mark(request.erased),
    )
    rows = _record_rows(plan)
    replaced = plan.known is None or plan.arrived.withdrawn is not None
    request.check()
    with run.meter.stage("write_record"):
        state.save(run.bench, rows, spec, "_record", "overwrite" if replaced else "append", note.text())


def _record_rows(plan: Plan) -> DataFrame:
    run, spec = plan.run, plan.run.spec
    empty = state.read(run.bench, spec, "_record").limit(0)
    added = empty
    if plan.records is not None:
        nodes = plan.result.profile.select("profile_id", "node_id").distinct()
        # Hashed, not sorted: records are many and wide, nodes are two numbers.
        added = plan.records.join(nodes.hint("shuffle_hash"), "profile_id").select(*empty.columns)
    if plan.known is None or plan.arrived.withdrawn is None:
        return added
    return staying(state.read(run.bench, spec, "_record"), plan.request).unionByName(added)


def _removed(records: DataFrame, request: Request) -> DataFrame:
    """Keys of the deliveries that were withdrawn or corrected."""
    return F.broadcast(
        records.sparkSession.createDataFrame(list(request.found.removed), "feed string, _delivery_id string")
    )


def taken_back(records: DataFrame, request: Request) -> DataFrame:
    """Records that no longer hold: of withdrawn or corrected deliveries, or erased."""
    removed = records.join(_removed(records, request), ["feed", "_delivery_id"], "left_semi").select(*records.columns)
    erased = request.erased_since
    return removed.unionByName(erasure.erased_records(records, erased)) if erased else removed


def staying(records: DataFrame, request: Request) -> DataFrame:
    """Records that still hold."""
    kept = records.join(_removed(records, request), ["feed", "_delivery_id"], "left_anti").select(*records.columns)
    return erasure.without_erased(kept, request.erased_since)


def summary(outcome: ResolveOutcome) -> dict[str, Any]:
    """The outcome for a machine."""
    return asdict(outcome)
