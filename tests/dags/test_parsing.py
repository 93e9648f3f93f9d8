"""How DAG files are parsed: alike each time, and by a task no more than its own DAG."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from expectations.contract.catalogue import feed_ids, load_feed
from spark_jobs.base.settings import PROJECT

PARSE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.definitions._internal.dag_parsing_context import _airflow_parsing_context_manager
from airflow.models.serialized_dag import SerializedDagModel
from airflow.serialization.serialized_objects import DagSerialization
from expectations.contract.catalogue import load_contract_file

wanted = sys.argv[2] or None
with _airflow_parsing_context_manager(dag_id=wanted, task_id="deliver" if wanted else None):
    bag = DagBag(sys.argv[1])
assert not bag.import_errors, bag.import_errors
dags = {name: SerializedDagModel.hash(DagSerialization.to_dict(dag)) for name, dag in bag.dags.items()}
print(json.dumps({"dags": dags, "read": load_contract_file.cache_info().misses}))
"""
FEED = "market_regulation/enterprise_registration"


@cache
def parsed(where: str, wanted: str = "", seed: int = 0) -> dict[str, Any]:
    """What a process of its own finds in DAG files: what Airflow tells versions of DAGs by, and contracts read."""
    environment = {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite://",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(PROJECT),
        "PYTHONHASHSEED": str(seed),
    }
    done = subprocess.run(
        [sys.executable, "-c", PARSE, str(PROJECT / where), wanted],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_two_parses_serialise_alike_or_versions_would_multiply() -> None:
    first, second = (parsed("dags", seed=seed)["dags"] for seed in (1, 2))
    assert len(first) > len(feed_ids())
    assert first == second


def test_a_task_reads_the_one_contract_that_its_dag_needs() -> None:
    table = load_feed(FEED).table
    of_task = parsed("dags/feeds.py", table)
    assert of_task["read"] == 1
    assert list(of_task["dags"]) == [table]


def test_the_dag_of_a_task_is_the_one_that_the_scheduler_has() -> None:
    table = load_feed(FEED).table
    assert parsed("dags", table)["dags"][table] == parsed("dags", seed=1)["dags"][table]


@pytest.mark.parametrize("other", ["warehouse", "no_such__feed"])
def test_where_another_dag_is_wanted_no_contract_is_read(other: str) -> None:
    assert parsed("dags/feeds.py", other) == {"dags": {}, "read": 0}
