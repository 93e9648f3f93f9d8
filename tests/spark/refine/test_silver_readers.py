"""Whoever reads silver reads the same: lake sql, what dbt joins, and the jobs."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_jobs.base.settings import PROJECT
from spark_jobs.lake.engine.on_server import OnServer
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.silver.parts import VALIDITY, read_columns
from spark_jobs.lake.storage import tables
from spark_jobs.warehouse.published import Published
from tests.spark.active_session import active_session
from tests.spark.refine.histories import History, Step

MACRO = PROJECT / "dbt" / "macros" / "silver_state.sql"
FIRST = Step(((1, (("a", "new", 1), ("b", "new", 1))),))
SECOND = Step(((2, (("a", "new", 2), ("c", "new", 2), ("b", "gone", 3))),))
LATE = Step(((0, (("a", "new", 0), ("c", "new", 0))),))
CORRECTED = Step(((2, (("a", "new", 4),)),), replaces=1)
SETTLED = Step(())


@pytest.fixture(scope="module")
def server_bench(lake_home: Path) -> Iterator[Workbench]:
    with OnServer().opened("readers") as bench, active_session(bench.spark):
        yield bench


def joined_by_dbt(history: History, version: int) -> str:
    """What the macro that models call is rendered to."""
    source = f"{tables.by_path('silver', history.contract.table)} version as of {version}"
    has_endings = Published.at(history.contract.table, version).has_endings
    name = "silver_state" if has_endings else "silver_settled"
    called = MACRO.read_text("utf-8") + f"{{{{ {name}(source, wanted) }}}}"
    stored = tables.columns("silver", history.contract.table, version)
    wanted = ", ".join(f"r.{name}" for name in read_columns(stored) if name not in VALIDITY)
    return jinja2.Environment(autoescape=False).from_string(called).render(source=source, wanted=wanted)  # noqa: S701  SQL


Reader = Callable[[SparkSession, History, int], Any]
READERS: dict[str, Reader] = {
    "lake sql": lambda spark, history, version: history.by_sql(),
    "dbt": lambda spark, history, version: seen(spark.sql(joined_by_dbt(history, version))),
    "jobs": lambda spark, history, version: history.by_engine(),
}


def seen(rows: DataFrame) -> Any:
    return History.told(rows)


def test_readers_see_one_state_after_every_commit(server_session: SparkSession, server_bench: Workbench) -> None:
    history = History(server_bench, "merge in order")
    have_endings = set()
    for step in (FIRST, SECOND, LATE, CORRECTED, SETTLED, SECOND):
        history.take(step)
        version = tables.version("silver", history.contract.table)
        expected = history.expected("merge in order")
        for name, read in READERS.items():
            assert read(server_session, history, version) == expected, name
        current = server_session.sql(f"select key from ({joined_by_dbt(history, version)}) where _is_current").collect()
        assert max(Counter(row[0] for row in current).values()) == 1
        have_endings.add(Published.at(history.contract.table, version).has_endings)
    assert have_endings == {True, False}


def test_a_build_reads_what_is_published_not_what_came_after(
    server_session: SparkSession, server_bench: Workbench
) -> None:
    history = History(server_bench, "merge")
    history.take(FIRST)
    published = tables.version("silver", history.contract.table)
    before = seen(server_session.sql(joined_by_dbt(history, published)))
    history.take(SECOND)
    assert seen(server_session.sql(joined_by_dbt(history, published))) == before
    assert tables.version("silver", history.contract.table) > published
