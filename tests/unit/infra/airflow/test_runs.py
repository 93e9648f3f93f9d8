"""A backfill after one that was interrupted."""

from typing import Any

import pytest

from infra.airflow import runs
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
