"""Silver says the same of the same deliveries, in whatever order they came, were replaced, recalled, settled.

On Sail alone, where a step costs milliseconds: what an engine could do otherwise is asked in test_history.
"""

import os

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import tables
from tests.spark.refine.histories import STEPS, History, Step
from tests.spark.refine.oracle import WRITES


@pytest.mark.parametrize("way", sorted(WRITES))
@settings(
    deadline=None,
    max_examples=int(os.environ.get("ANY_ORDER_EXAMPLES", "12")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=1, max_size=6))
def test_any_order(serverless_bench: Workbench, way: str, steps: list[Step]) -> None:
    history = History(serverless_bench, way)
    for step in steps:
        note(str(step))
        history.take(step)
        if tables.exists("silver", history.contract.table):
            expected = history.expected(way)
            assert history.by_engine() == expected
    if tables.exists("silver", history.contract.table):
        assert history.by_sql() == history.expected(way)
