"""One build of the warehouse at a time, and no dbt without its build."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from spark_jobs import warehouse
from spark_jobs.base.errors import LakeError
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.lease import LeaseTaken
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.warehouse import building
from spark_jobs.warehouse.dbt_run import DbtRun
from tests.processes import children_of, is_running, kill, wait_until
from tests.source_tree import PROJECT

RUN_DBT = "from spark_jobs import warehouse; warehouse.render_docs()"


def test_a_second_build_waits_for_the_first(lake_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lake_home
    monkeypatch.setattr(building, "exclusive", partial(exclusive, wait_seconds=0))
    with exclusive(warehouse.LEASE), pytest.raises(LeaseTaken, match=f"warehouse is held by process {os.getpid()}"):
        warehouse.build()


@pytest.mark.parametrize(
    ("asked", "views"),
    [
        ("base_person", ["+base_person"]),
        ("+base_person  mart_life__event+", ["+base_person", "@mart_life__event"]),
        ("+base_person+", ["@base_person"]),
        ("@base_person 2+base_person base_person+1", ["@base_person", "2+base_person", "base_person+1"]),
    ],
)
def test_a_selection_is_built_with_the_views_that_it_reads(asked: str, views: list[str]) -> None:
    made = [*asked.split(), *(f"{each},config.materialized:view" for each in views)]
    assert building._selection(asked) == ["--select", *made, "--indirect-selection", "buildable"]
    assert building._selection(None) == []


def test_a_killed_build_leaves_neither_dbt_nor_engine(lake_home: Path) -> None:
    log = lake_home / "dbt" / "logs" / "dbt.log"
    env = os.environ | {"LAKE_HOME": str(lake_home), "PYTHONPATH": str(PROJECT), "LAKE_WAREHOUSE_ENGINE": "sail"}
    with subprocess.Popen([sys.executable, "-c", RUN_DBT], env=env) as build:
        assert wait_until(lambda: log.exists() and "Opening a new connection" in log.read_text("utf-8"))
        left = children_of(build.pid)
        build.kill()
    try:
        assert len(left) == 2
        assert wait_until(lambda: not any(is_running(each) for each in left))
    finally:
        for each in left:
            kill(each)


class _Engine:
    """An engine that notes what ends its work."""

    def __init__(self) -> None:
        self.ended_by: list[str] = []

    @contextmanager
    def for_dbt(self, layers: Sequence[Layer]) -> Iterator[dict[str, str]]:
        assert "base" in layers
        try:
            yield {}
        except LakeError as error:
            self.ended_by.append(error.what)
            raise


def test_an_engine_is_asked_why_a_model_failed(monkeypatch: pytest.MonkeyPatch, lake_home: Path) -> None:
    assert lake_home
    engine = _Engine()
    failed = {"unique_id": "model.xianning_warehouse.base_person", "status": "error", "message": "Runtime Error"}
    monkeypatch.setattr(building, "check_lineage", lambda: None)
    monkeypatch.setattr(building, "engine_over", lambda silver: engine)
    monkeypatch.setattr(DbtRun, "results", lambda self, reached: [failed])
    with pytest.raises(LakeError, match="the warehouse has 1 failures: base_person"):
        building.build(published={})
    assert engine.ended_by == ["the warehouse has 1 failures: base_person: "]
