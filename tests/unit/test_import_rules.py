"""Who may import whom, read from the source: what we expect, how it is done and when it runs stay apart."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
MOST_LINES = 400


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it the import stands."""
    return set(_imported(ast.parse(path.read_text("utf-8"))))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def called(path: Path) -> set[str]:
    """Dotted names of everything that a file calls or decorates with."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return calls | {ast.unparse(mark).partition("(")[0] for node in functions for mark in node.decorator_list}


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", modules("expectations"), ids=name_of)
def test_what_we_expect_knows_no_engine(path: Path) -> None:
    assert not packages(path) & {"pyspark", "airflow", "spark_jobs", "dags", "infra"}


@pytest.mark.parametrize("path", modules("dags"), ids=name_of)
def test_a_dag_imports_expectations_and_airflow_only(path: Path) -> None:
    assert packages(path) <= {"expectations", "airflow", "dags"} | sys.stdlib_module_names


@pytest.mark.parametrize("path", modules("spark_jobs"), ids=name_of)
def test_a_job_does_not_know_when_it_runs(path: Path) -> None:
    assert not packages(path) & {"dags", "airflow"}


EDGES = {"spark_jobs/refine/batch.py", "spark_jobs/refine/code_lists.py", "spark_jobs/refine/write.py"}
"""The modules of refine that read and write tables; the list may only shrink."""


def transforms() -> list[Path]:
    """Modules of refine and of custom feed logic that turn columns and frames into others."""
    return [path for path in modules("spark_jobs/refine", "spark_jobs/feeds") if name_of(path) not in EDGES]


@pytest.mark.parametrize("path", transforms(), ids=name_of)
def test_a_transform_has_no_session_path_clock_or_environment(path: Path) -> None:
    of_lake = {name for name in imported(path) if name.startswith("spark_jobs.lake")}
    assert of_lake <= set()
    assert not packages(path) & {"os", "pathlib", "time"}
    assert "pyspark.sql.SparkSession" not in imported(path)
    clocks = {"datetime.now", "datetime.utcnow", "date.today", "datetime.datetime.now", "F.current_date"}
    assert not called(path) & (clocks | {"F.current_timestamp", "F.now", "F.rand", "F.uuid"})


@pytest.mark.parametrize("path", modules("spark_jobs"), ids=name_of)
def test_nothing_on_the_record_path_is_a_python_udf(path: Path) -> None:
    forbidden = {"udf", "pandas_udf", "arrow_udf", "udtf", "mapInPandas", "mapInArrow", "applyInPandas", "applyInArrow"}
    names = {name.rpartition(".")[2] for name in called(path) | imported(path)}
    assert not names & forbidden


@pytest.mark.parametrize("path", modules("spark_jobs"), ids=name_of)
def test_a_job_uses_what_spark_connect_has(path: Path) -> None:
    attributes = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert not attributes & {"rdd", "sparkContext", "_jvm", "_jsparkSession", "_sc"}


def test_the_dbt_project_does_not_shadow_dbt() -> None:
    assert list((PROJECT / "dbt").glob("__init__.py")) == []


@pytest.mark.parametrize("path", modules("expectations", "dags", "spark_jobs", "infra", "tests"), ids=name_of)
def test_a_module_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", modules("expectations", "dags", "spark_jobs", "infra"), ids=name_of)
def test_a_module_is_named_by_its_subject(path: Path) -> None:
    assert not {"utils", "util", "helpers", "helper", "common", "misc"} & set(path.stem.split("_"))
