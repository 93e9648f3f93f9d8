"""Silver says the same of the same deliveries, in whatever order they came, were replaced, recalled, settled.

On Sail alone, where a step costs milliseconds: what an engine could do otherwise is asked in test_history.
"""

import os

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from spark_jobs.lake import settling
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import tables
from spark_jobs.refine import history
from tests.spark.refine.histories import STEPS, History, Step
from tests.spark.refine.oracle import WRITES


@pytest.mark.parametrize("are_many", [False, True], ids=["few", "many"])
@pytest.mark.parametrize("way", sorted(WRITES))
@settings(
    deadline=None,
    max_examples=int(os.environ.get("ANY_ORDER_EXAMPLES", "12")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=1, max_size=6))
def test_any_order(
    serverless_bench: Workbench, monkeypatch: pytest.MonkeyPatch, way: str, are_many: bool, steps: list[Step]
) -> None:
    if are_many:
        monkeypatch.setattr(history, "UNSORTED_ROWS", 0)
        monkeypatch.setattr(settling, "ENDINGS_AT_ONCE", 1)
    lived = History(serverless_bench, way)
    for step in steps:
        note(str(step))
        lived.take(step)
        if tables.exists("silver", lived.contract.table):
            expected = lived.expected(way)
            assert lived.by_engine() == expected
    if tables.exists("silver", lived.contract.table):
        assert lived.by_sql() == lived.expected(way)
