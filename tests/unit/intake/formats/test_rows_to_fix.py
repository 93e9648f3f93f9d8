"""Rows to fix come back as they were given out, in every format and by every option (RELIABILITY.md B27)."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from spark_jobs.intake.formats import write_rows_to_fix
from spark_jobs.intake.formats.csv.write import unfit_for
from spark_jobs.intake.formats.machinery.charset import GB18030_2022, charset_of
from spark_jobs.intake.formats.machinery.exported import NOT_PARTED, RowToFix
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS
from spark_jobs.intake.formats.machinery.unfit_text import has_unfit_character
from spark_jobs.intake.formats.xlsx import to_fix
from tests.unit.intake.formats.decoding_cases import contract_of, decoded
from tests.unit.intake.formats.forms import FORMS, holds

EVERY_FORM = pytest.mark.parametrize("options", FORMS, ids=lambda options: "-".join(map(repr, options.values())))
HARD = [
    "=1+1", "'=1", "''+1", "甲\n=cmd|'/c calc'!A1", "a,=1", "a;@x", "a|-1", "a\t＝1", " =1", "\t", "-", "＋86",
    "_x0041_", "_x005F_x0041_", "_x0041", "_x000", "__x0041__", 'a"b', '"a', '""', '"', "a|b", "a,b", "a\tb",
    "a\nb", "a\r\nb", "\r\n", "\n", "a\r", "\\n", "\\", "\u2028", "\ufeff甲", "甲\ufffe", "\uffff", "𠮷", "㐀", "é",
    "\u20ac", "\ue78d", "\ufe10", " 甲 ", "\u00a0", "</t>&amp;<", "null", "0012", "4.40301E+17", "2026-11-01",
    "甲" * 40_000, '"=1"', '甲,"=1"', '\n"\'=1',
]  # fmt: skip
"""Values that a delivery may have held, in whatever format."""
UNFIT = ["a\0b", "\x1b[31m", "\x0b", "a,\0,b", "甲\x1f\n=1"]
"""Whole texts of rows that control characters made defects of."""


def given_out(folder: Path, options: dict[str, Any], values: list[tuple[str | None, str | None]]) -> Any:
    """What decoding makes of rows to fix with these values, as they were given out."""
    contract = contract_of(options)
    rows = (RowToFix(number, "原因，=1\n+2", "建议", row) for number, row in enumerate(values, start=2))
    paths = write_rows_to_fix(contract, lambda part: folder / f"fix{part}", rows)
    assert len(paths) == 1
    table, accounting = decoded(paths[0], contract)
    assert accounting.rows_counted == accounting.rows_parsed == len(values)
    assert accounting.is_correction
    whole = [row for row in table.to_pylist() if row["_defect"] is None]
    assert len({row["_corrects"] for row in whole} & {*range(2, len(values) + 2)}) == len(whole)
    return table


def normal(value: str | None) -> str | None:
    return value or None


@EVERY_FORM
def test_what_was_sent_comes_back(tmp_path: Path, options: dict[str, Any]) -> None:
    values = [(str(number), text) for number, text in enumerate(HARD) if holds(text, options)]
    table = given_out(tmp_path, options, [*values, ("9", None), (None, "x"), ("8", "")])
    assert table["_defect"].null_count == table.num_rows
    numbers, names = table["number"].to_pylist(), table["person_name"].to_pylist()
    assert list(zip(numbers, names, strict=True))[: len(values)] == values
    assert [*map(normal, numbers[-3:]), *map(normal, names[-3:])] == ["9", None, "8", None, "x", None]
    assert set(table["_rescued"].to_pylist()) == {None}


@EVERY_FORM
def test_a_row_that_nobody_has_parted_is_no_row_when_it_comes_back(tmp_path: Path, options: dict[str, Any]) -> None:
    texts = [*UNFIT, '1,"a"b,2', "1|2|3", "甲\t乙,丙", "XN003⇥赤壁站", '["1", "a"]', '{"编号": 1, "姓名": "甲"}']
    texts = [text for text in texts if holds(text, options)]
    table = given_out(tmp_path, options, [*((f"{NOT_PARTED}{text}", "") for text in texts), ("7", "甲")])
    *whole, parted = table.to_pylist()
    assert [row["_raw"] for row in whole] == texts
    assert {row["_defect"] for row in whole} <= {"not_parted", "control_character"}
    assert [row["_defect"] for row, text in zip(whole, texts, strict=True) if not has_unfit_character(text)] == [
        "not_parted"
    ] * sum(not has_unfit_character(text) for text in texts)
    assert {(row["number"], row["person_name"]) for row in whole} == {(None, None)}
    assert (parted["_defect"], parted["number"]) == (None, "7")


@EVERY_FORM
def test_the_text_of_a_row_that_could_not_be_parted_comes_back(tmp_path: Path, options: dict[str, Any]) -> None:
    texts = [*UNFIT, '1,"a"b,2', "1|2|3", "甲\t乙,丙", '["1", "a\\u0000"]', '{"编号": 1, "姓名": "\\ud800"}']
    texts = [text for text in texts if holds(text, options)]
    table = given_out(tmp_path, options, [(text, "") for text in texts])
    for row, text in zip(table.to_pylist(), texts, strict=True):
        if has_unfit_character(text):
            assert (row["_defect"], row["_raw"], row["number"]) == ("control_character", text, None)
        else:
            assert (row["_defect"], row["number"], normal(row["person_name"])) == (None, text, None)


@EVERY_FORM
def test_what_the_contract_does_not_know_comes_back(tmp_path: Path, options: dict[str, Any]) -> None:
    contract = contract_of(options, on_unknown_column="rescue")
    rescued = [
        '{"备注": "=1", "n": 1.10}',
        None,
        '{"备注": "甲\\u0000乙"}',
        json.dumps({"长": "长" * 40_000}, ensure_ascii=False),
    ]
    rescued = [text for text in rescued if holds(text, options)]
    rows = (RowToFix(number, "", "", (str(number), "甲", text)) for number, text in enumerate(rescued))
    (path,) = write_rows_to_fix(contract, lambda part: tmp_path / f"fix{part}", rows)
    table, _ = decoded(path, contract)
    assert table["_rescued"].to_pylist() == rescued
    assert table["person_name"].to_pylist() == ["甲"] * len(rescued)


@pytest.mark.parametrize(
    ("exported", "rescued"),
    [
        ("", {"新列": "x"}),
        ('{"备注": "y"}', {"备注": "y", "新列": "x"}),
        ("改成了别的", {"约定之外的列": "改成了别的", "新列": "x"}),
    ],
)
def test_what_a_clerk_adds_to_rows_to_fix_is_kept(tmp_path: Path, exported: str, rescued: dict[str, str]) -> None:
    contract = contract_of(
        {"format": "csv", "encoding": "utf-8", "delimiter": "|", "quote": None}, on_unknown_column="rescue"
    )
    path = tmp_path / "fix"
    path.write_text(f"原行号|编号|姓名|约定之外的列|新列\n1|2|甲|{exported}|x\n", "utf-8")
    table, _ = decoded(path, contract)
    assert json.loads(table["_rescued"].to_pylist()[0]) == rescued


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd")
"""Whatever a table may hold: halves of surrogate pairs and U+FFFD are in none."""
TEXTS = st.text(CHARACTERS, max_size=6) | st.text(
    st.sampled_from(list("_x0041FA'=+-@,|;\t\r\n\"\\\x01\x00 ＝甲𠮷\ue78d\ufffe\ufeff\u2028\x85")), max_size=9
)


@pytest.mark.parametrize(
    "options",
    [form for form in FORMS if form.get("delimiter") in {None, "|", "\x01"} and not form.get("compression")],
    ids=lambda options: "-".join(map(repr, options.values())),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20))
def test_any_value_comes_back(tmp_path: Path, options: dict[str, Any], rows: list[tuple[str, str]]) -> None:
    rows = [row for row in rows if all(holds(text, options) for text in row)] or [("1", "甲")]
    table = given_out(tmp_path, options, [(number or "1", name) for number, name in rows])
    for row, (number, name) in zip(table.to_pylist(), rows, strict=True):
        if has_unfit_character(number + name):
            assert row["_defect"] == "control_character"
            only = (number or "1") if not name else None
            assert row["_raw"] == only or json.loads(row["_raw"]) == [number or "1", name or row_empty(options)]
        else:
            assert (row["_defect"], row["number"], row["person_name"] or "") == (None, number or "1", name)


def row_empty(options: dict[str, Any]) -> str | None:
    return None if options["format"] == "xlsx" else ""


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_a_charset_gives_back_every_character_that_it_writes(encoding: str) -> None:
    """Those that it lacks, and those that GB 18030 has twice, are written as escapes."""
    charset = charset_of(b"", encoding)  # type: ignore[arg-type]
    unfit = unfit_for(contract_of({"format": "csv", "encoding": encoding}).layout)
    for point in range(0x20, 0x20000):
        char = chr(point)
        if "\ud800" <= char <= "\udfff" or unfit.match(char):
            continue
        raw = char.encode(encoding, "ignore")
        assert not raw or bytes(charset.to_utf8(raw, 0)).decode() == char
    assert all(unfit.match(chr(point)) for point in GB18030_2022)


def test_a_spreadsheet_finds_no_formula_in_any_text_file(tmp_path: Path) -> None:
    for options in FORMS:
        if options["format"] == "csv":
            given_out(tmp_path, options, [(str(number), text) for number, text in enumerate(HARD)])
            data = (tmp_path / "fix1").read_bytes()
            text = (gzip.decompress(data) if options.get("compression") else data).decode(options["encoding"])
            cells = [cell for line in text.splitlines() for part in line.split(",") for cell in part.split("|")]
            cells = [cell for part in cells for piece in part.split(";") for cell in piece.split("\t")]
            assert not [cell for cell in cells if cell.strip(' "\u3000\ufeff')[:1] in tuple("=+@＝＋－＠")]


def test_a_workbook_opens_and_shows_what_was_sent(tmp_path: Path) -> None:
    contract = contract_of({"format": "xlsx", "header_row": 3})
    rows = [RowToFix(7, "原因", "建议", ("_x0041_", "a\rb\0")), RowToFix(8, "原因", "建议", ("=1", "甲" * 70_000))]
    (path,) = write_rows_to_fix(contract, lambda part: tmp_path / f"fix{part}.xlsx", rows)
    sheet = openpyxl.load_workbook(path)["更正"]
    shown = [[cell.value and unescape(str(cell.value)) for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert shown[0] == [*FIX_COLUMNS, "编号", "姓名", "姓名（续1）", "姓名（续2）"]
    assert shown[1] == ["7", "原因", "建议", "_x0041_", "a\rb\0", None, None]
    assert shown[2][:4] == ["8", "原因", "建议", "'=1"]
    assert [len(str(text)) for text in shown[2][4:]] == [32_766, 32_766, 4_468]
    assert {cell.data_type for row in sheet.iter_rows(min_row=3) for cell in row if cell.value is not None} == {"s"}


@pytest.mark.parametrize("text", ["=" * 70_000, "\n=1" * 30_000, "𠮷" * 50_000, "_x0041_" * 9_000, "甲,\r" * 20_000])
def test_a_text_longer_than_a_cell_comes_back(tmp_path: Path, text: str) -> None:
    table = given_out(tmp_path, {"format": "xlsx"}, [("1", "short"), (text, text[1:]), ("3", "")])
    assert table["number"].to_pylist() == ["1", text, "3"]
    assert table["person_name"].to_pylist() == ["short", text[1:], None]
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "fix1").read_bytes()))["更正"]
    units = {len(str(cell.value).encode("utf-16-le")) // 2 for row in sheet.iter_rows() for cell in row if cell.value}
    assert max(units) <= 32_767


def test_a_column_that_only_looks_continued_is_unknown_in_a_delivery(tmp_path: Path) -> None:
    path = tmp_path / "delivery"
    path.write_text("编号,姓名,姓名（续1）\n1,甲,乙\n", "utf-8")
    contract = contract_of({"format": "csv", "encoding": "utf-8"}, on_unknown_column="rescue")
    table, accounting = decoded(path, contract)
    assert not accounting.is_correction
    assert table["person_name"].to_pylist() == ["甲"]
    assert json.loads(table["_rescued"].to_pylist()[0]) == {"姓名（续1）": "乙"}


def test_rows_beyond_a_worksheet_go_into_further_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_fix, "MAX_ROWS", 5)
    contract = contract_of({"format": "xlsx", "header_row": 2})
    rows = (RowToFix(number, "", "", (str(number), "甲")) for number in range(7))
    paths = write_rows_to_fix(contract, lambda part: tmp_path / f"fix{part}.xlsx", rows)
    assert [path.name for path in paths] == ["fix1.xlsx", "fix2.xlsx", "fix3.xlsx"]
    found = [number for path in paths for number in decoded(path, contract)[0]["number"].to_pylist()]
    assert found == [str(number) for number in range(7)]
