"""Build the government warehouse: run dbt over published silver and the resolved entities, on an engine."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.entity_spec import load_entities
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import Settings, settings
from spark_jobs.control.exclusive import exclusive
from spark_jobs.lake.engine.choice import engine_for_warehouse
from spark_jobs.lake.engine.dbt_run import Dbt, last_lines
from spark_jobs.lake.engine.workbench import Engine
from spark_jobs.lake.silver.parts import is_in_parts, read_columns
from spark_jobs.lake.storage import delta_commits, table_log
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer, zone_uri
from spark_jobs.lake.storage.stored import stored_tables
from spark_jobs.lineage.whole import check as check_lineage
from spark_jobs.release import publish

LEASE = "warehouse"
_MADE_BY_DBT: tuple[Layer, ...] = ("base", "restricted", "marts", "reference")
_BY_NAME: tuple[Layer, ...] = ("entities", *_MADE_BY_DBT)
"""Layers whose tables models name; silver they read by path and version."""
_SHOWN_FAILURES = 5
_WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")

log = logger("warehouse")


@dataclass(frozen=True)
class WarehouseOutcome:
    """What one build came to.

    Args:
        marts: rows by table, `layer.table`, of the base libraries and marts that are in storage.
        passed: models, seeds and tests that succeeded.
        failed: tests that failed with severity warn; anything worse raises.
        seconds: wall time.
    """

    marts: dict[str, int]
    passed: int
    failed: int
    seconds: float


@dataclass(frozen=True)
class _Published:
    """A version of a silver table, as models are told of it."""

    version: int
    columns: dict[str, bool]
    """What models see of it; whether it is a point in time."""
    is_in_parts: bool
    """Rows and endings stand apart; not so in a table that was written before there were endings."""
    rows: int

    @classmethod
    def at(cls, table: str, version: int) -> "_Published":
        """What the log says of a version."""
        found = delta_commits.opened("silver", table, version)
        kinds = {each.name: each.type for each in found.schema().fields}
        columns = {name: getattr(kinds[name], "type", "") == "timestamp" for name in read_columns(kinds)}
        return cls(version, columns, is_in_parts(kinds), int(found.count()))

    def told(self) -> dict[str, Any]:
        """For the macro `published`."""
        times = [name for name, is_time in self.columns.items() if is_time]
        return {"version": self.version, "columns": [*self.columns], "times": times, "in_parts": self.is_in_parts}


def build(
    select: str | None = None,
    full_refresh: bool = False,
    published: dict[str, int] | None = None,
    unit_tests: bool = True,
) -> WarehouseOutcome:
    """Build models and run their tests; give the rows of each table. A second build waits for the first.

    Args:
        select: a dbt selection such as `+mart_health__epidemic_curve`; None builds all.
        full_refresh: replace incremental tables, which a build otherwise refuses.
        published: silver table -> version to read; by default what verify published.
        unit_tests: run those of the models too; they depend on the code alone, and take a seventh of a build.

    Raises:
        LakeError: the engine is not there or has no room, a model or test failed, another build does not end, the
            selection names nothing, or columns come from nowhere or show persons without saying for what.
    """
    began = time.monotonic()
    at = settings()
    with exclusive(LEASE) as alone:
        check_lineage()
        if published is None:
            from spark_jobs.control.publication import published_versions

            published = published_versions()
        _prepare_sources()
        failpoint("warehouse.after_entity_tables")
        alone.check()
        options = [*(["--full-refresh"] if full_refresh else []), *([] if unit_tests else _WITHOUT_UNIT_TESTS)]
        silver = {table: _Published.at(table, version) for table, version in published.items()}
        with _engine_over(silver).for_dbt(_BY_NAME) as reached:
            results = _run(at, ["build", *_selection(select), *options], reached, silver)
            _raise_on_failure(at, results)
        if select and not results:
            what = f"nothing in the warehouse is selected by {select!r}"
            raise LakeError(
                what, "models are named as their files below dbt/models; +NAME is one with all that it reads"
            )
        failpoint("warehouse.after_dbt")
        publish.publish()
        failpoint("warehouse.after_publishing")
    passed = sum(result["status"] in {"success", "pass"} for result in results)
    warned = sum(result["status"] == "warn" for result in results)
    outcome = WarehouseOutcome(_rows(at), passed, warned, round(time.monotonic() - began, 1))
    log.info("built", passed=outcome.passed, failed=outcome.failed, seconds=outcome.seconds)
    return outcome


def engine_of(published: dict[str, int]) -> Engine:
    """The engine that builds the warehouse over these versions of silver tables."""
    return _engine_over({table: _Published.at(table, version) for table, version in published.items()})


def _engine_over(silver: "dict[str, _Published]") -> Engine:
    return engine_for_warehouse(sum(each.rows for each in silver.values()))


def render_docs() -> Path:
    """Write dbt's documentation site of all models and give its first page.

    Raises:
        LakeError: dbt could not read the catalogue.
    """
    at = settings()
    # It shares dbt's folder with builds.
    with exclusive(LEASE), _engine_over({}).for_dbt(_BY_NAME) as reached:
        _run(at, ["docs", "generate", "--static"], reached, {})
    return _folder(at) / "target" / "static_index.html"


def _selection(select: str | None) -> list[str]:
    # Not the tests that compare what is built with what may never have been.
    return ["--select", select, "--indirect-selection", "buildable"] if select else []


def _prepare_sources() -> None:
    """The sources that models read are there, empty at worst."""
    from spark_jobs import ledger_table
    from spark_jobs.entities.state import create_tables
    from spark_jobs.release import tokens

    ledger_table.write()
    for spec in load_entities():
        create_tables(spec)
    tokens.write()


def _run(
    at: Settings, arguments: list[str], reached: Mapping[str, str], silver: "dict[str, _Published]"
) -> list[dict[str, Any]]:
    """Run dbt in a process of its own, which ends with this one, and give its results, one per node."""
    folder = _folder(at)
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "target" / "run_results.json"
    results.unlink(missing_ok=True)
    stored = [f"{layer}.{table}" for layer in _MADE_BY_DBT for table in stored_tables(*lake_filesystem(at), layer)]
    told = {"published": {table: each.told() for table, each in silver.items()}, "stored_tables": stored}
    ended = Dbt(folder, folder, zone_uri("lake", "s3a", at)).run(arguments, told, reached)
    if not results.exists() and ended.returncode != 0:
        raise LakeError(f"dbt ended with code {ended.returncode}: {last_lines(ended)}", f"read {folder}/logs/dbt.log")
    return list(json.loads(results.read_text(encoding="utf-8"))["results"]) if results.exists() else []


def _raise_on_failure(at: Settings, results: list[dict[str, Any]]) -> None:
    broken = [result for result in results if result["status"] in {"error", "fail"}]
    if not broken:
        return
    # Messages of tests are counts, those of models name columns or a kind of error; none shows a row's values.
    told = [f"{r['unique_id'].split('.')[2]}: {_first_line(r['message'])}" for r in broken[:_SHOWN_FAILURES]]
    more = f" and {len(broken) - _SHOWN_FAILURES} more" if len(broken) > _SHOWN_FAILURES else ""
    raise LakeError(
        f"the warehouse has {len(broken)} failures: {'; '.join(told)}{more}",
        f"read {_folder(at)}/logs/dbt.log, then: lake warehouse build --select {broken[0]['unique_id'].split('.')[2]}",
    )


def _rows(at: Settings) -> dict[str, int]:
    """Rows of each table of the base libraries and marts, from the statistics of its Delta log."""
    filesystem, root = lake_filesystem(at)
    layers: tuple[Layer, ...] = ("base", "restricted", "marts")
    return {
        f"{layer}.{table}": table_log.row_count(layer, table)
        for layer in layers
        for table in stored_tables(filesystem, root, layer)
    }


def _folder(at: Settings) -> Path:
    return at.home / "dbt"


def _first_line(message: str | None) -> str:
    lines = [line.strip() for line in (message or "").splitlines() if line.strip()]
    return " ".join(lines[:2])[:500]
