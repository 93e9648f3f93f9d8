"""What analysts are given, opened as they open it: by the JDBC driver of DuckDB, in Java."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.questions import load_questions
from spark_jobs.ask import sql
from spark_jobs.base.settings import PROJECT, settings
from spark_jobs.lineage.protection import identifying
from spark_jobs.lineage.whole import lineage
from tests.e2e.city.conftest import BuiltCity

DRIVERS = PROJECT / "infra" / "jars" / "jdbc-lib"
PROGRAM = Path(__file__).with_name("jdbc") / "Analyst.java"
NAMES_OF_PERSONS = {"person_id", "legal_entity_id", "person_name", "resident_id", "mobile", "phone", "address"}
Lines = dict[str, list[list[str | None]]]


@pytest.fixture(scope="module")
def file(city: BuiltCity) -> Path:
    """The file that `lake marts` writes of the city."""
    said = city.lake.run("marts").stdout
    path = city.lake.home / "analysts" / "xianning.duckdb"
    assert said.rstrip().endswith(str(path))
    return path


@pytest.fixture(scope="module")
def seen(file: Path) -> Lines:
    """What the driver shows of it, by kind of line."""
    jars = sorted(DRIVERS.glob("duckdb_jdbc-*.jar"))
    if not jars:
        pytest.skip(f"no JDBC driver in {DRIVERS}: make infra/jars/jdbc-lib/ready fetches it")
    command = ["java", "-cp", str(jars[0]), str(PROGRAM), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    lines: Lines = defaultdict(list)
    for line in done.stdout.splitlines():
        kind, *words = line.split("\t")
        lines[kind].append([None if word == "\\N" else plain(word) for word in words])
    return lines


def plain(word: str) -> str:
    return word.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")


def test_the_driver_is_of_the_version_that_writes(seen: Lines) -> None:
    assert seen["engine"] == [[f"v{duckdb.__version__}"]]


def test_the_driver_lists_every_mart_with_its_words_in_chinese(city: BuiltCity, seen: Lines) -> None:
    listed = {(schema, name): remarks for schema, name, remarks in seen["table"]}
    stored = {path.name for path in (city.lake.home / "lake" / "marts").iterdir()}
    assert {name for schema, name in listed if schema == "marts"} == stored | {"questions", "about"}
    assert {schema for schema, _ in listed} == {"marts", "reference"}
    assert {"xianning_divisions"} <= {name for schema, name in listed if schema == "reference"}
    assert [name for name, remarks in listed.items() if not is_chinese(remarks)] == []


def test_the_driver_shows_every_column_of_a_mart_with_its_words(seen: Lines) -> None:
    of_marts = [words for words in seen["column"] if str(words[1]).startswith("mart_")]
    assert len(of_marts) > 300
    assert [words for words in of_marts if not is_chinese(words[4])] == []


def is_chinese(text: str | None) -> bool:
    return any("\u4e00" <= each <= "\u9fff" for each in (text or "").partition("\n")[0])


def test_moments_are_those_that_the_lake_shows_whoever_reads_them(city: BuiltCity, seen: Lines, file: Path) -> None:
    assert [words for words in seen["column"] if "TIME ZONE" in str(words[3])] == []
    moments = [words for words in seen["column"] if words[3] == "TIMESTAMP" and str(words[1]).startswith("mart_")]
    queries = [f"select {column} as at from {schema}.{table}" for schema, table, column, *_ in moments]
    assert queries
    with lake_of(city), sql.asking(queries) as ask, duckdb.connect(file, read_only=True) as database:
        for query in queries:
            shown = sorted(str(row["at"])[:19] for row in ask(query).to_pylist())
            assert sorted(str(at)[:19] for (at,) in database.execute(query).fetchall()) == shown


def test_every_question_about_marts_alone_is_answered_through_the_driver_as_by_the_lake(
    city: BuiltCity, seen: Lines, file: Path
) -> None:
    answered = defaultdict(list)
    for name, *values in seen["answer"]:
        answered[name].append(str(tuple(comparable(value) for value in values)))
    asked = [each for each in load_questions() if is_of_marts(each.query)]
    with duckdb.connect(file, read_only=True) as database:
        given = database.execute("select name, sql from marts.questions").fetchall()
    assert given == [(each.name, each.query.strip()) for each in asked]
    assert len(answered) >= 60
    with lake_of(city), sql.asking([each.query for each in asked]) as ask:
        truth = {each.name: rows_of(ask(each.query).to_pylist()) for each in asked}
    assert {each.name: sorted(answered[each.name]) for each in asked} == truth


def is_of_marts(query: str) -> bool:
    return not re.search(r"\b(base|restricted|silver|entities)\.", query)


@contextmanager
def lake_of(city: BuiltCity) -> Iterator[None]:
    """Within the block this process asks the city's lake, as `lake sql` does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(city.lake.home))
        settings.cache_clear()
        yield
    settings.cache_clear()


def rows_of(found: list[dict[str, Any]]) -> list[str]:
    return sorted(str(tuple(comparable(value) for value in row.values())) for row in found)


def comparable(value: Any) -> str | None:
    """A number with nine digits, anything else as text: the two print them otherwise."""
    if value is None:
        return None
    try:
        return f"{Decimal(str(value)):.9g}"
    except InvalidOperation:
        return str(value).lower()


def test_what_is_given_cannot_be_changed_by_a_reader(seen: Lines) -> None:
    assert "written" not in seen
    assert "read-only" in str(seen["refused"])


def test_no_column_is_of_base_or_restricted_and_none_identifies_anybody(city: BuiltCity, seen: Lines) -> None:
    graph = lineage()
    columns = {(f"{schema}.{table}", name) for schema, table, name, *_ in seen["column"]}
    assert {table.partition(".")[0] for table, _ in columns} == {"marts", "reference"}
    direct = {(table, name) for table, names in identifying(graph).items() for name in names}
    assert direct, "marts in restricted do show persons"
    assert columns & direct == set()
    assert {name for _, name in columns} & NAMES_OF_PERSONS == set()


def test_no_value_in_it_is_a_number_of_a_citizen_or_a_permanent_id(file: Path) -> None:
    number = "regexp_matches(t::varchar, '(^|[^0-9A-Z])[1-9][0-9]{16}[0-9X]([^0-9A-Z]|$)')"
    permanent = "regexp_matches(t::varchar, '(^|[^0-9A-Za-z])P-[0-9a-z]')"
    with duckdb.connect(file, read_only=True) as database:
        tables = database.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        found = [
            f"{schema}.{name}"
            for schema, name in tables
            if database.execute(f'select 1 from {schema}."{name}" t where {number} or {permanent} limit 1').fetchall()
        ]
    assert found == []


def test_it_says_of_which_build_it_is(city: BuiltCity, file: Path) -> None:
    ((number, newest),) = [city.lake.ledger("select max(number), max(built_at) from warehouse_build")[0]]
    with duckdb.connect(file, read_only=True) as database:
        build, built_at, data_until = database.execute(
            "select build, strftime(built_at - interval 8 hour, '%Y-%m-%d %H:%M:%S'), data_until from marts.about"
        ).fetchone() or (None, "", None)
    assert build == number
    assert str(newest).startswith(str(built_at))
    assert data_until is not None
    assert file.stat().st_mode & 0o077 == 0


def test_the_queries_to_start_from_run_and_give_rows_in_the_lake_and_in_the_file(city: BuiltCity, file: Path) -> None:
    text = (PROJECT / "dbt" / "README.md").read_text("utf-8").partition("## Twenty queries to start from")[2]
    queries = re.findall(r"^-- .*\n([^;]+);", text.partition("```sql\n")[2].partition("```")[0], re.MULTILINE)
    assert len(queries) == 20
    with duckdb.connect(file, read_only=True) as database:
        given = [database.execute(query).fetchall() for query in queries]
    assert [query for query, rows in zip(queries, given, strict=True) if not rows] == []
    with lake_of(city), sql.asking(queries) as ask:
        assert [ask(query).num_rows for query in queries] == [len(rows) for rows in given]
