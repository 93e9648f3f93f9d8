"""A worksheet's rows in order, merged cells filled in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.utils.cell import column_index_from_string

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.decode.xlsx_cells import CellTexts, CellValueError
from spark_jobs.intake.decode.xlsx_count import Merged

_COLUMN = re.compile(r"[A-Za-z]+")


@dataclass
class SheetRow:
    """One row that has values."""

    number: int
    cells: dict[int, str]
    """Texts by column, from 1. An error value is there as its text."""
    errors: set[int]
    """Columns that hold an error value."""


def sheet_rows(part: IO[bytes], texts: CellTexts, merged: list[Merged]) -> Iterator[SheetRow]:
    """Every row that has a value of its own; memory is bounded by one row.

    Args:
        part: the worksheet's XML.
        texts: how cells are read.
        merged: merged ranges by their first row.

    Raises:
        DeliveryRejected: `compression_damaged`.
    """
    filler = _MergedCells(merged)
    number, parent = 0, None
    try:
        for event, element in iterparse(part, ("start", "end")):  # noqa: S314 - open_workbook refused a DTD
            name = element.tag.rpartition("}")[2]
            if name == "sheetData" and event == "start":
                parent = element
            elif name == "row" and event == "end":
                number = int(element.get("r") or number + 1)
                row = _row(number, element, texts)
                filler.fill(row)
                if row.cells:
                    yield row
                if parent is not None:
                    parent.clear()
    except (ParseError, ValueError) as error:
        raise DeliveryRejected("compression_damaged", detail=f"工作表：{error}") from error


def _row(number: int, element: Element, texts: CellTexts) -> SheetRow:
    row = SheetRow(number, {}, set())
    column = 0
    for cell in element.iterfind("{*}c"):
        letters = _COLUMN.match(cell.get("r", ""))
        column = column_index_from_string(letters[0]) if letters else column + 1
        try:
            text = texts.text(cell)
        except CellValueError as error:
            text = str(error)
            row.errors.add(column)
        if text is not None:
            row.cells[column] = text
    return row


class _MergedCells:
    """Gives every cell of a merged range the value of its first."""

    def __init__(self, merged: list[Merged]) -> None:
        self._coming = merged
        self._next = 0
        self._active: list[tuple[Merged, str | None, bool]] = []

    def fill(self, row: SheetRow) -> None:
        """Fill in a row that has values of its own; rows come in order."""
        while self._next < len(self._coming) and self._coming[self._next].first_row <= row.number:
            merged = self._coming[self._next]
            value = row.cells.get(merged.first_column) if merged.first_row == row.number else None
            self._active.append((merged, value, merged.first_column in row.errors))
            self._next += 1
        if not self._active:
            return
        self._active = [entry for entry in self._active if entry[0].last_row >= row.number]
        for merged, value, is_error in self._active if row.cells else ():
            if value is not None:
                self._spread(row, range(merged.first_column, merged.last_column + 1), value, is_error)

    def _spread(self, row: SheetRow, columns: range, value: str, is_error: bool) -> None:
        for column in columns:
            if column not in row.cells:
                row.cells[column] = value
                if is_error:
                    row.errors.add(column)
