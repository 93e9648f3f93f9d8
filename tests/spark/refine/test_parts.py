"""What silver stores: older files stay as they are, a key has one hash on every engine, tables of before go on."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from pyspark.sql import SparkSession

from spark_jobs.lake import settling
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.silver.parts import ENDING, PART, PAST, ROW
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.arrow_types import arrow_schema
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.refine import write
from spark_jobs.refine.history import key_hash, silver_columns
from tests.spark.refine.frames import column, contract_of
from tests.spark.refine.histories import History, Step

FIRST = Step(((1, (("a", "new", 1), ("b", "new", 1), ("c", "new", 1))),))
SECOND = Step(((2, (("a", "new", 2), ("d", "new", 2))),))
WAY = "merge in order"
HASHES = [1854701835102403093, 6819051557219396674, -1799060468283133239, -6703087650452953150]
"""What is stored: a hash that changes its way of counting would end nobody's rows."""


def files(history: History) -> dict[str, set[str]]:
    """Names of the table's files by part."""
    found: dict[str, set[str]] = {ROW: set(), PAST: set(), ENDING: set()}
    for uri in delta_commits.opened("silver", history.contract.table).file_uris():
        part, _, name = uri.rpartition("/")
        found[part.rpartition(f"{PART}=")[2]].add(name)
    return found


def test_a_delivery_leaves_the_files_of_older_ones(bench: Workbench) -> None:
    history = History(bench, WAY)
    history.take(FIRST)
    before = files(history)
    history.take(SECOND)
    after = files(history)
    assert before[ROW] < after[ROW]
    assert (len(after[ROW]), len(after[ENDING]), after[PAST]) == (2, 1, set())
    endings = bench.read("silver", history.contract.table, as_stored=True).where(f"{PART} = '{ENDING}'").collect()
    assert [(row["_delivery_sequence"], row["_row_number"], row["_ended_by"]) for row in endings] == [(1, 2, 2)]


def test_settling_takes_what_has_ended_from_what_holds_and_says_that_no_row_changed(bench: Workbench) -> None:
    history = History(bench, WAY)
    for step in (FIRST, SECOND):
        history.take(step)
    version = tables.version("silver", history.contract.table)
    assert settling.is_due(history.contract)
    history.take(Step(()))
    assert history.by_engine() == history.expected(WAY)
    assert tables.unchanged_until("silver", history.contract.table, version) == version + 1
    after = files(history)
    assert (len(after[ROW]), len(after[PAST]), len(after[ENDING])) == (1, 1, 0)
    assert not settling.is_due(history.contract)


@pytest.mark.parametrize("way", [WAY, "snapshot"])
def test_where_much_has_ended_keys_are_settled_in_turns(
    serverless_bench: Workbench, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    history = History(serverless_bench, way)
    for day, keys in ((1, "abcdefghijklmnop"), (2, "abc"), (3, "bcdq")):
        history.take(Step(((day, tuple((key, "new", day) for key in keys)),)))
    assert files(history)[ENDING]
    monkeypatch.setattr(settling, "ENDINGS_AT_ONCE", 1)
    history.take(Step(()))
    assert history.by_engine() == history.expected(way)
    assert not files(history)[ENDING]


def test_a_key_has_one_hash_on_every_engine(session_of_engine: SparkSession) -> None:
    columns = column("name", "string"), column("day", "date", format="yyyyMMdd"), column("number", "integer")
    feed = contract_of(*columns, write={"mode": "merge", "key": ["name", "day", "number"]})
    rows = [("咸安", date(2026, 11, 1), 7), (None, date(2026, 11, 1), 7), ("咸安", None, None), ("", None, 7)]
    frame = session_of_engine.createDataFrame(rows, "name string, day date, number bigint")
    assert [row[0] for row in frame.select(key_hash(feed)).collect()] == HASHES


def test_a_table_of_before_there_were_parts_is_read_and_goes_on(bench: Workbench) -> None:
    history = History(bench, WAY)
    history.take(FIRST)
    history.take(SECOND)
    old = bench.read("silver", history.contract.table).toArrow()
    again = History(bench, WAY)
    schema = arrow_schema(silver_columns(again.contract))
    write_deltalake(table_uri("silver", again.contract.table), _as(old, schema))
    again.rows, again._last = history.rows, history._last
    expected = history.expected(WAY)
    assert again.by_engine() == again.by_sql() == expected

    assert write.bring_into_parts(bench, again.contract)
    assert again.by_engine() == again.by_sql() == expected
    assert tables.unchanged_until("silver", again.contract.table, 0) == 2
    assert not write.bring_into_parts(bench, again.contract)
    before = files(again)
    again.take(SECOND)
    assert before[ROW] < files(again)[ROW]
    assert again.by_engine() == again.expected(WAY)


def test_a_table_of_before_is_written_anew_by_its_next_delivery(bench: Workbench) -> None:
    history = History(bench, WAY)
    history.take(FIRST)
    old = bench.read("silver", history.contract.table).toArrow()
    again = History(bench, WAY)
    schema = arrow_schema(silver_columns(again.contract))
    write_deltalake(table_uri("silver", again.contract.table), _as(old, schema))
    again.rows, again._last = dict(history.rows), history._last
    again.take(SECOND)
    assert again.by_engine() == again.by_sql() == again.expected(WAY)
    again.take(SECOND)
    assert again.by_engine() == again.expected(WAY)


def _as(rows: Any, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows.to_pylist(), schema=schema)
