"""Worksheets by any name, their header in any row."""

import io
from typing import Any

from openpyxl import load_workbook

from expectations.contract.formats.xlsx import Xlsx

FORMS: list[dict[str, Any]] = [
    {"format": "xlsx"},
    {"format": "xlsx", "header_row": 3},
    {"format": "xlsx", "sheet": "申请 & <1>", "header_row": 2},
]


def read(content: bytes, options: Xlsx) -> list[list[str]]:
    """By openpyxl."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    rows = book[options.sheet or book.sheetnames[0]].iter_rows(min_row=options.header_row, values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def first_row(options: Xlsx) -> int:
    """The row after the header."""
    return options.header_row + 1
