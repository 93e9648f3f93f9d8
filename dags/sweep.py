"""Every ten minutes: list each inbox once against the ledger, and wake the feeds that have a complete delivery."""

import json
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, BaseOperator, CronTriggerTimetable
from airflow.sdk.exceptions import AirflowException

from dags.house import CITY_TIME, DAGS, defaults, lake


def dags_of(line: str) -> list[str]:
    """The DAGs of the feeds in a JSON list of feed ids."""
    return [feed_id.replace("/", "__") for feed_id in json.loads(line)]


class Wake(BaseOperator):  # type: ignore[misc]
    """A run of each of these DAGs, asked for by one task: an Airflow task for each would cost as much as the run.

    A DAG that is paused is left alone, so that no runs pile up behind the pause; so is one that has a run already: what
    that leaves, the next sweep finds again.
    """

    template_fields = ("dags",)

    def __init__(self, *, dags: Any, **options: Any) -> None:
        super().__init__(**options)
        self.dags = dags

    def execute(self, context: Any) -> None:
        """Ask for the runs.

        Raises:
            AirflowException: some could not be asked for; the others were.
        """
        task: Any = context["ti"]
        failed = []
        for dag_id in self.dags:
            try:
                if not task.get_dag(dag_id).is_paused and not task.get_dr_count(dag_id, states=["queued", "running"]):
                    _ask_for_run(dag_id, f"woken__{context['run_id']}")
            except Exception as error:
                self.log.error("%s was not woken: %s", dag_id, error)
                failed.append(dag_id)
        if failed:
            raise AirflowException(f"not woken: {', '.join(failed)}")


def _ask_for_run(dag_id: str, run_id: str) -> None:
    """A run of that name; nothing where a try before has asked for it."""
    from airflow.sdk.execution_time.comms import TriggerDagRun
    from airflow.sdk.execution_time.task_runner import SUPERVISOR_COMMS

    SUPERVISOR_COMMS.send(TriggerDagRun(dag_id=dag_id, run_id=run_id))


with DAG(
    "sweep",
    description="Lists every inbox once, and wakes the feeds that have a delivery",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/10 * * * *", timezone=CITY_TIME),
    tags=["lake"],
    default_args={**defaults("data-platform@xianning.example"), "execution_timeout": timedelta(minutes=30)},
    **DAGS,
):
    found = lake("sweep", "sweep", "Feeds with a complete delivery.", read=dags_of, priority_weight=10)
    Wake(
        task_id="wake",
        doc_md="A run of each of these feeds, for all that is pending.",
        dags=found.output,
    )
