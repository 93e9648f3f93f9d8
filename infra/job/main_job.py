"""The main job, on the embedded profile or on whatever `LAKE_*` says: city, feeds, entities, warehouse, audit."""

from expectations.contract.catalogue import load_feeds
from infra.airflow import runtime
from infra.job import report
from infra.job.city_files import city_folder, generate_into_inbox
from infra.job.progress import run_dags, stage
from infra.job.requests import feed_requests
from infra.job.services import services
from spark_jobs.city.serve import served
from spark_jobs.lake.engine.choice import needs_server
from spark_jobs.lake.storage.store import open_store

_WEIGHT = 4
"""A city of so many records has about twice as many mentions, and resolution joins what is twice theirs."""


def run_city(records: int, days: int, seed: int) -> bool:
    """Generate a city, run its DAGs, and report; whether every row is accounted for.

    Raises:
        LakeError: a service does not start, or a run failed.
    """
    stages: dict[str, float] = {}
    wants_server = needs_server(_WEIGHT * records)
    with served(city_folder()), services(stages, wants_server, lambda: generate_into_inbox(records, days, seed)):
        with stage("feeds", stages):
            run_dags("feeds", feed_requests(load_feeds(), open_store()))
        for dag_id in ("entities", "warehouse"):
            with stage(dag_id, stages):
                _run_alone(dag_id)
    with stage("audit", stages):
        findings = report.findings()
    report.show(report.write(stages), findings)
    return not findings


def _run_alone(dag_id: str) -> None:
    """Switch a DAG on at its turn, so that no asset event starts it early, and run it."""
    runtime.up([dag_id], by_clock=False)
    run_dags(dag_id, [runtime.Trigger(dag_id)])
