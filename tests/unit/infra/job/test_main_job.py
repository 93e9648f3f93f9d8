"""The main job goes on after a feed that fails, and its page says what happened and what to do."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from infra.airflow import runtime
from infra.airflow.failure import RunsFailedError
from infra.job import main_job, report
from infra.job.progress import Failure
from spark_jobs.ask.systems import Standing
from spark_jobs.base.errors import LakeError

DEAD = LakeError(
    "health__epidemic_daily of 2026-11-02: task deliver failed: the source <health> is away", "lake source check health"
)

BEHIND = Standing("户籍", "failed", ())


class Job:
    """The main job without its services: what ran, and what was reported."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.failures: list[Failure] = []
        self.stages: dict[str, float] = {}

    def run(self, failing: str, error: LakeError) -> Callable[..., None]:
        def run_dags(what: str, _requests: object) -> None:
            self.ran.append(what)
            if what == failing:
                raise error

        return run_dags

    def write(self, stages: dict[str, float], failures: list[Failure], _findings: list[str]) -> dict[str, Any]:
        self.stages, self.failures = stages, failures
        return {}


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, lake_home: Path) -> Job:
    job = Job()
    for name in ("served", "services"):
        monkeypatch.setattr(main_job, name, lambda *_: nullcontext())
    monkeypatch.setattr(main_job, "feed_requests", lambda *_: [])
    monkeypatch.setattr(main_job, "_joins_on_server", lambda: False)
    monkeypatch.setattr(runtime, "up", lambda *_, **__: None)
    monkeypatch.setattr(report, "findings", list)
    monkeypatch.setattr(report, "write", job.write)
    monkeypatch.setattr(report, "write_page", lambda *_: None)
    monkeypatch.setattr(report, "show", lambda *_: None)
    return job


def test_after_a_feed_that_failed_who_is_who_and_the_warehouse_still_run(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_job, "run_dags", job.run("feeds", RunsFailedError([("health__epidemic_daily", DEAD)])))
    assert main_job.run_city(400, 1, 1) is False
    assert job.ran == ["feeds", "entities", "warehouse"]
    assert job.failures == [Failure("health__epidemic_daily", DEAD.what, DEAD.next_step)]
    assert {"feeds", "entities", "warehouse", "audit"} <= set(job.stages)


def test_where_all_end_well_it_has_succeeded(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_job, "run_dags", job.run("", DEAD))
    assert main_job.run_city(400, 1, 1) is True


def test_a_service_that_ends_ends_the_job(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_job, "run_dags", job.run("feeds", LakeError("Airflow's scheduler ended", "lake up")))
    with pytest.raises(LakeError, match="scheduler ended"):
        main_job.run_city(400, 1, 1)
    assert job.ran == ["feeds"]


def written(failures: list[dict[str, str]], findings: list[str]) -> str:
    counts = dict.fromkeys(report.COUNTS, 1_234)
    told = {"feeds": [{"feed": "health/epidemic_daily", **counts}], "stages": {"feeds": 233.0}, "marts": {}}
    return report.write_page(told | {"failures": failures, "findings": findings}, [BEHIND]).read_text("utf-8")


def test_the_page_names_each_failure_with_its_next_step(lake_home: Path) -> None:
    text = written([{"dag": "health__epidemic_daily", "what": DEAD.what, "next_step": DEAD.next_step}], ["two of A"])
    assert "the source &lt;health&gt; is away" in text
    assert "下一步 next: lake source check health" in text
    assert "two of A" in text
    assert "户籍：处理出错" in text
    assert "1,234" in text
    assert "全部完成" not in text


def test_the_page_of_a_run_that_ended_well_says_so(lake_home: Path) -> None:
    assert "全部完成，账目相符" in written([], [])
