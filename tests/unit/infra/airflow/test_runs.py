"""Waiting for runs: those of a backfill that was interrupted, and one that a page of the list leaves out."""

from pathlib import Path
from typing import Any

import pytest

from infra.airflow import runs
from infra.airflow.failure import RunsFailedError
from infra.airflow.requests import Trigger
from spark_jobs.base.errors import LakeError


class Scheduler:
    """Refuses backfills while its open one has runs to do; ends one at each look."""

    def __init__(self, to_do: int, closes: bool = True) -> None:
        self.to_do, self.closes = to_do, closes

    def create_backfill(self, body: dict[str, Any]) -> int | None:
        return 7 if self.closes and self.to_do <= 0 else None

    def runs(self, dag_ids: list[str], states: list[str]) -> list[dict[str, Any]]:
        self.to_do -= 1
        return [{}] * max(self.to_do, 0)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test moves; every service lives."""
    now = [0.0]
    monkeypatch.setattr("infra.airflow.runs.time.monotonic", lambda: now[0])
    monkeypatch.setattr(runs, "POLL_SECONDS", 0)
    monkeypatch.setattr(runs, "down_services", list)
    return now


def test_the_runs_of_an_interrupted_backfill_end_first_however_long_they_take(clock: list[float]) -> None:
    seen: list[runs.Progress] = []

    def look(progress: runs.Progress) -> None:
        seen.append(progress)
        clock[0] += 0.9 * runs.OPEN_BACKFILL_SECONDS

    assert runs._create(Scheduler(4), {"dag_id": "a"}, look) == 7  # type: ignore[arg-type]
    assert [(progress.done, progress.total) for progress in seen] == [(0, 3), (1, 3), (2, 3)]


def test_an_open_backfill_that_does_nothing_is_named(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "OPEN_BACKFILL_SECONDS", -1)
    with pytest.raises(LakeError, match="a: another backfill is running"):
        runs._create(Scheduler(0, closes=False), {"dag_id": "a"}, lambda progress: None)  # type: ignore[arg-type]


class Pages:
    """Airflow's list of active runs, whose second page leaves one out, as the first has grown shorter meanwhile."""

    def __init__(self, *active: list[str]) -> None:
        self.active, self.states = list(active), {"one": "running", "left_out": "running"}

    def trigger(self, dag_id: str, logical_date: None, conf: dict[str, Any]) -> str:
        return dag_id

    def runs(self, dag_ids: list[str], states: list[str]) -> list[dict[str, Any]]:
        return [self.run(each, each) for each in self.active.pop(0)]

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        if run_id not in sum(self.active, []):
            self.states[run_id] = "success"
        about = dict.fromkeys(("data_interval_start", "data_interval_end", "duration"))
        return {"dag_id": dag_id, "dag_run_id": run_id, "state": self.states[run_id], **about}


def test_a_run_that_the_list_leaves_out_once_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages(["one"], [], ["left_out"], [])
    monkeypatch.setattr(runs, "Rest", lambda: pages)
    found = runs.run_many([Trigger("one"), Trigger("left_out")])
    assert [(run.dag_id, run.state) for run in found] == [("one", "success"), ("left_out", "success")]
    assert pages.active == []


class Failing(Pages):
    """Every run but those of `good` fails in its one task."""

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        return super().run(dag_id, run_id) | {"state": "success" if dag_id == "good" else "failed"}

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        about = {"dag_id": dag_id, "dag_run_id": run_id, "task_id": "deliver", "map_index": -1}
        return [about | {"state": "failed", "try_number": 1, "max_tries": 0}]


def test_whoever_waits_for_many_runs_is_told_of_each_feed_that_failed(
    monkeypatch: pytest.MonkeyPatch, lake_home: Path
) -> None:
    failing = Failing([], [])
    failing.states = dict.fromkeys(("full_disk", "good", "dead"), "failed")
    monkeypatch.setattr(runs, "Rest", lambda: failing)
    asked = [Trigger(each) for each in failing.states]
    with pytest.raises(RunsFailedError, match="full_disk full_disk: task deliver failed after 1 of 1 tries") as failed:
        runs.run_many(asked)
    assert [(dag_id, error.what.partition(":")[0]) for dag_id, error in failed.value.failures] == [
        ("full_disk", "full_disk full_disk"),
        ("dead", "dead dead"),
    ]
    assert "failed too: dead (lake steps --unfinished says what and why)" in failed.value.next_step
