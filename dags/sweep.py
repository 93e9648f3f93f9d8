"""Every ten minutes: list each inbox once against the ledger, and wake the feeds that have a complete delivery."""

import json
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import DagIsPaused, TriggerDagRunOperator
from airflow.sdk import DAG, CronTriggerTimetable
from airflow.sdk.exceptions import AirflowSkipException

from dags.house import CITY_TIME, DAGS, defaults, lake


def dags_of(line: str) -> list[str]:
    """The DAGs of the feeds in a JSON list of feed ids."""
    return [feed_id.replace("/", "__") for feed_id in json.loads(line)]


class Wake(TriggerDagRunOperator):  # type: ignore[misc]
    """A run of another DAG; skipped while that DAG is paused, so that no runs pile up behind the pause."""

    def execute(self, context: Any) -> None:
        """Ask for the run.

        Raises:
            AirflowSkipException: the DAG is paused.
        """
        try:
            super().execute(context)
        except DagIsPaused as paused:
            raise AirflowSkipException(f"{self.trigger_dag_id} is paused") from paused


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
    Wake.partial(
        task_id="wake",
        doc_md="A run of each of these feeds, for all that is pending.",
        fail_when_dag_is_paused=True,
    ).expand(trigger_dag_id=found.output)
