"""Workbooks: RELIABILITY.md B20 to B24 at the decoder."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from expectations.rejections import DeliveryRejected
from tests.unit.intake.formats.decoding_cases import Decode
from tests.unit.intake.formats.workbooks import book

XLSX = {"format": "xlsx"}


def workbook(*rows: list[object], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook of one sheet with our header and those rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["编号", "姓名"])
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def replaced(content: bytes, part: str, new: bytes) -> bytes:
    """The archive with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            if name != part:
                archive.writestr(name, old.read(name))
        archive.writestr(part, new)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(7, "7", id="integer"),
        pytest.param(7.0, "7", id="integral float"),
        pytest.param(0.1, "0.1", id="decimal"),
        pytest.param(1e-7, "0.0000001", id="small decimal"),
        pytest.param(123456789012345, "123456789012345", id="fifteen digits are exact"),
        pytest.param(421202199003071234, "4.21202E+17", id="a damaged resident ID looks damaged"),
        pytest.param("421202199003071234", "421202199003071234", id="text is kept"),
        pytest.param(date(2024, 2, 29), "2024-02-29", id="date"),
        pytest.param(datetime.fromisoformat("2024-02-29T08:30:01"), "2024-02-29 08:30:01", id="date-time"),
        pytest.param(True, "TRUE", id="boolean"),
        pytest.param(" 咸宁\n ", " 咸宁\n ", id="white space is kept"),
        pytest.param("𠮷", "𠮷", id="rare character"),
        pytest.param(date(1900, 2, 28), "1900-02-28", id="the last day of February 1900"),
    ],
)
def test_cells_become_text_without_loss(decode: Decode, value: object, text: str) -> None:
    table, _ = decode(workbook(["1", value]), XLSX)
    assert table["person_name"].to_pylist() == [text]


def test_rows_keep_the_numbers_that_the_workbook_shows_and_empty_rows_are_not_records(decode: Decode) -> None:
    table, accounting = decode(workbook(["1", "甲"], [None, None], ["2", "乙"]), XLSX)
    assert table["_row_number"].to_pylist() == [2, 4]
    assert accounting.rows_counted == accounting.rows_parsed == 2
    assert [r.kind for r in accounting.ranges] == ["container"]


def test_merged_cells_take_the_first_cells_value(decode: Decode) -> None:
    content = workbook(["1", "甲"], ["2", None], ["3", None], change=lambda sheet: sheet.merge_cells("B2:B3"))
    table, accounting = decode(content, XLSX)
    assert table["person_name"].to_pylist() == ["甲", "甲", None]
    assert any("合并单元格 1 处" in note for note in accounting.notes)


def test_hidden_rows_are_read_and_named(decode: Decode) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True

    table, accounting = decode(workbook(["1", "甲"], ["2", "乙"], change=hide), XLSX)
    assert table.num_rows == 2
    assert any("隐藏行 1 行" in note for note in accounting.notes)


def test_an_error_value_makes_its_row_defective(decode: Decode) -> None:
    table, _ = decode(workbook(["1", "#N/A"], ["2", "乙"]), XLSX)
    assert table["_defect"].to_pylist() == ["cell_error", None]
    assert json.loads(table["_raw"][0].as_py()) == ["1", "#N/A"]


def test_a_value_beyond_the_header_makes_its_row_defective(decode: Decode) -> None:
    table, _ = decode(workbook(["1", "甲", "丙"]), XLSX)
    assert table["_defect"].to_pylist() == ["too_many_fields"]


def test_formulas_give_the_saved_result_and_are_counted(decode: Decode) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xe7\xbc\x96\xe5\x8f\xb7</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>\xe5\xa7\x93\xe5\x90\x8d</t></is></c></row>'
        b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
        b"</sheetData></worksheet>"
    )
    table, accounting = decode(replaced(workbook(), "xl/worksheets/sheet1.xml", sheet), XLSX)
    assert table["number"].to_pylist() == ["2"]
    assert any("公式单元格 2 个" in note for note in accounting.notes)


def test_sheets_are_chosen_by_contract(decode: Decode) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(["1", "甲"])))
    book.create_sheet("附表").append(["另有数据"])
    with pytest.raises(DeliveryRejected) as several:
        decode(saved(book), XLSX)
    assert several.value.code == "several_sheets"
    with pytest.raises(DeliveryRejected) as missing:
        decode(saved(book), {**XLSX, "sheet": "人员"})
    assert missing.value.code == "sheet_missing"
    assert decode(saved(book), {**XLSX, "sheet": "Sheet"})[0].num_rows == 1
    book["附表"].sheet_state = "hidden"
    table, accounting = decode(saved(book), XLSX)
    assert table.num_rows == 1
    assert any("隐藏工作表 1 个" in note and "附表" in note for note in accounting.notes)


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        pytest.param("xl/evil.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "content_mismatch", id="DTD"),
        pytest.param("xl/evil.xml", "<!DOCTYPE x><x/>".encode("utf-16"), "content_mismatch", id="DTD in UTF-16"),
        pytest.param("../evil.xml", b"<x/>", "archive_limits", id="path trick"),
        pytest.param("xl/bomb.bin", b"\0" * (2 << 20), "archive_limits", id="ratio of a bomb"),
    ],
)
def test_hostile_archives_are_refused(
    decode: Decode, monkeypatch: pytest.MonkeyPatch, part: str, content: bytes, code: str
) -> None:
    # A small bomb is one too: 100 MB take seconds to make.
    monkeypatch.setattr("spark_jobs.intake.formats.xlsx.safety.RATIO_APPLIES_ABOVE_BYTES", 1 << 20)
    with pytest.raises(DeliveryRejected) as rejected:
        decode(replaced(workbook(["1", "甲"]), part, content), XLSX)
    assert rejected.value.code == code


def test_too_many_entries_are_refused(decode: Decode) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}.xml", b"")
    with pytest.raises(DeliveryRejected) as rejected:
        decode(out.getvalue(), XLSX)
    assert rejected.value.code == "archive_limits"


def test_a_zip_that_is_no_workbook_and_a_text_are_refused(decode: Decode) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"a")
    for content in (out.getvalue(), b"a,b\n"):
        with pytest.raises(DeliveryRejected) as rejected:
            decode(content, XLSX)
        assert rejected.value.code == "content_mismatch"


def test_a_truncated_workbook_is_refused(decode: Decode) -> None:
    with pytest.raises(DeliveryRejected) as rejected:
        decode(workbook(["1", "甲"])[:-200], XLSX)
    assert rejected.value.code == "compression_damaged"


def test_a_day_that_was_none_stays_a_number(decode: Decode) -> None:
    table, _ = decode(book('<row r="2"><c r="A2" s="1"><v>60</v></c><c r="B2" s="1"><v>61</v></c></row>'), XLSX)
    assert (table["number"].to_pylist(), table["person_name"].to_pylist()) == (["60"], ["1900-03-01"])


def test_a_formula_without_its_result_is_a_defect_that_says_so(decode: Decode) -> None:
    """As programs write it that do not compute; Excel saves the result with the formula."""
    content = workbook(["=A1&1", "甲"], ["2", "=1+1"], ["=B1"], ["5", "丁"])
    table, accounting = decode(content, XLSX)
    assert accounting.rows_counted == table.num_rows == 4
    assert table["_defect"].to_pylist() == ["cell_error", "cell_error", "cell_error", None]
    assert table["_raw"].to_pylist() == ['["=A1&1", "甲"]', '["2", "=1+1"]', '["=B1"]', None]


@pytest.mark.parametrize("result", ["<v></v>", ""])
def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(decode: Decode, result: str) -> None:
    cells = f'<c r="A2" t="str"><f>IF(1,"")</f>{result}</c><c r="B2" t="inlineStr"><is><t>甲</t></is></c>'
    table, accounting = decode(book(f'<row r="2">{cells}</row><row r="3"><c r="A3" t="str"><f>1</f></c></row>'), XLSX)
    assert accounting.rows_counted == table.num_rows == 1
    assert (table["_defect"].to_pylist(), table["number"].to_pylist()) == ([None], [None])
