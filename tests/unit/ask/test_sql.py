"""SQL on the lake without Spark reads tables, and nothing else."""

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from spark_jobs.ask import sql
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import publication
from spark_jobs.control.database import engine
from spark_jobs.lake.storage.paths import table_uri


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lake with two companies."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    rows = pa.table(
        {"id": [1, 2], "name": ["=1+1", "温泉"], "seen_at": pa.array([0, 1], pa.timestamp("us", tz="UTC"))},
    )
    write_deltalake(table_uri("silver", "companies"), rows)


def test_a_query_names_layer_and_table() -> None:
    assert sql.query("SELECT count(*) AS n FROM silver.companies").to_pylist() == [{"n": 2}]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("WITH c AS (SELECT * FROM silver.companies) SELECT id FROM c ORDER BY id", id="with"),
        pytest.param("-- why\n/* and */ select id from Silver.companies c order by id;", id="comments, case, alias"),
        pytest.param('FROM silver."companies" SELECT id ORDER BY id', id="from first, quoted"),
        pytest.param("(SELECT 1 AS id) UNION (SELECT 2) ORDER BY 1", id="bracket first"),
    ],
)
def test_reading_queries_are_answered(text: str) -> None:
    assert sql.query(text).column("id").to_pylist() == [1, 2]


def test_describe_names_the_columns() -> None:
    assert sql.query("DESCRIBE silver.companies").column("column_name").to_pylist() == ["id", "name", "seen_at"]


def test_show_tables_lists_what_storage_holds() -> None:
    assert sql.query("show tables;").to_pylist() == [{"table": "silver.companies"}]


def test_moments_come_out_in_the_city_time() -> None:
    assert sql.query("SELECT seen_at FROM silver.companies LIMIT 1").schema.field("seen_at").type.tz == "Asia/Shanghai"


@pytest.mark.parametrize(
    "text",
    [
        "DROP TABLE silver.companies",
        "COPY (SELECT 1) TO '/tmp/x'",
        "SELECT 1; SELECT 2",
        "SET threads = 1",
        "",
        "INSTALL x",
    ],
)
def test_anything_but_one_read_is_refused(text: str) -> None:
    with pytest.raises(LakeError, match="only one reading query"):
        sql.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 'http://127.0.0.1:1/x.parquet'",
        'SELECT * FROM silver."../../etc"',
    ],
)
def test_a_query_reaches_no_file_and_no_address(text: str) -> None:
    with pytest.raises(LakeError):
        sql.query(text)


def test_an_unknown_table_is_answered_with_similar_names() -> None:
    with pytest.raises(LakeError, match="no table silver.company") as caught:
        sql.query("SELECT * FROM silver.company")
    assert "silver.companies" in caught.value.next_step


def test_a_mistake_is_shown_as_the_engine_says_it() -> None:
    with pytest.raises(LakeError, match="nonsense"):
        sql.query("SELECT nonsense FROM silver.companies")


@pytest.mark.parametrize("expression", ["cast(name AS int)", "error(name)", "strptime(name, '%Y')"])
def test_a_failed_cast_shows_no_value(expression: str) -> None:
    with pytest.raises(LakeError, match="cannot be converted") as caught:
        sql.query(f"SELECT {expression} FROM silver.companies WHERE id = 2")
    assert "温泉" not in str(caught.value)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little memory for a query."""
    monkeypatch.setenv("LAKE_SQL_MEMORY", "48MiB")
    settings.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("SELECT max(l) FROM (SELECT list(range) AS l FROM range(100000000))", id="in the query"),
        pytest.param("SELECT range, 'x' || range FROM range(100000000)", id="in the answer"),
    ],
)
def test_a_query_ends_at_its_limit_of_memory(small: None, text: str) -> None:
    with pytest.raises(LakeError, match=r"needs more memory than 48\.0MiB") as caught:
        sql.query(text)
    assert "LAKE_SQL_MEMORY" in caught.value.next_step
    assert sql.query("SELECT count(*) AS n FROM silver.companies").to_pylist() == [{"n": 2}]


def test_a_query_ends_at_its_limit_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_SQL_SECONDS", "0.1")
    settings.cache_clear()
    with pytest.raises(LakeError, match=r"stopped after 0\.1 s") as caught:
        sql.query("SELECT count(*) FROM range(1000000000) a, range(1000000000) b")
    assert "LAKE_SQL_SECONDS" in caught.value.next_step


def test_a_query_leaves_nothing_in_the_folder_of_who_asks(
    small: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "asks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(LakeError, match="more memory"):
        sql.query("SELECT range FROM range(100000000) ORDER BY hash(range)")
    assert list(folder.iterdir()) == []


def test_a_name_is_never_a_variable_of_this_program() -> None:
    with pytest.raises(LakeError, match="does not exist"):
        sql.query("SELECT * FROM batches")


def test_silver_is_asked_as_published_unless_somebody_wants_all() -> None:
    uri, asked = table_uri("silver", "agency__feed"), "SELECT count(*) AS n FROM silver.agency__feed"
    for number in range(3):
        write_deltalake(uri, pa.table({"id": [number]}), mode="append")
    engine.cache_clear()
    try:
        with pytest.raises(LakeError, match="nothing of silver.agency__feed is published") as caught:
            sql.query(asked, unverified=False)
        assert "lake verify agency/feed" in caught.value.next_step
        publication.record("agency/feed", 1, published=True, checks={})
        publication.record("agency/feed", 2, published=False, checks={})
        assert sql.query(asked, unverified=False).to_pylist() == [{"n": 2}]
        assert sql.query(asked).to_pylist() == [{"n": 3}]
    finally:
        engine.cache_clear()


def test_queries_of_one_session_share_their_tables_and_fail_alone() -> None:
    texts = ["SELECT count(*) AS n FROM silver.companies", "SELECT nothing FROM silver.companies"]
    with sql.asking(texts) as ask:
        with pytest.raises(LakeError, match="nothing"):
            ask(texts[1])
        assert ask(texts[0]).to_pylist() == [{"n": 2}]


def test_a_session_opens_only_what_it_was_told_of() -> None:
    with sql.asking(["SELECT 1"]) as ask, pytest.raises(LakeError, match="companies"):
        ask("SELECT * FROM silver.companies")


def test_a_session_changes_nothing_that_is_asked_in_between() -> None:
    with sql.asking(["SELECT 1"]) as ask, pytest.raises(LakeError, match="only one reading query"):
        ask("SET enable_external_access = true")
