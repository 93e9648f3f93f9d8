"""A table of current rows holds what silver says that holds, at the published version, whatever came in between."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from deltalake import CommitProperties
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from spark_jobs.ask import sql
from spark_jobs.ask.audit import current_rows
from spark_jobs.control import publication
from spark_jobs.lake.engine.choice import ENGINES
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.verify import current_table
from spark_jobs.verify.current_table import follow, shown_version
from tests.spark.refine.histories import STEPS, History, Step
from tests.spark.refine.oracle import WRITES

FIRST = Step(((1, tuple((key, "new", 1) for key in "abcdefghklmnopqr")),))
SECOND = Step(((2, (("a", "new", 2), ("i", "new", 2))),))
ADDED = Step(((3, (("j", "new", 3),)),))
SETTLED = Step(())


@pytest.fixture(scope="module", autouse=True)
def _one_engine() -> Iterator[None]:
    with ENGINES["sail"].kept():
        yield


def history_of(bench: Workbench, way: str) -> History:
    history = History(bench, way)
    history.contract = history.contract.model_copy(update={"current_table": True})
    return history


def published(history: History) -> int:
    """Publish what is there, as verify does; gives the version."""
    version = tables.version("silver", history.contract.table)
    if publication.last_published(history.contract.id) != version:
        publication.record(history.contract.id, version, published=True, checks={})
    return version


def held(table: str, where: str = "") -> Counter[str]:
    columns = ", ".join(name for name in sql.query(f"select * from current.{table} limit 0").column_names)
    layer = "silver" if where else "current"
    return Counter(map(str, sql.query(f"select {columns} from {layer}.{table} {where}").to_pylist()))


@pytest.mark.parametrize("way", sorted(WRITES))
@settings(
    deadline=None,
    max_examples=int(os.environ.get("ANY_ORDER_EXAMPLES", "2")),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(STEPS, st.booleans()), min_size=1, max_size=5))
def test_it_holds_what_holds(serverless_bench: Workbench, way: str, steps: list[tuple[Step, bool]]) -> None:
    history = history_of(serverless_bench, way)
    history.take(FIRST)
    for step, is_published in [*steps, (SECOND, True)]:
        note(f"{step}, published: {is_published}")
        history.take(step)
        if is_published:
            version = published(history)
            follow(history.contract)
            assert held(history.contract.table) == held(history.contract.table, "where _is_current")
            shown = shown_version(history.contract.table)
            assert shown is not None
            assert tables.unchanged_until("silver", history.contract.table, shown) >= version
            assert not follow(history.contract)


def test_a_few_changes_are_brought_in_and_many_are_written_anew(
    serverless_bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew: list[int] = []
    stage_all = current_table._stage_all

    def noted(bench: Workbench, of: FeedContract, version: int) -> None:
        anew.append(version)
        stage_all(bench, of, version)

    monkeypatch.setattr(current_table, "_stage_all", noted)
    history = history_of(serverless_bench, "merge")
    versions = []
    for step in (FIRST, ADDED, SECOND, SETTLED, FIRST):
        history.take(step)
        versions.append(published(history))
        follow(history.contract)
        assert held(history.contract.table) == held(history.contract.table, "where _is_current")
    assert anew == [versions[0], versions[-1]]


def test_one_who_is_interrupted_leaves_it_as_it_was(
    serverless_bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = history_of(serverless_bench, "merge")
    history.take(FIRST)
    published(history)
    follow(history.contract)
    before = held(history.contract.table)
    history.take(ADDED)
    published(history)

    def interrupt(name: str) -> None:
        raise InterruptedError(name)

    with monkeypatch.context() as patch:
        patch.setattr(current_table, "failpoint", interrupt)
        with pytest.raises(InterruptedError):
            follow(history.contract)
    assert held(history.contract.table) == before
    assert follow(history.contract)
    assert held(history.contract.table) == held(history.contract.table, "where _is_current") != before


def test_a_feed_that_does_not_ask_for_it_has_none(serverless_bench: Workbench) -> None:
    history = History(serverless_bench, "merge")
    history.take(FIRST)
    published(history)
    assert not follow(history.contract)
    assert not tables.exists("current", history.contract.table)


def test_the_audit_says_what_is_not_as_silver_has_it(serverless_bench: Workbench) -> None:
    history = history_of(serverless_bench, "merge")
    contract = history.contract
    history.take(FIRST)
    published(history)
    assert [each.what for each in current_rows.check(contract)] == [
        f"version {tables.version('silver', contract.table)} of silver is published, the table shows nothing"
    ]
    follow(contract)
    assert list(current_rows.check(contract)) == []
    shown = shown_version(contract.table)
    as_ours = CommitProperties(custom_metadata={"userMetadata": f'{{"silver_version": {shown}}}'})
    table = delta_commits.opened("current", contract.table)
    table.update({"state": "'edited'"}, predicate="key = 'a'", commit_properties=as_ours)
    assert [each.what for each in current_rows.check(contract)] == [
        f"2 rows are not as version {shown} of silver has those that hold"
    ]
    (left_over,) = current_rows.check(contract.model_copy(update={"current_table": False}))
    assert "no longer wants" in left_over.what
