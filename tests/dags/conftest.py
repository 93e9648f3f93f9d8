"""The DAG files as Airflow reads them, with a home of their own."""

import os
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

from spark_jobs.base.settings import PROJECT


@pytest.fixture(scope="session")
def dags() -> Iterator[dict[str, Any]]:
    """Every DAG by its id; a file that cannot be imported fails here, with its error."""
    with tempfile.TemporaryDirectory() as home:
        # Airflow reads its environment when it is imported, so no test module imports it at its top.
        os.environ["AIRFLOW_HOME"] = home
        os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{home}/airflow.db"
        os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(str(PROJECT / "dags"))
        assert bag.import_errors == {}
        yield dict(bag.dags)
        for name in ("AIRFLOW_HOME", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "AIRFLOW__CORE__LOAD_EXAMPLES"):
            os.environ.pop(name)
