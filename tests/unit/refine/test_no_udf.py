"""Everything that Spark computes is built-in expressions alone: no UDF, no jar, no Python at the executors."""

import ast
from pathlib import Path

import pytest

from spark_jobs.base.settings import PROJECT

SOURCES = sorted((PROJECT / "spark_jobs").rglob("*.py"))
FORBIDDEN = {
    "udf",
    "pandas_udf",
    "udtf",
    "mapInPandas",
    "mapInArrow",
    "applyInPandas",
    "applyInArrow",
    "rdd",
    "sparkContext",
    "_jvm",
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(Path(path).relative_to(PROJECT)))
def test_no_python_runs_on_records(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not names & FORBIDDEN
