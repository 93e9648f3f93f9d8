"""What changed between two versions of silver leads from one to the other, and holds nothing that did not change."""

import os
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame

from spark_jobs.lake.changes import CAME, CHANGE, WENT, changed_between
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import tables
from tests.spark.refine.histories import STEPS, History, Step
from tests.spark.refine.oracle import WRITES

Rows = Counter[tuple[object, ...]]
FIRST = Step(((1, (("a", "new", 1), ("b", "new", 1))),))
SECOND = Step(((2, (("a", "new", 2), ("c", "new", 2))),))
SETTLED = Step(())


def told(rows: DataFrame) -> Rows:
    return Counter(tuple(map(str, row)) for row in rows.collect())


def changes(bench: Workbench, table: str, before: int, after: int) -> tuple[Rows, Rows]:
    found = changed_between(bench, table, before, after).localCheckpoint()
    went, came = (told(found.where(found[CHANGE] == which).drop(CHANGE)) for which in (WENT, CAME))
    return went, came


@pytest.mark.parametrize("way", sorted(WRITES))
@settings(
    deadline=None,
    max_examples=int(os.environ.get("ANY_ORDER_EXAMPLES", "12")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=1, max_size=6), chance=st.randoms())
def test_changes_lead_from_one_version_to_the_other(
    serverless_bench: Workbench, way: str, steps: list[Step], chance: Random
) -> None:
    history = History(serverless_bench, way)
    table, states = history.contract.table, dict[int, Rows]()
    for step in steps:
        note(str(step))
        history.take(step)
        if tables.exists("silver", table):
            states[tables.version("silver", table)] = told(serverless_bench.read("silver", table))
    if len(states) > 1:
        before, after = sorted(chance.sample(sorted(states), 2))
        went, came = changes(serverless_bench, table, before, after)
        assert states[before] - went + came == states[after]
        assert not went - states[before]
        assert not went & came


def test_of_a_delivery_its_rows_and_those_that_it_ended_are_told(serverless_bench: Workbench) -> None:
    history = History(serverless_bench, "merge")
    for step in (FIRST, SECOND):
        history.take(step)
    after = tables.version("silver", history.contract.table)
    went, came = changes(serverless_bench, history.contract.table, after - 1, after)
    assert (sum(went.values()), sum(came.values())) == (1, 3), "a as it was; a as it is over and anew, and c"


def test_upkeep_changes_nothing(serverless_bench: Workbench) -> None:
    history = History(serverless_bench, "merge")
    for step in (FIRST, SECOND):
        history.take(step)
    before = tables.version("silver", history.contract.table)
    history.take(SETTLED)
    after = tables.version("silver", history.contract.table)
    assert after > before
    assert changes(serverless_bench, history.contract.table, before, after) == (Counter(), Counter())


def test_what_had_ended_before_upkeep_settled_it_is_told(serverless_bench: Workbench) -> None:
    history = History(serverless_bench, "merge")
    history.take(FIRST)
    before = tables.version("silver", history.contract.table)
    history.take(SECOND)
    wanted = changes(serverless_bench, history.contract.table, before, before + 1)
    history.take(SETTLED)
    after = tables.version("silver", history.contract.table)
    assert changes(serverless_bench, history.contract.table, before, after) == wanted
