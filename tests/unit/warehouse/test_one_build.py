"""One build of the warehouse at a time, and no dbt without its build."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from spark_jobs import warehouse
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.lease import LeaseTaken
from spark_jobs.warehouse import building
from tests.processes import children_of, is_running, kill, wait_until
from tests.source_tree import PROJECT

RUN_DBT = "from spark_jobs import warehouse; warehouse.render_docs()"


def test_a_second_build_waits_for_the_first(lake_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lake_home
    monkeypatch.setattr(building, "exclusive", partial(exclusive, wait_seconds=0))
    with exclusive(warehouse.LEASE), pytest.raises(LeaseTaken, match=f"warehouse is held by process {os.getpid()}"):
        warehouse.build()


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
