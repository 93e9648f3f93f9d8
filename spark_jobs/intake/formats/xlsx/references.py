"""Rows and columns as a worksheet names them, within what a worksheet can have."""

import re
from functools import cache

from spark_jobs.intake.formats.xlsx.parts import invalid

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
"""XFD. Both by ECMA-376 part 1, 18.3.1.73 and 18.3.1.4, as Excel has them."""

_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")


def row_number(text: str) -> int:
    """A row's number.

    Raises:
        DeliveryRejected: `workbook_invalid`.
    """
    number = int(text) if _ROW.fullmatch(text) else 0
    if not 1 <= number <= MAX_ROW:
        raise invalid(f"工作表：行号 {text[:20]} 不在 1 至 {MAX_ROW} 之内")
    return number


def cell_place(reference: str) -> tuple[int, int]:
    """Column and row of `A1`, both from 1.

    Raises:
        DeliveryRejected: `workbook_invalid`.
    """
    found = _CELL.fullmatch(reference)
    column = _column(found[1]) if found else 0
    if not found or column > MAX_COLUMN:
        raise invalid(f"工作表：单元格位置 {reference[:20]} 不存在")
    return column, row_number(found[2])


def range_place(reference: str) -> tuple[int, int, int, int]:
    """First column and row, last column and row of `A1:B2` or `A1`.

    Raises:
        DeliveryRejected: `workbook_invalid`.
    """
    first, _, last = reference.partition(":")
    first_column, first_row = cell_place(first)
    last_column, last_row = cell_place(last or first)
    if last_column < first_column or last_row < first_row:
        raise invalid(f"工作表：区域 {reference[:20]} 不存在")
    return first_column, first_row, last_column, last_row


@cache
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@cache
def column_letters(column: int) -> str:
    """`A` for 1, `XFD` for 16,384."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
