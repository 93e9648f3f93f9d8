"""One run of dbt on an engine: what it is told, and what it says of each node."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings, settings
from spark_jobs.lake.engine.dbt_run import Dbt, last_lines, target_name
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer, zone_uri
from spark_jobs.lake.storage.stored import stored_tables
from spark_jobs.lineage import models
from spark_jobs.lineage.whole import kept_in
from spark_jobs.warehouse.published import Published

LEASE = "warehouse"
MADE_BY_DBT: tuple[Layer, ...] = ("base", "restricted", "marts", "reference")
BY_NAME: tuple[Layer, ...] = ("entities", *MADE_BY_DBT)
"""Layers whose tables models name; silver they read by path and version."""
_SHOWN_FAILURES = 5
Result = dict[str, Any]
"""What dbt says of a node."""


@dataclass(frozen=True)
class DbtRun:
    """A command of dbt with what models are told.

    Args:
        arguments: of the command line.
        silver: tables with the versions that models read.
        full_refresh: incremental tables may be replaced; no other way leads to it.
        floors: rows that tables of the build must have at least, by `layer.table`.
        target: of profiles.yml; each has its own folder of what dbt has parsed.
    """

    arguments: Sequence[str]
    silver: Mapping[str, Published] = field(default_factory=dict)
    full_refresh: bool = False
    floors: Mapping[str, int] = field(default_factory=dict)
    target: str = "lake"

    def told(self, at: Settings) -> dict[str, Any]:
        """For the macro `told`, and for the engine's writer."""
        filesystem, root = lake_filesystem(at)
        stored = [f"{layer}.{table}" for layer in MADE_BY_DBT for table in stored_tables(filesystem, root, layer)]
        return {
            "published": {table: each.told() for table, each in self.silver.items()},
            "stored_tables": stored,
            "full_refresh": self.full_refresh,
            "floors": dict(self.floors),
        }

    def results(self, reached: Mapping[str, str]) -> list[Result]:
        """Run it in a process of its own, which ends with this one, and give its results, one per node.

        Args:
            reached: what the engine gives of environment.

        Raises:
            LakeError: dbt ended without results.
        """
        at = settings()
        target = target_folder(at, self.target)
        target.mkdir(parents=True, exist_ok=True)
        results = target / "run_results.json"
        results.unlink(missing_ok=True)
        if self.target == "lake":
            models.lend_parsed(kept_in(at), target)
        refresh = ["--full-refresh"] if self.full_refresh else []
        dbt = Dbt(folder(at), folder(at), zone_uri("lake", "s3a", at), target=self.target)
        ended = dbt.run([*self.arguments, *refresh], self.told(at), reached)
        if not results.exists() and ended.returncode != 0:
            what = f"dbt ended with code {ended.returncode}: {last_lines(ended)}"
            raise LakeError(what, f"read {folder(at)}/logs/dbt.log")
        return list(json.loads(results.read_text(encoding="utf-8"))["results"]) if results.exists() else []


def raise_on_failure(results: Sequence[Result]) -> None:
    """Name what failed.

    Raises:
        LakeError: a model or a test failed.
    """
    broken = [result for result in results if result["status"] in {"error", "fail"}]
    if not broken:
        return
    # Messages of tests are counts, those of models name columns or a kind of error; none shows a row's values.
    told = [f"{name_of(r)}: {_first_lines(r['message'])}" for r in broken[:_SHOWN_FAILURES]]
    more = f" and {len(broken) - _SHOWN_FAILURES} more" if len(broken) > _SHOWN_FAILURES else ""
    raise LakeError(
        f"the warehouse has {len(broken)} failures: {'; '.join(told)}{more}",
        f"read {folder(settings())}/logs/dbt.log, then: lake warehouse build --select {name_of(broken[0])}",
    )


def name_of(result: Result) -> str:
    """The model, seed or test."""
    return str(result["unique_id"].split(".")[2])


def folder(at: Settings) -> Path:
    """Where dbt keeps what it makes beside tables."""
    return at.home / "dbt"


def target_folder(at: Settings, target: str = "lake") -> Path:
    """Where dbt keeps what it has parsed and what it says."""
    return folder(at) / target_name(target)


def _first_lines(message: str | None) -> str:
    lines = [line.strip() for line in (message or "").splitlines() if line.strip() not in {"", "Runtime Error"}]
    return " ".join(lines[:2])[:500]
