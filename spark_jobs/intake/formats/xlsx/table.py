"""The rows of one worksheet as rows of its contract."""

import json
from collections.abc import Iterator
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xlsx import Xlsx
from spark_jobs.intake.formats.machinery.exported import rescued_text, restored, row_number, still_whole, whole_if_unfit
from spark_jobs.intake.formats.machinery.header import RESCUED_COLUMN, Header
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.unfit_text import has_unfit_character
from spark_jobs.intake.formats.xlsx.references import column_letters
from spark_jobs.intake.formats.xlsx.rows import SheetRow
from spark_jobs.intake.formats.xlsx.survey import Survey, heads_of

_READ = frozenset({"contract", "continued", "rescued", "beyond"})
FAR_COLUMNS = 100
"""So far beyond the header a row is still written out cell by cell where it is a defect."""


class SheetTable:
    """Adds a worksheet's rows to those of a batch.

    Args:
        surveyed: the worksheet.
        header: its columns, and the worksheet's name where that is one.
        contract: the feed's contract.
        options: those of the contract.
    """

    def __init__(self, surveyed: Survey, header: Header, contract: FeedContract, options: Xlsx) -> None:
        self._header = header
        self._offset = surveyed.offset
        self._width = len(surveyed.names)
        self._added = [surveyed.sheet.name.strip()] * (len(header.columns) - self._width)
        self._places = [header.parts(column.name) for column in contract.columns]
        self._beyond = header.parts(RESCUED_COLUMN)

    def add(self, row: SheetRow, rows: RowBuilder) -> None:
        """Add a row, as a defect where it cannot be parted into the header's fields."""
        header, place = self._header, Place(self._offset + row.number)
        defect = _defect(row, header, self._width)
        if defect:
            rows.add_defect(place, defect, _raw(row, self._width))
            return
        values: list[str | None] = [row.cells.get(column) for column in range(1, self._width + 1)]
        values = restored(values) if header.was_exported_by_us else [*values, *self._added]
        of_contract = [_joined(values, places) for places in self._places]
        whole = whole_if_unfit(of_contract)
        if whole is not None:
            rows.add_defect(place, "control_character", whole)
            return
        if header.was_exported_by_us and (unparted := still_whole(of_contract)) is not None:
            rows.add_defect(place, "not_parted", unparted)
            return
        unknown = {header.columns[position].name: values[position] for position in header.rescued}
        rescued = rescued_text(_joined(values, self._beyond), unknown)
        corrects = None if header.corrects is None else row_number(values[header.corrects])
        rows.add(place, tuple(of_contract), rescued, corrects)


class BlockRows:
    """Fills in what a block's first row says for the rows beneath it.

    Args:
        surveyed: the worksheet.
        contract: the feed's contract.
        options: those of the contract.
    """

    def __init__(self, surveyed: Survey, contract: FeedContract, options: Xlsx) -> None:
        names = surveyed.names
        blocks = () if options.blocks is None or surveyed.was_exported_by_us else options.blocks.columns
        self._columns = [names.index(name) + 1 for name in blocks if name in names]
        self._first = names.index(blocks[0]) + 1 if blocks and blocks[0] in names else 0
        self._heads = None if surveyed.was_exported_by_us else heads_of(names, contract, options)
        self._carried: dict[int, tuple[str, bool]] = {}

    def filled(self, rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
        """The rows, filled in; without first rows of blocks that have rows beneath them, unless those are rows too."""
        if not self._first:
            yield from rows
            return
        waiting: SheetRow | None = None
        for row in rows:
            begins = self._first in row.own
            if begins:
                self._carried = {
                    column: (row.cells[column], column in row.errors) for column in self._columns if column in row.cells
                }
            is_head = begins and self._heads is not None and row.own <= self._heads.others
            if waiting is not None and begins:
                yield waiting
            waiting = row if is_head else None
            if not is_head:
                yield self._fill(row)
        if waiting is not None:
            yield waiting

    def _fill(self, row: SheetRow) -> SheetRow:
        for column, (text, is_error) in self._carried.items():
            if column not in row.cells:
                row.cells[column] = text
                if is_error:
                    row.errors.add(column)
        return row


def _joined(values: list[str | None], places: tuple[int, ...]) -> str | None:
    """A value that stands in one cell, or goes on in others."""
    if len(places) == 1:
        return values[places[0]]
    texts = [text for place in places if (text := values[place]) is not None]
    return "".join(texts) if texts else None


def _raw(row: SheetRow, width: int) -> str:
    """The row's texts as a JSON array, null where a cell is empty.

    Cells far to the right of the header come last as an object by their letters, for 16,384 columns may hold one value.
    """
    last = max(row.cells)
    beyond = {column_letters(column): text for column, text in sorted(row.cells.items()) if column > width}
    is_far = last > width + FAR_COLUMNS
    cells: list[Any] = [row.cells.get(column) for column in range(1, (width if is_far else last) + 1)]
    return json.dumps([*cells, beyond] if is_far else cells, ensure_ascii=_is_unfit(row))


def _is_unfit(row: SheetRow) -> bool:
    return any(has_unfit_character(text) for text in row.cells.values())


def _defect(row: SheetRow, header: Header, width: int) -> str | None:
    """Why a row cannot be parted into the header's fields; None: it can."""
    if any(column > width or header.columns[column - 1].fate in _READ for column in row.errors):
        return "cell_error"
    if not header.was_exported_by_us and _is_unfit(row):
        return "control_character"
    return "too_many_fields" if max(row.cells) > width else None
