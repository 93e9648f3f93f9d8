"""A worksheet's rows counted by its XML events alone, and what else in it a receipt must name."""

from dataclasses import dataclass, field
from typing import IO, NamedTuple

from spark_jobs.intake.formats.xlsx.merged import Merged, in_order
from spark_jobs.intake.formats.xlsx.parts import over, parse_all
from spark_jobs.intake.formats.xlsx.references import cell_place, range_place, row_number

MAX_MERGED = 100_000


class Heads(NamedTuple):
    """How the first row of a block is known that is no row of its own unless nothing is beneath it."""

    first: int
    """The column in which it has a value."""
    others: frozenset[int]
    """Columns in which it may have one, `first` among them."""


@dataclass
class SheetCount:
    """What one pass over a worksheet finds."""

    header_row: int
    heads: Heads | None = None
    rows: int = 0
    """Rows below the header with at least one value, or a formula without the result that it must have."""
    hidden_rows: int = 0
    """Those of them that are hidden."""
    formulas: int = 0
    merged: list[Merged] = field(default_factory=list)
    """In order."""
    _number: int = 0
    _is_hidden: bool = False
    _has_value: bool = False
    _begins_block: bool = False
    _has_other: bool = False
    """A value in another column than a block's first row may have."""
    _waits: bool = False
    """A block's first row was seen, and nothing beneath it."""
    _column: int = 0
    _in_value: bool = False
    _owes_result: bool = False
    """The cell has a formula of which the result has yet to come."""
    _kind: str = ""
    _in_phonetic: bool = False
    _in_data: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self._in_value = self._in_data and not self._in_phonetic
        elif name == "row" and self._in_data:
            self._start_row(attributes)
        elif name == "c":
            self._kind, self._owes_result = attributes.get("t", ""), False
            if self.heads:
                self._column = cell_place(attributes["r"])[0] if "r" in attributes else self._column + 1
        elif name == "f":
            self.formulas += self._in_data
            self._owes_result = self._in_data and self._kind != "str"
        elif name in {"rPh", "sheetData"}:
            self._switch(name, True)
        elif name == "mergeCell":
            self._add_merged(attributes.get("ref", ""))

    def text(self, _: str) -> None:
        """Character data."""
        if self._in_value:
            self._owes_result = False
            self._note_value()

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self._in_value = False
        elif name == "c" and self._owes_result:
            self._note_value()
        elif name == "row" and self._in_data and self._has_value and self._number > self.header_row:
            self._end_row()
        elif name in {"rPh", "sheetData"}:
            self._switch(name, False)

    def finish(self) -> None:
        """The worksheet is over."""
        self.rows += self._waits
        self._waits = False
        self.merged = in_order(self.merged)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._number = row_number(attributes["r"]) if "r" in attributes else self._number + 1
        self._is_hidden = attributes.get("hidden") in {"1", "true"}
        self._has_value = self._begins_block = self._has_other = False
        self._column = 0

    def _note_value(self) -> None:
        self._has_value = True
        if self.heads:
            self._begins_block |= self._column == self.heads.first
            self._has_other |= self._column not in self.heads.others

    def _end_row(self) -> None:
        is_head = self._begins_block and not self._has_other
        self.rows += (self._waits and self._begins_block) + (not is_head)
        self._waits = is_head
        self.hidden_rows += self._is_hidden

    def _switch(self, name: str, is_in: bool) -> None:
        if name == "rPh":
            self._in_phonetic = is_in
        else:
            self._in_data = is_in

    def _add_merged(self, reference: str) -> None:
        if len(self.merged) >= MAX_MERGED:
            raise over(f"合并单元格超过 {MAX_MERGED} 处")
        self.merged.append(Merged(*range_place(reference)))


def count_sheet(part: IO[bytes], header_row: int, heads: Heads | None = None) -> SheetCount:
    """Count a worksheet's rows in one pass; memory is bounded by its merged ranges.

    Args:
        part: the worksheet's XML.
        header_row: the last that is not counted.
        heads: how first rows of blocks are known, where there are blocks.

    Raises:
        DeliveryRejected: `compression_damaged`, `workbook_invalid` or `archive_limits`.
    """
    count = SheetCount(header_row, heads)
    parse_all(part, "工作表", count)
    count.finish()
    return count
