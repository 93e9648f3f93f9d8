"""`lake` is the one front door: every verb, none twice, and quick to open."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from infra import front_door
from infra.airflow import runtime
from infra.warm import keeper
from spark_jobs import cli
from spark_jobs.base.settings import PROJECT
from spark_jobs.jobs import prepare
from spark_jobs.lake.server import lifecycle

HEAVY = {"airflow", "alembic", "deltalake", "duckdb", "great_expectations", "httpx", "minio", "pandas", "pyarrow"}
HEAVY |= {"openlineage", "pyspark", "sqlalchemy", "sqlglot", "structlog"}

WAYS_UP = [
    pytest.param(["up"], id="up"),
    pytest.param(["server", "up"], id="server up"),
    pytest.param(["run"], id="run"),
    pytest.param(["backfill", "health/epidemic_daily", "--from", "2020-01-23", "--to", "2020-01-24"], id="backfill"),
]


def verbs(app: typer.Typer) -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_the_project_installs_one_command() -> None:
    scripts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts == {"lake": "infra.lake:main"}


def test_every_job_is_behind_it_and_what_runs_the_whole() -> None:
    whole = {"run", "up", "down", "status", "backfill", "trigger", "stack"}
    assert set(verbs(front_door.app)) == set(verbs(cli.app)) | whole
    assert not set(verbs(cli.app)) & whole, "a verb has one meaning"


def test_no_two_commands_have_one_name() -> None:
    added = len(front_door.app.registered_commands) + len(front_door.app.registered_groups)
    assert added == len(verbs(front_door.app))


def test_every_verb_says_what_it_does_below_a_heading() -> None:
    for name, command in verbs(front_door.app).items():
        assert command.help, name
        assert command.rich_help_panel, name


def test_help_loads_no_engine() -> None:
    look = "import sys, infra.front_door; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert "typer" in done.stdout.split()
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.parametrize("arguments", WAYS_UP)
def test_an_existing_lake_is_prepared_before_anything_starts(
    arguments: list[str], lake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    def starts(*_: object, **__: object) -> None:
        happened.append("a service")
        raise RuntimeError

    def stepped(_: object) -> list[str]:
        happened.append("prepared")
        return ["landing moved"]

    monkeypatch.setattr(prepare, "STEPS", (stepped,))
    for name in ("up", "ensure_up"):
        monkeypatch.setattr(lifecycle, name, starts)
    monkeypatch.setattr(keeper, "ensure", starts)
    done = CliRunner().invoke(front_door.app, arguments)
    assert happened == ["prepared", "a service"]
    assert "landing moved" in done.output


def test_status_names_the_server_and_each_service_and_tells_scripts_that_they_are_down(lake_home: Path) -> None:
    done = CliRunner().invoke(front_door.app, ["status"])
    assert done.exit_code == 3
    assert "lake server: not running" in done.output
    for service in runtime.status():
        assert f"Airflow {service.name}: not running" in done.output


def test_down_stops_airflow_before_the_server_that_its_tasks_use(
    lake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    def airflow_down() -> list[str]:
        happened.append("Airflow")
        return ["scheduler"]

    monkeypatch.setattr(runtime, "down", airflow_down)
    monkeypatch.setattr(lifecycle, "down", lambda: happened.append("server"))
    done = CliRunner().invoke(front_door.app, ["down"])
    assert happened == ["Airflow", "server"]
    assert "stopped: scheduler" in done.output
