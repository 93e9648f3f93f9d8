"""Analysts are given one database: marts and their code tables as the last build left them, and nothing else."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from typer.testing import CliRunner

from expectations.protection import Cells, CountsNobody, KeepsIds
from expectations.questions import Question
from spark_jobs import cli, ledger_table
from spark_jobs.ask.marts_file import contents as what
from spark_jobs.ask.marts_file import writing
from spark_jobs.base.errors import LakeError
from spark_jobs.base.pages import replace
from spark_jobs.base.settings import PROJECT, settings
from spark_jobs.control import warehouse_builds
from spark_jobs.lake.server.conf import JARS
from spark_jobs.lake.storage.paths import Layer, table_uri
from tests.pages_lake import FEEDS, delivery
from tests.theme_pages import node

SEEN = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
NOBODY = CountsNobody(kind="counts_nobody", because="it is of invented rivers")
CELLS = Cells(kind="cells", of="all", by=("county",), persons="persons", counts=("persons",))
PROTECTIONS = {
    "mart_river": NOBODY,
    "mart_people": CELLS,
    "mart_exact": CELLS,
    "mart_secret": KeepsIds(kind="keeps_ids", because="evidence for a department"),
}
QUESTIONS = (
    Question(theme="water", name="levels", question="水位？", query="select river, level from marts.mart_river"),
    Question(theme="water", name="names", question="名称？", query="select name from reference.river_codes"),
    Question(theme="people", name="exact", question="人数？", query="select persons from restricted.mart_people"),
    Question(theme="people", name="both", question="都有？", query="select 1 from marts.mart_river, base.base_person"),
)


def put(layer: Layer, name: str, /, **columns: Any) -> None:
    write_deltalake(table_uri(layer, name), pa.table(columns), mode="overwrite", schema_mode="overwrite")


def described(text: str, /, **columns: str) -> dict[str, Any]:
    named = [{"name": name, "description": meaning} for name, meaning in columns.items()]
    return {"description": text, "columns": named}


def manifest() -> dict[str, Any]:
    reads = [f"source.xianning_warehouse.silver.{FEEDS[0].replace('/', '__')}", "seed.xianning_warehouse.river_codes"]
    river = described("河流'水位'。\nLevels of rivers.", river="河流。River.", level="水位。Level.", seen_at="时间。")
    project = {
        "model": {"mart_river": node(river, tuple(reads)), "mart_people": node(described("人口。", county="县。"))},
        "seed": {"river_codes": node(described("河流代码。\nCodes.", code="代码。", name="名称。"))},
    }
    project["model"] |= {name: node(described(name)) for name in ("mart_secret", "mart_exact")}
    return {
        f"{kind}.xianning_warehouse.{name}": each for kind, nodes in project.items() for name, each in nodes.items()
    }


@pytest.fixture(scope="module")
def built(lake_home: Path) -> Path:
    """A home whose warehouse is built of two rivers, some people and their codes."""
    seen = pa.array([SEEN, None], pa.timestamp("us", "UTC"))
    put("marts", "mart_river", river=["01", "02"], level=[1.5, 2.5], seen_at=seen)
    put("marts", "mart_people", county=["421202"], persons=[12], cell=["421202"], is_suppressed=[False])
    for name in ("mart_secret", "mart_exact", "mart_gone"):
        put("marts", name, person_id=["P-1"])
    for layer in ("restricted", "base", "silver"):
        put(layer, "mart_people", person_id=["P-1"])
    put("reference", "river_codes", code=["01"], name=["淦河"])
    put("reference", "of_no_seed", code=["01"])
    ledger = [
        delivery(FEEDS[0], "committed", date(2026, 11, 3), is_late=False),
        delivery(FEEDS[0], "rejected", date(2026, 11, 5), is_late=False),
        delivery(FEEDS[1], "committed", date(2026, 11, 4), is_late=False),
    ]
    write_deltalake(table_uri("reference", "ledger_delivery"), pa.Table.from_pylist(ledger, ledger_table.SCHEMA))
    replace(lake_home / "dbt" / "target" / "manifest.json", json.dumps({"nodes": manifest()}))
    names = ("river", "people", "secret", "exact", "gone")
    warehouse_builds.note(None, {}, {}, {f"marts.mart_{name}": {"version": 0, "rows": 1} for name in names})
    return lake_home


@pytest.fixture(autouse=True)
def _of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what, "load_protections", lambda: PROTECTIONS)
    monkeypatch.setattr(what, "load_questions", lambda: QUESTIONS)


@pytest.fixture
def written(built: Path, tmp_path: Path) -> writing.Written:
    return writing.write(tmp_path / "given.duckdb")


@pytest.fixture
def file(written: writing.Written) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(written.path, read_only=True) as database:
        yield database


def names_in(file: duckdb.DuckDBPyConnection) -> set[str]:
    rows = file.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    return {name for (name,) in rows}


def test_marts_that_may_be_shown_are_in_it_with_their_codes_and_nothing_else(file: duckdb.DuckDBPyConnection) -> None:
    assert names_in(file) == {
        *("marts.mart_river", "marts.mart_people", "marts.questions", "marts.about", "reference.river_codes"),
    }
    assert file.execute("select * from duckdb_views() where not internal").fetchall() == []


def test_what_is_not_shown_is_told(written: writing.Written) -> None:
    assert written.contents.left_out == ("mart_exact", "mart_gone", "mart_secret")


def test_tables_and_columns_have_their_words(file: duckdb.DuckDBPyConnection) -> None:
    tables = dict(file.execute("select table_name, comment from duckdb_tables()").fetchall())
    assert tables["mart_river"] == "河流'水位'。\nLevels of rivers."
    assert tables["river_codes"] == "河流代码。\nCodes."
    columns = file.execute("select table_name || '.' || column_name, comment from duckdb_columns()").fetchall()
    words = dict(columns)
    assert words["mart_river.level"] == "水位。Level."
    assert "不足十人" in words["mart_people.is_suppressed"]


def test_moments_read_as_the_city_has_them_whatever_zone_the_reader_is_in(file: duckdb.DuckDBPyConnection) -> None:
    file.execute("set timezone = 'America/Lima'")
    rows = file.execute("select seen_at::varchar from marts.mart_river").fetchall()
    assert rows == [("2026-11-04 07:30:00",), (None,)]


def test_questions_are_those_that_these_tables_answer(file: duckdb.DuckDBPyConnection) -> None:
    rows = file.execute("select theme, name, question, sql from marts.questions").fetchall()
    assert rows == [(each.theme, each.name, each.question, each.query) for each in QUESTIONS[:2]]
    assert [len(file.execute(row[3]).fetchall()) for row in rows] == [2, 1]


def test_it_says_of_which_build_and_day_it_is(file: duckdb.DuckDBPyConnection) -> None:
    """The ledger has later days, of a delivery that was rejected and of a feed that is in none of these marts."""
    build = warehouse_builds.builds()[0]
    assert file.execute("select build, data_until from marts.about").fetchone() == (build.number, date(2026, 11, 3))
    (hours,) = file.execute("select date_diff('hour', built_at, made_at) from marts.about").fetchone() or (None,)
    assert hours in {0, 1}


def test_it_is_of_the_build_that_passed_not_of_one_that_has_failed_since(built: Path, tmp_path: Path) -> None:
    put("marts", "mart_people", county=["421202"], persons=[3], cell=["421202"], is_suppressed=[False])
    with duckdb.connect(writing.write(tmp_path / "given.duckdb").path, read_only=True) as file:
        assert file.execute("select persons from marts.mart_people").fetchall() == [(12,)]


def test_file_and_folder_are_private_by_default(built: Path) -> None:
    done = CliRunner().invoke(cli.app, ["marts"])
    path = built / "analysts" / "xianning.duckdb"
    assert done.exit_code == 0, done.output
    assert f"data until 2026-11-03: {path}" in done.output
    assert "left out: marts.mart_gone" in done.output
    umask = os.umask(0o077)
    os.umask(umask)
    assert path.stat().st_mode & umask == 0
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_place_that_cannot_be_written_is_named_and_not_shown_as_a_fault_of_the_program(built: Path) -> None:
    (built / "no folder").write_text("")
    for path, why in ((built / "no folder" / "x.duckdb", "File exists"), (Path("/proc/x.duckdb"), "")):
        with pytest.raises(LakeError, match=f"{path} could not be written: .*{why}"):
            writing.write(path)


def test_who_has_the_old_one_open_keeps_it_and_the_new_one_is_given_as_that_was(
    written: writing.Written, file: duckdb.DuckDBPyConnection
) -> None:
    written.path.chmod(0o640)
    before = written.path.stat()
    after = writing.write(written.path).path.stat()
    assert after.st_ino != before.st_ino
    assert (after.st_mode, after.st_gid) == (before.st_mode, before.st_gid)
    assert file.execute("select count(*) from marts.mart_river").fetchone() == (2,)


KILLED = """
import os, signal, sys
from pathlib import Path
from spark_jobs.ask.marts_file import contents, writing
from tests.unit.ask.test_marts_file import PROTECTIONS, QUESTIONS
contents.load_protections, contents.load_questions = lambda: PROTECTIONS, lambda: QUESTIONS
writing._say_what_it_is = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
writing.write(Path(sys.argv[1]))
"""


def test_a_killed_run_leaves_the_old_file_and_the_next_one_nothing_of_it(written: writing.Written) -> None:
    path = written.path
    before = path.read_bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], env={**os.environ}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) > 1
    writing.write(path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_run_that_fails_leaves_nothing(written: writing.Written, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(writing, "_say_what_it_is", fails)
    before = written.path.read_bytes()
    with pytest.raises(RuntimeError):
        writing.write(written.path)
    assert written.path.read_bytes() == before
    assert [each.name for each in written.path.parent.iterdir()] == [written.path.name]


@pytest.mark.parametrize("name", ["marts.duckdb", "Reference.db", "marts"])
def test_a_name_by_which_no_schema_could_be_asked_is_refused(built: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(LakeError, match="its schema has the same name"):
        writing.write(tmp_path / name)


def test_without_a_build_there_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "lake"
    monkeypatch.setenv("LAKE_HOME", str(home))
    settings.cache_clear()
    with pytest.raises(LakeError, match=r"manifest\.json") as refused:
        writing.write()
    assert "lake warehouse build" in refused.value.next_step
    assert not home.exists()


def test_a_build_that_left_no_marts_gives_none(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what, "load_protections", dict)
    with pytest.raises(LakeError, match="left no marts"):
        writing.write()


def test_the_driver_of_tests_is_of_the_version_that_writes() -> None:
    pom = (PROJECT / "infra" / "jars" / "jdbc" / "pom.xml").read_text("utf-8")
    assert re.findall(r"<version>(\d+\.\d+\.\d+)\.0</version>", pom) == [duckdb.__version__]


def test_the_lake_server_does_not_see_the_driver() -> None:
    assert not list(JARS.glob("**/*duckdb*"))
