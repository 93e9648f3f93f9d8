"""Airflow of one lake home, for the commands that use it: start, stop, backfill, trigger."""

from infra.airflow.every_dag import every_dag
from infra.airflow.failure import RunsFailedError
from infra.airflow.requests import Backfill, Request, Trigger, covering
from infra.airflow.runs import Progress, Run, backfill, run_many, trigger
from infra.airflow.services import Service, down, running, status, up

__all__ = [
    "Backfill",
    "Progress",
    "Request",
    "Run",
    "RunsFailedError",
    "Service",
    "Trigger",
    "backfill",
    "covering",
    "down",
    "every_dag",
    "run_many",
    "running",
    "status",
    "trigger",
    "up",
]
