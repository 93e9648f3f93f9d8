"""A worksheet's rows in order, merged cells filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.xlsx.cells import CellTexts, CellValueError
from spark_jobs.intake.formats.xlsx.count import Merged

_BLOCK = 1 << 18


@dataclass
class SheetRow:
    """One row that has values."""

    number: int
    cells: dict[int, str]
    """Texts by column, from 1. An error value is there as its text."""
    errors: set[int]
    """Columns that hold an error value."""


def sheet_rows(part: IO[bytes], texts: CellTexts, merged: list[Merged]) -> Iterator[SheetRow]:
    """Every row that has a value of its own; memory is bounded by a block's rows.

    Args:
        part: the worksheet's XML.
        texts: how cells are read.
        merged: merged ranges by their first row.

    Raises:
        DeliveryRejected: `compression_damaged`.
    """
    filler, reader = _MergedCells(merged), _SheetReader(texts)
    for rows in _parsed(part, reader):
        for row in rows:
            filler.fill(row)
            if row.cells:
                yield row


def _parsed(part: IO[bytes], reader: "_SheetReader") -> Iterator[list[SheetRow]]:
    """The rows of each block of XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    is_done = False
    while not is_done:
        block = part.read(_BLOCK)
        is_done = not block
        try:
            parser.Parse(block, is_done)
        except (expat.ExpatError, ValueError) as error:
            raise DeliveryRejected("compression_damaged", detail=f"工作表：{error}") from error
        rows, reader.rows = reader.rows, []
        yield rows


class _SheetReader:
    """Turns a worksheet's XML events into rows."""

    def __init__(self, texts: CellTexts) -> None:
        self.rows: list[SheetRow] = []
        self._texts = texts
        self._row = SheetRow(0, {}, set())
        self._column = 0
        self._cell: dict[str, str] = {}
        self._value: list[str] = []
        self._in_value = False
        self._in_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell, self._value = attributes, []
        elif name in {"v", "t"}:
            self._in_value = not self._in_phonetic
        elif name == "row":
            self._row = SheetRow(int(attributes.get("r") or self._row.number + 1), {}, set())
            self._column = 0
        elif name == "rPh":
            self._in_phonetic = True

    def characters(self, data: str) -> None:
        """Character data."""
        if self._in_value:
            self._value.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self._in_value = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self.rows.append(self._row)
        elif name == "rPh":
            self._in_phonetic = False

    def _end_cell(self) -> None:
        cell = self._cell
        letters = cell.get("r", "").rstrip("0123456789")
        self._column = column_index_from_string(letters) if letters else self._column + 1
        value = "".join(self._value)
        if not value:
            return
        try:
            self._row.cells[self._column] = self._texts.text(cell.get("t", "n"), cell.get("s", "0"), value)
        except CellValueError as error:
            self._row.cells[self._column] = str(error)
            self._row.errors.add(self._column)


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
