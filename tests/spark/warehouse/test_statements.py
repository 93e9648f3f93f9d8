"""What dbt says beside queries, as Sail and delta-rs do it: tables, views, what a catalogue is asked, and silence."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from pyarrow import fs
from pyspark.sql import SparkSession

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.lake.sail.dbt_catalogue import Catalogue
from spark_jobs.lake.sail.dbt_statements import Session
from spark_jobs.lake.sail.dbt_tables import BuiltTables
from spark_jobs.lake.server.discretion import WithheldError
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.lake.storage.scratch import Scratch

CANARY = "温泉金丝雀4402"
HALF_PAST_FOUR = datetime(2026, 11, 1, 20, 30, tzinfo=UTC)
"""In the city it is the morning of the second."""


LEAST_OF_KEPT = 2
"""Rows that `base.kept` must have."""


@pytest.fixture
def session(sail_spark: SparkSession, tmp_path: Path) -> Iterator[Session]:
    """A session of Sail in a lake with one table, `base.seen`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(tmp_path))
        settings.cache_clear()
        seen = {"said": [CANARY, "2026-11-02"], "at": pa.array([HALF_PAST_FOUR] * 2, pa.timestamp("us", "UTC"))}
        write_deltalake(table_uri("base", "seen"), pa.table(seen))
        (tmp_path / "staging").mkdir()
        staging = Scratch(str(tmp_path / "staging"), fs.LocalFileSystem(), str(tmp_path / "staging"))
        catalogue = Catalogue(sail_spark)
        sail_spark.sql("DROP DATABASE IF EXISTS base CASCADE")
        sail_spark.sql("DROP DATABASE IF EXISTS stored_base CASCADE")
        catalogue.enter(["base"])
        yield Session(sail_spark, catalogue, BuiltTables(staging, {"base.kept": LEAST_OF_KEPT}))
    settings.cache_clear()


def rows(session: Session, sql: str) -> list[tuple[Any, ...]]:
    answer = session.run(sql)
    assert answer is not None
    return [tuple(row) for row in answer.collect()]


def built(name: str) -> list[dict[str, Any]]:
    return list(DeltaTable(table_uri("base", name)).to_pyarrow_table().to_pylist())


def make(name: str, query: str, clauses: str = "") -> str:
    """A statement as dbt-spark writes it, with what stands before it."""
    return f"""/* {{"app": "dbt"}} */
        create or replace table base.{name}


      using delta
      {clauses}
      location '/nowhere/{name}'

      as
      {query}"""


def test_a_query_is_sails_own(session: Session) -> None:
    assert rows(session, "-- a comment\nselect count(*) from base.seen") == [(2,)]


def test_a_day_begins_at_midnight_in_the_city(session: Session) -> None:
    asked = "select distinct cast(at as date), hour(at), date_format(at, 'yyyy-MM-dd HH:mm') from base.seen"
    assert [tuple(map(str, row)) for row in rows(session, asked)] == [("2026-11-02", "4", "2026-11-02 04:30")]


def test_a_table_is_made_replaced_and_read_again(session: Session) -> None:
    session.run(make("made", "select 1 as n", "tblproperties ('lake.x' = 'y')"))
    assert built("made") == [{"n": 1}]
    assert ("lake.x", "y") in rows(session, "show tblproperties base.made")
    session.run(make("made", "select n + 1 as n, at from base.made cross join base.seen limit 1"))
    assert built("made") == [{"n": 2, "at": HALF_PAST_FOUR}]
    assert rows(session, "select n, hour(at) from base.made") == [(2, 4)]
    assert [row[:2] for row in rows(session, "describe extended base.made")] == [
        ("n", "int"),
        ("at", "timestamp"),
        ("", ""),
    ]


def test_a_table_may_have_no_rows(session: Session) -> None:
    session.run(make("empty", "select said from base.seen where false"))
    assert built("empty") == []
    assert rows(session, "select count(*) from base.empty") == [(0,)]


def test_partitions_are_replaced_and_rows_deleted(session: Session) -> None:
    session.run(make("parted", "select * from values (1, 'a'), (2, 'b') as t(n, part)", "partitioned by (part)"))
    session.run("create or replace temporary view newer as select 3 as n, 'b' as part")
    session.run("insert overwrite table base.parted\n  partition (part)\n  select n, part from newer")
    assert rows(session, "select n, part from base.parted order by n") == [(1, "a"), (3, "b")]
    session.run("delete from base.parted where part in ('a')")
    assert rows(session, "select n, part from base.parted") == [(3, "b")]
    session.run("insert into table base.parted\n    select n + 1 as n, 'c' as part from newer")
    assert rows(session, "select n, part from base.parted order by n") == [(3, "b"), (4, "c")]


def test_a_table_that_is_replaced_may_have_other_partitions(session: Session) -> None:
    rows_of = "select * from values (1, 'a'), (2, 'b') as t(n, part)"
    for clauses, partitions in (("", []), ("partitioned by (part)", ["part"]), ("", [])):
        session.run(make("reparted", rows_of, clauses))
        assert DeltaTable(table_uri("base", "reparted")).metadata().partition_columns == partitions
        assert rows(session, "select n, part from base.reparted order by n") == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("clauses", ["", "partitioned by (part)"])
def test_a_table_is_not_replaced_by_too_few_rows(session: Session, clauses: str) -> None:
    three = "select * from values (1, 'a'), (2, 'b'), (3, 'b') as t(n, part)"
    session.run(make("kept", three))
    with pytest.raises(LakeError, match=r"base.kept would have 1 rows and must have 2: a build may not take so many"):
        session.run(make("kept", f"{three} where n = 1", clauses))
    assert len(built("kept")) == 3
    session.run(make("kept", f"{three} where part = 'b'", clauses))
    assert len(built("kept")) == LEAST_OF_KEPT


def test_views_last_as_long_as_the_session(session: Session) -> None:
    session.run("create or replace view base.looked\n  as\n  select count(*) as n from base.seen")
    assert rows(session, "select n from base.looked") == [(2,)]
    kinds = {row[1]: row[3].splitlines()[0] for row in rows(session, "show table extended in base like '*'")}
    assert kinds == {"looked": "Type: VIEW", "seen": "Type: EXTERNAL"}
    session.run("drop view if exists base.looked")
    assert "looked" not in str(rows(session, "show table extended in base like '*'"))


def test_what_the_lake_server_alone_needs_to_be_told_is_passed_over(session: Session) -> None:
    for sql in (
        "set spark.sql.sources.partitionOverwriteMode = DYNAMIC",
        "create schema if not exists x location '/x'",
    ):
        assert session.run(sql) is None


def test_a_value_that_cannot_be_cast_is_told_by_its_kind(session: Session) -> None:
    with pytest.raises(WithheldError) as failed:
        session.run(make("failed", "select to_date(said) as day from base.seen"))
    assert CANARY not in str(failed.value)
    assert "withheld" in str(failed.value)
    assert built("seen")
