"""The main job, on the embedded profile or on whatever `LAKE_*` says: city, feeds, entities, warehouse, audit."""

from expectations.contract.catalogue import load_feeds
from expectations.entity_spec import load_entities
from infra.airflow import runtime
from infra.job import report
from infra.job.city_files import city_folder, generate_into_inbox
from infra.job.progress import Failure, noted, run_dags, stage
from infra.job.requests import feed_requests
from infra.job.services import services
from spark_jobs import warehouse
from spark_jobs.ask.systems import standings
from spark_jobs.city.serve import served
from spark_jobs.commands.console import working
from spark_jobs.control.publication import published_versions
from spark_jobs.entities.resolution.bench import engine_of
from spark_jobs.lake.engine.choice import engine
from spark_jobs.lake.server import lifecycle
from spark_jobs.lake.storage.store import open_store


def run_city(records: int, days: int, seed: int) -> bool:
    """Generate a city, run its DAGs, and report; whether all ended well and every row is accounted for.

    A feed that fails is nobody else's matter: who is who and the warehouse go by what the others have published.

    Raises:
        LakeError: a service does not start, or ends meanwhile.
    """
    stages: dict[str, float] = {}
    failures: list[Failure] = []
    of_feeds = engine().needs_server
    with served(city_folder()), services(stages, of_feeds, lambda: generate_into_inbox(records, days, seed)):
        with stage("feeds", stages), noted(failures):
            run_dags("feeds", feed_requests(load_feeds(), open_store()))
        if _joins_on_server():
            with stage("lake server", stages), working("starting the lake server for so many records"):
                lifecycle.ensure_up()
        for dag_id in ("entities", "warehouse"):
            with stage(dag_id, stages), noted(failures):
                _run_alone(dag_id)
    with stage("audit", stages):
        findings = report.findings()
    done, systems = report.write(stages, failures, findings), standings()
    report.write_page(done, systems)
    report.show(done, systems)
    return not findings and not failures


def _joins_on_server() -> bool:
    """Whether who is who or the warehouse is the lake server's work, by all that is published by now."""
    published = published_versions()
    resolved = any(engine_of(spec, published).needs_server for spec in load_entities())
    return resolved or warehouse.engine_of(published).needs_server


def _run_alone(dag_id: str) -> None:
    """Switch a DAG on at its turn, so that no asset event starts it early, and run it."""
    runtime.up([dag_id], by_clock=False)
    run_dags(dag_id, [runtime.Trigger(dag_id)])
