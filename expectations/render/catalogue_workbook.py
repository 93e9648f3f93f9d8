"""The information-resource catalogue as a workbook: a sheet of resources, one of their items, one that explains."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

RESOURCES, ITEMS, NOTES = "信息资源", "信息项", "说明"
_HEAD_FILL = PatternFill("solid", fgColor="DCE6F1")
_WIDEST = 48
_GROUPS = ("信息资源格式", "共享属性", "开放属性")
"""Elements of several parts: each part is a column of its own."""


def write_workbook(catalogue: dict[str, Any], path: Path) -> None:
    """Write the document of `catalogue_document` as a workbook."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = RESOURCES
    entries = catalogue["信息资源"]
    _fill(sheet, [_resource(number, entry) for number, entry in enumerate(entries, 1)])
    _fill(book.create_sheet(ITEMS), [row for entry in entries for row in _items(entry)])
    _fill(book.create_sheet(NOTES), _notes(catalogue))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _resource(number: int, entry: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"序号": number}
    for name, value in entry.items():
        if name in _GROUPS:
            row |= value
        elif name == "信息项":
            row["信息项"] = "、".join(item["信息项名称"] for item in value)
        elif name == "关联资源代码":
            row[name] = "；".join(value)
        else:
            row[name] = value
    return row


def _items(entry: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for number, item in enumerate(entry["信息项"], 1):
        yield {"信息资源代码": entry["信息资源代码"], "信息资源名称": entry["信息资源名称"], "序号": number, **item}


def _notes(catalogue: dict[str, Any]) -> list[dict[str, Any]]:
    entries = catalogue["信息资源"]
    unpublished = sum(entry["发布日期"] is None for entry in entries)
    return [
        {"项目": "依据", "内容": catalogue["标准"]},
        {
            "项目": "信息资源",
            "内容": f"{len(entries)} 条，共 {sum(len(entry['信息项']) for entry in entries)} 个信息项",
        },
        {
            "项目": "共享属性",
            "内容": "提供方没有填写的，按有条件共享处理；无条件共享的资源中，涉及个人的信息项仍按有条件共享处理",
        },
        {"项目": "开放属性", "内容": "提供方没有填写的，按不开放处理；只开放分级为“可开放”的信息项"},
        {"项目": "发布日期", "内容": f"由提供方在平台发布后填写；{unpublished} 条尚未发布，留空"},
        {"项目": "数据长度", "内容": "按字符计；“18,2”表示共18位、其中小数2位；“不定长”表示约定没有限定长度"},
    ]


def _fill(sheet: Worksheet, rows: Sequence[dict[str, Any]]) -> None:
    """A sheet with a head that stays in view; every text stays a text, codes with their leading zeros."""
    head = list(rows[0]) if rows else []
    for place, row in enumerate([head, *([each[name] for name in head] for each in rows)], 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(place, column, value)
            if isinstance(value, str):
                cell.data_type = TYPE_STRING
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if place == 1:
                cell.font, cell.fill = Font(bold=True), _HEAD_FILL
    for column, name in enumerate(head, 1):
        longest = max([len(name), *(len(str(row[name] or "")) for row in rows)])
        sheet.column_dimensions[get_column_letter(column)].width = min(2 * longest + 2, _WIDEST)
    sheet.freeze_panes = "A2"
    if head:
        sheet.auto_filter.ref = sheet.dimensions
