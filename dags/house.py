"""What every DAG of the lake has in common: retries, pool, time zone, and how a task calls the `lake` command."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import Asset

CITY_TIME = "Asia/Shanghai"
POOL = "lake"
"""Made when the services start; its slots are the tasks that may run at once."""

TASKS: dict[str, Any] = {
    "pool": POOL,
    "retries": 3,
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=6),
}
"""A fault of the network or of a restarting server is over within minutes; what is still broken then needs a person.

The first delay is Airflow's `default_task_retry_delay`, 30 s in infra/airflow; it doubles with each try.
"""

DAGS: dict[str, Any] = {
    # Before the oldest delivery that the city keeps: a run can be made for any date since.
    "start_date": datetime(2019, 12, 1, tzinfo=UTC),
    # A missed night is caught by the next sweep; history is loaded by `airflow backfill create`.
    "catchup": False,
    "max_active_runs": 1,
}


def defaults(owner: str) -> dict[str, Any]:
    """Default arguments of a DAG's tasks: the house's, and whom to ask."""
    return {**TASKS, "owner": owner}


def lake(
    arguments: str,
    task_id: str,
    doc: str,
    outlets: list[Asset] | None = None,
    read: Callable[[str], Any] | None = None,
    **options: Any,
) -> BashOperator:
    """A task that runs `lake <arguments>` (Jinja); the command is the one on PATH, or `LAKE_COMMAND`.

    Args:
        arguments: what follows `lake`; only text of this repository, validated parameters and Airflow's own dates.
        task_id: name of the task.
        doc: what comes out, for the person who reads the graph.
        outlets: assets that are published when the command succeeds.
        read: turns the last line of output into the task's result; without it the task has none.
        options: further arguments of the operator.
    """
    return BashOperator(
        task_id=task_id,
        bash_command=f'exec "${{LAKE_COMMAND:-lake}}" {arguments}',
        doc_md=doc,
        outlets=outlets or [],
        do_xcom_push=read is not None,
        output_processor=read or _nothing,
        # 99 is not a code of ours: no failure may look like a skipped task.
        skip_on_exit_code=None,
        **options,
    )


def _nothing(_line: str) -> None:
    return None
