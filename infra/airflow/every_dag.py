"""Which DAGs there are, told from the files without importing Airflow."""

from expectations.contract.catalogue import feed_ids
from spark_jobs.base.settings import PROJECT

NO_DAG_OF_THEIR_NAME = {"__init__", "house", "feeds"}


def every_dag() -> list[str]:
    """Ids of all DAGs: one a contract, and of each other file of dags/ the one that is named like it."""
    files = {path.stem for path in (PROJECT / "dags").glob("*.py")} - NO_DAG_OF_THEIR_NAME
    return sorted({*(feed_id.replace("/", "__") for feed_id in feed_ids()), *files})
