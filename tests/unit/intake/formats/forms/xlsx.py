"""Worksheets by any name, their header in any row and of several, blocks of rows."""

import io
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

from expectations.contract.formats.xlsx import Xlsx

FORMS: list[dict[str, Any]] = [
    {"format": "xlsx"},
    {"format": "xlsx", "header_row": 3},
    {"format": "xlsx", "sheet": "申请 & <1>", "header_row": 2},
    {"format": "xlsx", "header_row": 2, "header_rows": 2},
    {"format": "xlsx", "sheets": "all", "sheet_column": "编号"},
    {"format": "xlsx", "sheets": ["甲"], "blocks": {"columns": ["编号"]}},
    {"format": "xlsx", "blocks": {"columns": ["编号"], "head": "row"}},
]


def read(content: bytes, options: Xlsx) -> list[list[str]]:
    """By openpyxl, which knows nothing of merged cells, worksheets of one kind and blocks."""
    records = [record for _, record in _records(content, options)]
    header = (
        list(dict.fromkeys(name for record in records for name in record)) if records else _header(content, options)
    )
    return [header, *([record.get(name, "") for name in header] for record in records)]


def row_numbers(content: bytes, options: Xlsx) -> list[int]:
    """The numbers of the records, as bronze counts."""
    return [number for number, _ in _records(content, options)]


def first_row(options: Xlsx) -> int:
    """The row after the header."""
    return options.header_row + options.header_rows


def _header(content: bytes, options: Xlsx) -> list[str]:
    book = load_workbook(io.BytesIO(content))
    return _names(book[options.sheet or book.sheetnames[0]], options)


def _records(content: bytes, options: Xlsx) -> Iterator[tuple[int, dict[str, str]]]:
    book = load_workbook(io.BytesIO(content))
    several = options.sheets is not None
    for place, name in enumerate(book.sheetnames if several else [options.sheet or book.sheetnames[0]], start=1):
        rows = [[("" if cell is None else str(cell)) for cell in row] for row in book[name].values]
        names, first = _names(book[name], options), first_row(options)
        records = [dict(zip(names, row, strict=True)) for row in rows[first - 1 :]]
        for number, record in _members(list(enumerate(records, first)), options):
            of_sheet = {options.sheet_column: name} if options.sheet_column else {}
            yield number + (place * 10_000_000 if place > 1 else 0), record | of_sheet


def _names(sheet: Any, options: Xlsx) -> list[str]:
    """What stands above each column, of merged cells the text of their first."""
    first, last = options.header_row, options.header_row + options.header_rows - 1
    texts = {(row, column): sheet.cell(row, column).value for row in range(first, last + 1) for column in _all(sheet)}
    for merged in sheet.merged_cells.ranges:
        for place in merged.cells:
            if place in texts:
                texts[place] = sheet.cell(merged.min_row, merged.min_col).value
    above = [[texts[row, column] for row in range(first, last + 1)] for column in _all(sheet)]
    return ["/".join(str(text) for text in dict.fromkeys(each) if text is not None) for each in above]


def _all(sheet: Any) -> range:
    return range(1, sheet.max_column + 1)


def _members(rows: list[tuple[int, dict[str, str]]], options: Xlsx) -> Iterator[tuple[int, dict[str, str]]]:
    columns = options.blocks.columns if options.blocks else ()
    carried: dict[str, str] = {}
    for place, (number, record) in enumerate(rows):
        if columns and record[columns[0]]:
            carried = {name: record[name] for name in columns}
        is_head = (
            bool(columns) and bool(record[columns[0]]) and not any(v for n, v in record.items() if n not in columns)
        )
        follows = place + 1 < len(rows) and not (columns and rows[place + 1][1][columns[0]])
        if not (is_head and follows and options.blocks and options.blocks.head == "carried"):
            yield number, record | {name: record[name] or text for name, text in carried.items()}
