"""One build of the warehouse at a time, and no dbt without its build."""

import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from spark_jobs import warehouse
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.lease import LeaseTaken
from tests.ports import free_port
from tests.processes import children_of, is_running, kill, wait_until
from tests.source_tree import PROJECT

RUN_DBT = "from spark_jobs import warehouse; warehouse.render_docs()"


def test_a_second_build_waits_for_the_first(lake_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lake_home
    monkeypatch.setattr(warehouse, "exclusive", partial(exclusive, wait_seconds=0))
    with exclusive(warehouse.LEASE), pytest.raises(LeaseTaken, match=f"warehouse is held by process {os.getpid()}"):
        warehouse.build()


def test_a_killed_build_leaves_no_dbt(lake_home: Path) -> None:
    log = lake_home / "dbt" / "logs" / "dbt.log"
    with socket.create_server(("127.0.0.1", free_port())) as silent:
        lake = {"LAKE_HOME": str(lake_home), "LAKE_CONNECT_PORT": str(silent.getsockname()[1])}
        env = os.environ | {"PYTHONPATH": str(PROJECT)} | lake
        with subprocess.Popen([sys.executable, "-c", RUN_DBT], env=env) as build:
            assert wait_until(lambda: log.exists() and "Opening a new connection" in log.read_text("utf-8"))
            (dbt,) = children_of(build.pid)
            build.kill()
        try:
            assert wait_until(lambda: not is_running(dbt))
        finally:
            kill(dbt)
