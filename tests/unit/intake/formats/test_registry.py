"""A format is one module of options and one module of work, and nobody else asks which it is."""

import ast
from pathlib import Path
from typing import Any

import pytest

from expectations.contract.formats import OPTIONS
from expectations.discovery import one_per_module
from expectations.rejections import DeliveryRejected
from expectations.samples import sample_rows
from spark_jobs.intake import formats
from spark_jobs.intake.formats import FORMATS, Format, locate, open_decoder, write_sample
from spark_jobs.intake.formats.machinery.rows import Place
from tests.unit.intake.formats.decoding_cases import contract_of, decoded
from tests.unit.intake.formats.forms import FORMS, FORMS_OF

PROJECT = Path(__file__).parents[4]
ROOMS = ("expectations/contract/formats/", "spark_jobs/intake/formats/")
KINDS = {kind.__name__ for kind in OPTIONS.values()}


def test_every_name_that_a_contract_may_use_has_its_class() -> None:
    assert set(OPTIONS) == set(FORMATS) == set(FORMS_OF) >= {"csv", "json", "jsonl", "xlsx"}
    for name, options in OPTIONS.items():
        assert options.model_fields["format"].annotation.__args__ == (name,)  # type: ignore[union-attr]


@pytest.mark.parametrize("options", FORMS, ids=lambda options: "-".join(map(repr, options.values())))
def test_a_sample_is_a_delivery_and_each_record_of_it_is_found_again(tmp_path: Path, options: dict[str, Any]) -> None:
    contract = contract_of(options)
    path = write_sample(contract, tmp_path, n=7)
    table, accounting = decoded(path, contract)
    rows = sample_rows(contract, 7)
    assert [table["number"].to_pylist(), table["person_name"].to_pylist()] == [
        [row[column.source] for row in rows] for column in contract.columns
    ]
    assert accounting.rows_counted == 7
    for record, row in zip(table.to_pylist(), rows, strict=True):
        place = Place(*(record[name] for name in ("_row_number", "_byte_offset", "_byte_length")))
        assert all(value in locate(path, contract, place) for value in row.values())
    assert contract.layout.describe()
    assert all(suffix.startswith(".") for suffix in contract.layout.suffixes)


@pytest.mark.parametrize("options", FORMS_OF.values(), ids=FORMS_OF)
def test_what_begins_like_no_such_file_is_refused_before_it_is_parsed(
    options: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "delivery"
    path.write_bytes(b"\x7fELF" + bytes(100))
    with pytest.raises(DeliveryRejected, match="content_mismatch"):
        open_decoder(path, contract_of(options[0]))


def test_a_format_without_its_work_is_an_error_at_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPTIONS, "unheard_of", next(iter(OPTIONS.values())))
    with pytest.raises(TypeError, match="both here and in expectations/contract/formats: unheard_of"):
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
