"""Workbooks as offices lay them out: headers of several rows, a worksheet a school, households with members beneath."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pydantic import ValidationError

from expectations.contract.formats.xlsx import Xlsx
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import FORMATS, locate, write_rows_to_fix
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.rows import Place
from tests.unit.intake.formats.decoding_cases import Decode, contract_of, decoded
from tests.unit.intake.formats.forms import read
from tests.unit.intake.formats.test_xlsx import saved

XLSX: dict[str, Any] = {"format": "xlsx"}


def book(**sheets: list[list[object]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    del made["Sheet"]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def columns(*sources: str) -> list[dict[str, str]]:
    return [
        {"source": source, "name": f"c{place}", "type": "string", "sensitivity": "open", "title_en": "Column"}
        for place, source in enumerate(sources)
    ]


def values(table: Any, count: int) -> list[tuple[str | None, ...]]:
    return [tuple(row[f"c{place}"] for place in range(count)) for row in table.to_pylist()]


def test_a_column_under_merged_headers_is_called_by_all_above_it(decode: Decode) -> None:
    made = book(
        事项=[
            ["咸宁市政务服务事项清单", None, None, None],
            ["序号", "事项", None, "办理时限"],
            [None, "名称", "编码", None],
            [1, "营业执照", "A1", "3"],
            [2, "食品许可", "A2", "5"],
        ]
    )
    for merged in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        made["事项"].merge_cells(merged)
    options = {**XLSX, "header_row": 2, "header_rows": 2}
    table, accounting = decode(
        saved(made), options, columns=columns("事项/名称", "事项/编码", "办理时限"), ignore=("序号",)
    )
    assert values(table, 3) == [("营业执照", "A1", "3"), ("食品许可", "A2", "5")]
    assert table["_row_number"].to_pylist() == [4, 5]
    assert accounting.rows_counted == 2


def test_each_worksheet_has_its_header_and_its_name_is_a_column(tmp_path: Path) -> None:
    made = book(
        填表说明=[["请如实填写"]],
        咸宁市第一小学=[["编号", "姓名"], ["1", "甲"], ["2", "乙"]],
        空=[],
        咸宁市第二小学=[["姓名", "编号"], ["丙", "3"]],
    )
    options = {**XLSX, "sheets": "all", "sheets_except": ["填表说明"], "sheet_column": "学校"}
    contract = contract_of(options, columns=columns("学校", "编号", "姓名"))
    path = tmp_path / "delivery"
    path.write_bytes(saved(made))
    table, accounting = decoded(path, contract)
    assert values(table, 3) == [
        ("咸宁市第一小学", "1", "甲"),
        ("咸宁市第一小学", "2", "乙"),
        ("咸宁市第二小学", "3", "丙"),
    ]
    assert table["_row_number"].to_pylist() == [2, 3, 20_000_002]
    assert (accounting.rows_counted, accounting.rows_parsed) == (3, 3)
    assert any("20000003 为第 2 张的第 3 行" in note for note in accounting.notes)
    assert json.loads(locate(path, contract, Place(20_000_002))) == ["丙", "3", "咸宁市第二小学"]


def test_worksheets_of_these_names_are_read_and_must_be_there(decode: Decode) -> None:
    made = book(许可=[["编号", "姓名"], ["1", "甲"]], 其他=[["x"], ["y"]], 处罚=[["编号", "姓名"], ["2", "乙"]])
    table, accounting = decode(saved(made), {**XLSX, "sheets": ["许可", "处罚"]})
    assert table["number"].to_pylist() == ["1", "2"]
    assert any("其他工作表未读取：其他" in note for note in accounting.notes)
    with pytest.raises(DeliveryRejected, match="sheet_missing") as rejected:
        decode(saved(made), {**XLSX, "sheets": ["许可", "强制"]})
    assert rejected.value.details["sheet"] == "强制"


@pytest.mark.parametrize(
    "rows", [[["x", "y"], ["1", "甲"]], [["编号"], ["1"]], [[], ["1", "甲"]], [["编号", "姓名", "编号"], ["1"]]]
)
def test_a_worksheet_with_another_header_is_named(decode: Decode, rows: list[list[object]]) -> None:
    made = book(一班=[["编号", "姓名"], ["1", "甲"]], 二班=rows)
    with pytest.raises(DeliveryRejected, match="sheet_header") as rejected:
        decode(saved(made), {**XLSX, "sheets": "all"})
    assert rejected.value.details["sheet"] == "二班"


HOUSEHOLDS: list[list[object]] = [
    ["序号", "户编号", "户主", "姓名", "关系"],
    ["1", "H1", "张三", None, None],
    [None, None, None, "张三", "户主"],
    [None, None, None, "李四", "配偶"],
    ["2", "H2", "王五", None, None],
    ["3", "H3", "赵六", "赵六", "户主"],
    [None, None, None, "赵小六", "子"],
    ["4", "H4", "孙七", None, None],
]
BLOCKS = {**XLSX, "blocks": {"columns": ["户编号", "户主"]}}
OF_HOUSEHOLD = columns("户编号", "户主", "姓名", "关系")


def test_a_household_s_row_holds_for_the_members_beneath_it(decode: Decode) -> None:
    table, accounting = decode(saved(book(户=HOUSEHOLDS)), BLOCKS, columns=OF_HOUSEHOLD, ignore=("序号",))
    assert values(table, 4) == [
        ("H1", "张三", "张三", "户主"),
        ("H1", "张三", "李四", "配偶"),
        ("H2", "王五", None, None),
        ("H3", "赵六", "赵六", "户主"),
        ("H3", "赵六", "赵小六", "子"),
        ("H4", "孙七", None, None),
    ]
    assert table["_row_number"].to_pylist() == [3, 4, 5, 6, 7, 8]
    assert accounting.rows_counted == accounting.rows_parsed == 6


def test_a_household_s_row_may_be_a_row_of_its_own(decode: Decode) -> None:
    options = {**XLSX, "blocks": {"columns": ["户编号", "户主"], "head": "row"}}
    table, accounting = decode(saved(book(户=HOUSEHOLDS)), options, columns=OF_HOUSEHOLD, ignore=("序号",))
    assert accounting.rows_counted == 7
    assert values(table, 4)[0] == ("H1", "张三", None, None)
    assert values(table, 4)[1] == ("H1", "张三", "张三", "户主")


def merge_household(made: openpyxl.Workbook) -> None:
    made["户"].merge_cells("B2:B4")
    made["户"].merge_cells("C2:C4")


def error_in_household(made: openpyxl.Workbook) -> None:
    made["户"]["C2"] = "#N/A"


@pytest.mark.parametrize(
    ("change", "defects"),
    [(merge_household, [None] * 6), (error_in_household, ["cell_error", "cell_error", None, None, None, None])],
)
def test_what_is_wrong_with_a_household_is_wrong_with_its_members(
    decode: Decode, change: Callable[[openpyxl.Workbook], None], defects: list[str | None]
) -> None:
    made = book(户=HOUSEHOLDS)
    change(made)
    table, accounting = decode(saved(made), BLOCKS, columns=OF_HOUSEHOLD, ignore=("序号",))
    assert table["_defect"].to_pylist() == defects
    assert accounting.rows_counted == 6


def test_members_above_any_household_have_none(decode: Decode) -> None:
    rows: list[list[object]] = [HOUSEHOLDS[0], [None, None, None, "周八", "子"], *HOUSEHOLDS[1:]]
    table, _ = decode(saved(book(户=rows)), BLOCKS, columns=OF_HOUSEHOLD, ignore=("序号",))
    assert values(table, 4)[0] == (None, None, "周八", "子")


@pytest.mark.parametrize(
    "options",
    [
        {**XLSX, "header_row": 2, "header_rows": 2},
        {**XLSX, "sheets": "all", "sheet_column": "户/编号"},
        {**XLSX, "sheets": ["一", "二"], "sheet_column": "户/编号"},
        {**XLSX, "header_rows": 2, "blocks": {"columns": ["户/编号"]}},
    ],
)
def test_rows_to_fix_stand_in_full_in_one_worksheet(tmp_path: Path, options: dict[str, Any]) -> None:
    contract = contract_of(options, columns=columns("户/编号", "户/姓名"))
    rows = [RowToFix(20_000_003, "原因", "建议", ("H1", "=甲")), RowToFix(7, "原因", "建议", (None, "乙"))]
    (path,) = write_rows_to_fix(contract, lambda part: tmp_path / f"fix{part}.xlsx", rows)
    table, accounting = decoded(path, contract)
    assert accounting.is_correction
    assert values(table, 2) == [("H1", "=甲"), (None, "乙")]


@pytest.mark.parametrize(
    "options",
    [
        {**XLSX, "header_row": 2, "header_rows": 3},
        {**XLSX, "sheets": "all", "sheet_column": "户/编号"},
        {**XLSX, "header_rows": 2, "blocks": {"columns": ["户/编号", "户/户主"]}},
        {**XLSX, "header_rows": 2, "blocks": {"columns": ["户/编号", "户/户主"], "head": "row"}},
    ],
)
def test_a_sample_is_laid_out_as_agreed(tmp_path: Path, options: dict[str, Any]) -> None:
    sources = ("户/编号", "户/户主", "成员/姓名", "成员/证件/号码", "备注")
    if options.get("header_rows") == 2:
        sources = ("户/编号", "户/户主", "成员/姓名", "成员/号码", "备注")
    contract = contract_of(options, columns=columns(*sources))
    people = [
        ("H1", "甲", "甲", "1", "x"),
        ("H1", "甲", "乙", "2", ""),
        ("H2", "丙", "", "", ""),
        ("H3", "丁", "", "4", "y"),
    ]
    rows = [dict(zip(sources, row, strict=True)) for row in people]
    path = tmp_path / "sample.xlsx"
    FORMATS["xlsx"].write_sample(path, contract.layout, list(sources), rows)
    table, _ = decoded(path, contract)
    assert [tuple(text or "" for text in row) for row in values(table, 5)] == [tuple(row.values()) for row in rows]
    header, *records = read(path.read_bytes(), contract.layout)
    assert [dict(zip(header, record, strict=True)) for record in records] == rows


def test_a_worksheet_without_rows_is_there(tmp_path: Path) -> None:
    """A contract that names its worksheets misses one that is not in the workbook."""
    contract = contract_of(
        {**XLSX, "sheets": ["甲", "乙", "丙"], "sheet_column": "编号"}, columns=columns("编号", "姓名")
    )
    path = tmp_path / "sample.xlsx"
    for rows in ([{"编号": "乙", "姓名": "王"}], []):
        FORMATS["xlsx"].write_sample(path, contract.layout, ["编号", "姓名"], rows)
        table, _ = decoded(path, contract)
        assert values(table, 2) == [tuple(row.values()) for row in rows]


def test_rows_of_a_worksheet_follow_one_another(tmp_path: Path) -> None:
    contract = contract_of({**XLSX, "sheets": "all", "sheet_column": "编号"})
    rows = [{"编号": name, "姓名": "甲"} for name in "aba"]
    with pytest.raises(ValueError, match="do not follow one another"):
        FORMATS["xlsx"].write_sample(tmp_path / "x", contract.layout, ["编号", "姓名"], rows)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sheet": "甲", "sheets": "all"}, "only one of them"),
        ({"sheets": ["甲"], "sheets_except": ["乙"]}, "sheets_except is for"),
        ({"sheet_column": "学校"}, "neither a column nor ignored: 学校"),
        ({"blocks": {"columns": ["户"]}}, "neither a column nor ignored: 户"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        contract_of({**XLSX, **options})


def test_the_dictionary_says_how_a_workbook_is_laid_out() -> None:
    options = {"sheets": "all", "sheets_except": ["说明"], "sheet_column": "学校", "header_rows": 2}
    described = Xlsx.model_validate({**XLSX, **options, "blocks": {"columns": ["户编号"]}}).describe()
    assert described == (
        "xlsx，工作表 全部（说明 除外），表头在第 1 至 2 行，工作表名称为 `学校`，户编号 填在每户首行，其下各行为成员"
    )
