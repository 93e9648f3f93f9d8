"""Build the government warehouse: run dbt over published silver and the resolved entities, on an engine."""

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from expectations.entity_spec import load_entities
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import settings
from spark_jobs.control import warehouse_builds
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.publication import published_versions
from spark_jobs.lake.engine.workbench import Engine
from spark_jobs.lineage.whole import check as check_lineage
from spark_jobs.release import publish
from spark_jobs.warehouse import changed, losses, standing
from spark_jobs.warehouse.change import views_read_by
from spark_jobs.warehouse.changed import Since
from spark_jobs.warehouse.dbt_run import BY_NAME, LEASE, DbtRun, Result, raise_on_failure, target_folder
from spark_jobs.warehouse.published import engine_over, of_versions

_WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")

log = logger("warehouse")


@dataclass(frozen=True)
class WarehouseOutcome:
    """What one build came to.

    Args:
        marts: rows by table, `layer.table`, of the base libraries and marts that are in storage.
        passed: models, seeds and tests that succeeded.
        failed: tests that failed with severity warn; anything worse raises.
        refreshed: incremental tables that were made anew, because that was asked for.
        number: by which the build can be restored.
        seconds: wall time.
        changed: what had changed since the last build, what follows from which was built; None: all was.
    """

    marts: dict[str, int]
    passed: int
    failed: int
    refreshed: tuple[str, ...]
    number: int
    seconds: float
    changed: tuple[str, ...] | None = None


def build(
    select: str | None = None,
    full_refresh: bool = False,
    published: dict[str, int] | None = None,
    unit_tests: bool = True,
    accepted_losses: Collection[str] = (),
    everything: bool = False,
) -> WarehouseOutcome:
    """Build models and run their tests; give the rows of each table. A second build waits for the first.

    Args:
        select: a dbt selection such as `+mart_health__epidemic_curve`; None builds all that follows from what has
            changed since the last build of all.
        full_refresh: replace incremental tables, which a build otherwise refuses.
        published: silver table -> version to read; by default what verify published.
        unit_tests: run those of the models too; they depend on the code alone, and take a seventh of a build.
        accepted_losses: tables that may lose more rows than `expectations.row_floors` says.
        everything: also what follows from nothing that has changed.

    Raises:
        LakeError: the engine is not there or has no room, a model or test failed, a table would lose too many rows,
            another build does not end, the selection names nothing, or columns come from nowhere or show persons
            without saying for what.
    """
    began = time.monotonic()
    with exclusive(LEASE) as alone:
        check_lineage()
        published = published_versions() if published is None else published
        _prepare_sources()
        failpoint("warehouse.after_entity_tables")
        alone.check()
        entities, before, inputs = standing.versions_of("entities"), standing.now(), changed.read_now()
        since = None if select or full_refresh or everything else changed.since_last_build(published, entities, inputs)
        if since is not None and not since.changes:
            return _unchanged(since, before, began)
        options = () if unit_tests else _WITHOUT_UNIT_TESTS
        silver, floors = of_versions(published), losses.floors(before, accepted_losses)
        chosen = _selection(select) if since is None else since.selection()
        run = DbtRun(["build", *chosen, *options], silver, full_refresh, floors)
        with engine_over(silver).for_dbt(BY_NAME) as reached:
            results = run.results(reached)
            # Here, where the engine says whether it has ended or had no room.
            built = standing.now()
            _raise_on_loss(results, floors, before, built)
            raise_on_failure(results)
        if select and not results:
            what = f"nothing in the warehouse is selected by {select!r}"
            raise LakeError(
                what, "models are named as their files below dbt/models; +NAME is one with all that it reads"
            )
        failpoint("warehouse.after_dbt")
        publish.publish(None if since is None else _made_anew(before, built))
        failpoint("warehouse.after_publishing")
        after = standing.now()
        documents = {name: each.document() for name, each in after.items()}
        number = warehouse_builds.note(select, published, entities, documents, sorted(accepted_losses), inputs)
    outcome = WarehouseOutcome(
        marts={name: each.rows for name, each in after.items()},
        passed=sum(result["status"] in {"success", "pass"} for result in results),
        failed=sum(result["status"] == "warn" for result in results),
        refreshed=refreshed(results) if full_refresh else (),
        number=number,
        seconds=round(time.monotonic() - began, 1),
        changed=None if since is None else since.names,
    )
    log.info(
        "built",
        number=number,
        changed=None if outcome.changed is None else len(outcome.changed),
        passed=outcome.passed,
        failed=outcome.failed,
        refreshed=outcome.refreshed,
        accepted=sorted(accepted_losses),
        seconds=outcome.seconds,
    )
    return outcome


def _unchanged(since: Since, tables: standing.Tables, began: float) -> WarehouseOutcome:
    """All that models read is as the last build of everything read it: its tables stand, and so does its number."""
    log.info("nothing has changed", number=since.number)
    rows = {name: each.rows for name, each in tables.items()}
    return WarehouseOutcome(rows, 0, 0, (), since.number, round(time.monotonic() - began, 1), ())


def engine_of(published: dict[str, int]) -> Engine:
    """The engine that builds the warehouse over these versions of silver tables."""
    return engine_over(of_versions(published))


def render_docs() -> Path:
    """Write dbt's documentation site of all models and give its first page.

    Raises:
        LakeError: dbt could not read the catalogue.
    """
    # It shares dbt's folder with builds.
    with exclusive(LEASE), engine_over({}).for_dbt(BY_NAME) as reached:
        DbtRun(["docs", "generate", "--static"]).results(reached)
    return target_folder(settings()) / "static_index.html"


def _selection(select: str | None) -> list[str]:
    """Arguments of dbt for a selection, with the views that it reads."""
    if not select:
        return []
    wanted = select.split()
    # Not the tests that compare what is built with what may never have been.
    return ["--select", *wanted, *map(views_read_by, wanted), "--indirect-selection", "buildable"]


def _prepare_sources() -> None:
    """The sources that models read are there, empty at worst."""
    from spark_jobs import ledger_table
    from spark_jobs.entities.state import create_tables
    from spark_jobs.release import tokens

    ledger_table.write()
    for spec in load_entities():
        create_tables(spec)
    tokens.write()


def _made_anew(before: standing.Tables, now: standing.Tables) -> set[str]:
    """Names of the marts of persons that have another version."""
    moved = {name for name, each in now.items() if before.get(name) != each}
    return {name.removeprefix("restricted.") for name in moved if name.startswith("restricted.")}


def _raise_on_loss(
    results: Sequence[Result], floors: dict[str, int], before: standing.Tables, after: standing.Tables
) -> None:
    lost = losses.stopped(results) or losses.below(floors, after)
    if lost:
        # What the others have become may follow from the same loss.
        back = standing.put_back({name: each.version for name, each in before.items()})
        raise losses.refused(lost, before, back)


def refreshed(results: Sequence[Result]) -> tuple[str, ...]:
    """Incremental tables among what was built."""
    manifest = json.loads((target_folder(settings()) / "manifest.json").read_text("utf-8"))["nodes"]
    built = [manifest[each["unique_id"]] for each in results if each["unique_id"] in manifest]
    found = [node for node in built if node["config"]["materialized"] == "incremental"]
    return tuple(sorted(f"{node['schema']}.{node['alias']}" for node in found))
