"""Which runs one task of the sweep asks for."""

from types import SimpleNamespace
from typing import Any

import pytest

FEEDS = ["health__epidemic_daily", "natural_resources__division", "housing__affordable_housing_application"]


class Supervisor:
    """Answers a task in Airflow's place, and keeps what was asked of it."""

    def __init__(self, paused: str = "", at_work: str = "", unknown: str = "") -> None:
        self.paused, self.at_work, self.unknown = paused, at_work, unknown
        self.asked: list[tuple[str, str]] = []

    def send(self, msg: Any) -> Any:
        from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
        from airflow.sdk.execution_time.comms import ErrorResponse

        if msg.dag_id == self.unknown:
            raise AirflowRuntimeError(ErrorResponse(error=ErrorType.GENERIC_ERROR))
        if msg.type == "GetDag":
            return SimpleNamespace(is_paused=msg.dag_id == self.paused)
        if msg.type == "GetDRCount":
            return SimpleNamespace(count=int(msg.dag_id == self.at_work))
        self.asked.append((msg.dag_id, msg.run_id))
        return None


def wake(dags: dict[str, Any], supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The DAGs of which a run was asked for."""
    from airflow.sdk.execution_time import task_runner

    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", supervisor, raising=False)
    task = dags["sweep"].get_task("wake").prepare_for_execution()
    task.dags = FEEDS
    task.execute({"ti": task_runner.RuntimeTaskInstance, "run_id": "scheduled__2026-11-27T20:00:00+08:00"})
    return [dag_id for dag_id, _ in supervisor.asked]


def test_each_feed_that_was_found_gets_a_run(dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert wake(dags, Supervisor(), monkeypatch) == FEEDS


def test_a_second_try_asks_for_runs_of_the_same_names(dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Supervisor(), Supervisor()
    wake(dags, first, monkeypatch)
    wake(dags, second, monkeypatch)
    assert first.asked == second.asked


@pytest.mark.parametrize("left_alone", [Supervisor(paused=FEEDS[1]), Supervisor(at_work=FEEDS[1])])
def test_a_feed_that_is_paused_or_has_a_run_is_left_alone(
    dags: dict[str, Any], left_alone: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wake(dags, left_alone, monkeypatch) == [FEEDS[0], FEEDS[2]]


def test_a_feed_that_cannot_be_woken_fails_the_task_after_the_others_were(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.sdk.exceptions import AirflowException

    supervisor = Supervisor(unknown=FEEDS[0])
    with pytest.raises(AirflowException, match=FEEDS[0]):
        wake(dags, supervisor, monkeypatch)
    assert [dag_id for dag_id, _ in supervisor.asked] == FEEDS[1:]
