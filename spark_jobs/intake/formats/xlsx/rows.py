"""A worksheet's rows in order, merged cells filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.header import MAX_COLUMNS
from spark_jobs.intake.formats.xlsx.cells import CellTexts, CellValueError
from spark_jobs.intake.formats.xlsx.merged import Merged, MergedCells
from spark_jobs.intake.formats.xlsx.parts import invalid, over, parse
from spark_jobs.intake.formats.xlsx.references import MAX_COLUMN, MAX_ROW, cell_place, row_number


@dataclass
class SheetRow:
    """One row that has values."""

    number: int
    cells: dict[int, str]
    """Texts by column, from 1. An error value is there as its text."""
    errors: set[int]
    """Columns that hold an error value."""
    own: frozenset[int] = frozenset()
    """Columns whose value stands in the row itself, not in the first cell of a merged range."""


class SheetRows:
    """Iterates over every row that has a value of its own; memory is bounded by a block's rows.

    Args:
        part: the worksheet's XML.
        texts: how cells are read.
        merged: merged ranges in order.
        width: up to which column values of merged cells are spread.
    """

    def __init__(self, part: IO[bytes], texts: CellTexts, merged: list[Merged], width: int = MAX_COLUMNS + 1) -> None:
        self._part = part
        self._reader = _SheetReader(texts)
        self._merged = MergedCells(merged)
        self._width = width

    def __iter__(self) -> Iterator[SheetRow]:
        reader = self._reader
        for _ in parse(self._part, "工作表", reader):
            rows, reader.rows = reader.rows, []
            for row in rows:
                row.own = frozenset(row.cells)
                self._merged.fill(row.number, row.cells, row.errors, self._width)
                if row.cells:
                    yield row


class _SheetReader:
    """Turns a worksheet's XML events into rows."""

    def __init__(self, texts: CellTexts) -> None:
        self.rows: list[SheetRow] = []
        self._texts = texts
        self._row = SheetRow(0, {}, set())
        self._in_data = self._in_row = self._in_value = self._in_phonetic = False
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._in_formula = False
        self._values = 0
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        if name == "sheetData":
            self._in_data = True
        elif not self._in_data:
            return
        elif name == "c":
            self._start_cell(attributes)
        elif name in {"v", "t"}:
            self._in_value = self._cell is not None and not self._in_phonetic
            self._values += name == "v"
        elif name == "f" and self._cell is not None:
            self._formula, self._in_formula = [], True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._in_phonetic = True

    def text(self, data: str) -> None:
        """Character data."""
        if self._in_value:
            self._value.append(data)
            self._grow(len(data))
        elif self._in_formula and self._formula is not None:
            self._formula.append(data)
            self._grow(len(data))

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self._in_value = False
        elif name == "f":
            self._in_formula = False
        elif name == "c" and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "row" and self._in_row:
            self.rows.append(self._row)
            self._in_row = False
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "sheetData":
            self._in_data = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        before = self._row.number
        number = row_number(attributes["r"]) if "r" in attributes else before + 1
        if self._in_row or not before < number <= MAX_ROW:
            raise invalid(f"工作表：第 {before} 行之后是第 {number} 行")
        self._row = SheetRow(number, {}, set())
        self._in_row = True
        self._column = self._length = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        row = self._row.number
        column, its_row = cell_place(attributes["r"]) if "r" in attributes else (self._column + 1, row)
        if self._cell is not None or not self._in_row or its_row != row or not self._column < column <= MAX_COLUMN:
            raise invalid(f"工作表：第 {row} 行的单元格次序或位置有误")
        self._column = column
        self._cell, self._value, self._values, self._formula = attributes, [], 0, None

    def _end_cell(self, cell: dict[str, str]) -> None:
        value, row = "".join(self._value), self._row
        if not value:
            # Of a text the result may be empty; of anything else it was not saved, so nobody knows what the cell says.
            if self._formula is not None and cell.get("t") != "str":
                row.cells[self._column] = f"={''.join(self._formula)}"
                row.errors.add(self._column)
            return
        try:
            if self._values > 1:
                raise CellValueError(value)
            text = self._texts.text(cell.get("t", "n"), cell.get("s", "0"), value)
            self._grow(len(text) - len(value))
        except CellValueError as error:
            text = str(error)
            row.errors.add(self._column)
        row.cells[self._column] = text

    def _grow(self, characters: int) -> None:
        """Count a row's characters, which shared strings may make any number."""
        self._length += characters
        if self._length > MAX_RECORD_BYTES:
            raise over(f"第 {self._row.number} 行超过 {MAX_RECORD_BYTES} 个字符")
