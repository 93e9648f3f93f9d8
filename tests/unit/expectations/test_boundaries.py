"""Who may import whom: expectations know nothing of how and when."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
FORBIDDEN = {"pyspark", "airflow", "spark_jobs", "great_expectations", "dags"}


@pytest.mark.parametrize("path", sorted((PROJECT / "expectations").rglob("*.py")), ids=lambda path: path.name)
def test_expectations_import_no_engine(path: Path) -> None:
    imported = {name for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in _imported(node)}
    assert not imported & FORBIDDEN


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []
