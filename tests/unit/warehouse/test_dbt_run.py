"""What dbt is run with: a full refresh is asked for by the runner alone."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.engine.dbt_run import DBT_PROJECT
from spark_jobs.warehouse.dbt_run import DbtRun, raise_on_failure


@pytest.fixture
def called(lake_home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the program is called with that would run dbt."""
    assert lake_home
    seen: dict[str, Any] = {}

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        seen.update(options, command=command, told=json.loads(options["input"]))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    return seen


def test_no_variable_of_the_shell_makes_a_build_a_full_refresh(
    called: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_FULL_REFRESH", "true")
    DbtRun(["build"]).results({})
    assert called["env"]["DBT_FULL_REFRESH"] == "false"
    assert "--full-refresh" not in called["command"]
    assert called["told"]["full_refresh"] is False


def test_a_full_refresh_is_handed_to_dbt_and_told_to_models(called: dict[str, Any]) -> None:
    DbtRun(["build"], full_refresh=True).results({})
    assert "--full-refresh" in called["command"]
    assert called["told"]["full_refresh"] is True


def test_each_target_has_what_dbt_parses_in_a_folder_of_its_own(called: dict[str, Any]) -> None:
    folders = []
    for target in ("lake", "anew"):
        DbtRun(["run"], target=target).results({})
        assert called["env"]["DBT_TARGET"] == target
        folders.append(called["env"]["DBT_TARGET_PATH"])
    assert len(set(folders)) == 2


def test_floors_are_told_to_the_engine(called: dict[str, Any]) -> None:
    DbtRun(["build"], floors={"base.base_person": 9}).results({})
    assert called["told"]["floors"] == {"base.base_person": 9}


def test_no_model_refreshes_itself() -> None:
    texts = {
        path: path.read_text("utf-8") for path in (*DBT_PROJECT.glob("models/**/*.*"), DBT_PROJECT / "dbt_project.yml")
    }
    assert len(texts) > 100
    assert [path.name for path, text in texts.items() if "full_refresh" in text] == []


def test_a_failure_is_told_by_model_and_reason() -> None:
    message = "Runtime Error in model base_person (models/base/base_person.sql)\n  Runtime Error\n    no such column"
    results = [{"unique_id": "model.xianning_warehouse.base_person", "status": "error", "message": message}]
    with pytest.raises(LakeError, match=r"base_person: Runtime Error in model base_person \(.*\) no such column"):
        raise_on_failure(results)
