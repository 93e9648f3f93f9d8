"""A format is one module of options and one module of work, and nobody else asks which it is."""

import ast
from pathlib import Path

import pytest

from expectations.contract.formats import OPTIONS
from expectations.discovery import one_per_module
from spark_jobs.intake import formats
from spark_jobs.intake.formats import FORMATS, Format

PROJECT = Path(__file__).parents[4]
ROOMS = ("expectations/contract/formats/", "spark_jobs/intake/formats/")
KINDS = {kind.__name__ for kind in OPTIONS.values()}


def test_every_name_that_a_contract_may_use_has_its_class() -> None:
    assert set(OPTIONS) == set(FORMATS) == {"csv", "json", "jsonl", "xlsx"}
    for name, options in OPTIONS.items():
        assert options.model_fields["format"].annotation.__args__ == (name,)  # type: ignore[union-attr]


def test_a_format_without_its_work_is_an_error_at_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPTIONS, "fixed_width", next(iter(OPTIONS.values())))
    with pytest.raises(TypeError, match="both here and in expectations/contract/formats: fixed_width"):
        formats._found()


def test_a_new_file_is_all_that_a_new_kind_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "kinds_of_test"
    package.mkdir()
    (package / "__init__.py").touch()
    kind = "from spark_jobs.intake.formats import Format\nclass Other(Format): pass\n"
    (package / "other.py").write_text(kind)
    monkeypatch.syspath_prepend(tmp_path)
    assert list(one_per_module("kinds_of_test", [str(package)], Format)) == ["other"]
    (package / "empty.py").write_text("from kinds_of_test.other import Other\n")
    with pytest.raises(TypeError, match=r"kinds_of_test\.empty must have one class that is a Format, it has 0"):
        one_per_module("kinds_of_test", [str(package)], Format)


def names_of_kinds(path: Path) -> set[str]:
    """Names of options that a module imports to ask which it has, by `isinstance` or by a pattern of `match`."""
    tree = ast.parse(path.read_text("utf-8"))
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.MatchClass)]
    asked_of = [
        node.args[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"isinstance", "issubclass"}
    ]
    used = {ast.unparse(node.cls) for node in asked}
    used |= {leaf.id for node in asked_of for leaf in ast.walk(node) if isinstance(leaf, ast.Name)}
    return used & KINDS


def test_nobody_else_asks_which_format_it_is() -> None:
    modules = [
        path
        for folder in ("expectations", "spark_jobs", "dags", "infra")
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if not str(path.relative_to(PROJECT)).startswith(ROOMS)
    ]
    assert {str(path): found for path in modules if (found := names_of_kinds(path))} == {}
