"""One worksheet of a workbook, cell by cell to text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xlsx import Xlsx
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.exported import rescued_text, restored, whole_if_unfit
from spark_jobs.intake.formats.machinery.header import RESCUED_COLUMN, Header, read_header
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.unfit_text import has_unfit_character
from spark_jobs.intake.formats.xlsx.count import SheetCount, count_sheet
from spark_jobs.intake.formats.xlsx.references import column_letters
from spark_jobs.intake.formats.xlsx.rows import SheetRow, SheetRows
from spark_jobs.intake.formats.xlsx.safety import open_workbook
from spark_jobs.intake.formats.xlsx.workbook import Sheet, Workbook

_READ = frozenset({"contract", "continued", "rescued", "beyond"})
FAR_COLUMNS = 100
"""So far beyond the header a row is still written out cell by cell where it is a defect."""
_NAMES_SHOWN = 20


class XlsxDecoder:
    """Decodes one worksheet in two passes, one that counts and one that reads.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, decoding: Xlsx) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._path = path
        self._contract = contract
        self._decoding = decoding
        self._header: Header | None = None
        self._places: list[tuple[int, ...]] = []
        self._beyond: tuple[int, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The worksheet's rows with values, those with error values marked as defective.

        Raises:
            DeliveryRejected: the workbook as a whole cannot be used.
        """
        accounting = self.accounting
        if not accounting.bytes:
            accounting.notes.append("文件为 0 字节")
            return
        with open_workbook(self._path) as archive:
            workbook = Workbook(archive)
            sheet, count = self._choose(workbook)
            accounting.rows_counted = count.rows
            accounting.add("container", 0, accounting.bytes, count.rows)
            self._note(workbook, sheet, count)
            yield from self._read(workbook, sheet, count)
        if accounting.rows_counted != accounting.rows_parsed:
            raise DeliveryRejected("counters_disagree", counted=accounting.rows_counted, parsed=accounting.rows_parsed)

    def cells_of(self, row_number: int) -> list[str | None]:
        """The texts of one row, as decoding read them; empty where there is no such row."""
        with open_workbook(self._path) as archive:
            workbook = Workbook(archive)
            sheet, count = self._choose(workbook)
            with workbook.open(sheet.part) as part:
                for row in SheetRows(part, workbook.cell_texts(), count.merged):
                    if row.number == row_number:
                        return [row.cells.get(column) for column in range(1, max(row.cells) + 1)]
        return []

    def _choose(self, workbook: Workbook) -> tuple[Sheet, SheetCount]:
        """The contract's worksheet, or the only visible one with data."""
        wanted = self._decoding.sheet
        visible = [sheet for sheet in workbook.sheets if not sheet.is_hidden]
        chosen = [sheet for sheet in workbook.sheets if sheet.name == wanted] if wanted else visible[:1]
        if not chosen:
            raise DeliveryRejected("sheet_missing", sheet=wanted or "（任何可见工作表）")
        others = () if wanted else {sheet.part: sheet.name for sheet in visible[1:]}.items()
        second = next((name for part, name in others if self._count(workbook, part, 0).rows), None)
        if second is not None:
            raise DeliveryRejected("several_sheets", sheets=_listed([chosen[0].name, second]))
        return chosen[0], self._count(workbook, chosen[0].part, self._decoding.header_row)

    def _count(self, workbook: Workbook, name: str, header_row: int) -> SheetCount:
        with workbook.open(name) as part:
            return count_sheet(part, header_row)

    def _note(self, workbook: Workbook, sheet: Sheet, count: SheetCount) -> None:
        hidden = [other.name for other in workbook.sheets if other.is_hidden and other != sheet]
        unread = [other.name for other in workbook.sheets if not other.is_hidden and other != sheet]
        notes = (
            (bool(count.merged), f"合并单元格 {len(count.merged)} 处，各格均取左上角的值"),
            (bool(count.hidden_rows), f"隐藏行 {count.hidden_rows} 行，已照常读取"),
            (sheet.is_hidden, f"工作表“{sheet.name}”是隐藏的，已照常读取"),
            (bool(hidden), f"隐藏工作表 {len(hidden)} 个，未读取：{_listed(hidden)}"),
            (bool(unread), f"其他工作表未读取：{_listed(unread)}"),
            (bool(count.formulas), f"公式单元格 {count.formulas} 个，取保存时的计算结果"),
            (not count.rows, "工作表没有数据行"),
        )
        self.accounting.notes.extend(text for holds, text in notes if holds)

    def _read(self, workbook: Workbook, chosen: Sheet, count: SheetCount) -> Iterator[pa.RecordBatch]:
        rows = RowBuilder(self._contract)
        with workbook.open(chosen.part) as part:
            sheet = SheetRows(part, workbook.cell_texts(), count.merged)
            for row in sheet:
                if row.number < self._decoding.header_row:
                    continue
                if self._header is None:
                    sheet.width = self._read_header(row)
                else:
                    self._add(row, self._header, rows)
                if rows.is_full:
                    yield self._take(rows)
        if len(rows):
            yield self._take(rows)

    def _read_header(self, row: SheetRow) -> int:
        """Read the header; returns its width."""
        if row.number > self._decoding.header_row:
            raise DeliveryRejected("header_missing")
        width = max(row.cells)
        cells = [row.cells.get(column, "") for column in range(1, width + 1)]
        self._header = read_header(cells, self._contract, self.accounting.notes)
        self.accounting.is_correction = self._header.was_exported_by_us
        self._places = [self._header.parts(column.name) for column in self._contract.columns]
        self._beyond = self._header.parts(RESCUED_COLUMN)
        return width

    def _add(self, row: SheetRow, header: Header, rows: RowBuilder) -> None:
        defect = _defect(row, header)
        if defect:
            rows.add_defect(Place(row.number), defect, _raw(row, len(header.columns)))
            return
        values = [row.cells.get(column) for column in range(1, len(header.columns) + 1)]
        values = restored(values) if header.was_exported_by_us else values
        of_contract = [_joined(values, places) for places in self._places]
        whole = whole_if_unfit(of_contract)
        if whole is not None:
            rows.add_defect(Place(row.number), "control_character", whole)
            return
        unknown = {header.columns[position].name: values[position] for position in header.rescued}
        rescued = rescued_text(_joined(values, self._beyond), unknown)
        rows.add(Place(row.number), tuple(of_contract), rescued)

    def _take(self, rows: RowBuilder) -> pa.RecordBatch:
        batch = rows.take()
        self.accounting.rows_parsed += batch.num_rows
        return batch


def _joined(values: list[str | None], places: tuple[int, ...]) -> str | None:
    """A value that stands in one cell, or goes on in others."""
    if len(places) == 1:
        return values[places[0]]
    texts = [text for place in places if (text := values[place]) is not None]
    return "".join(texts) if texts else None


def _listed(names: list[str]) -> str:
    return "、".join(name[:60] for name in names[:_NAMES_SHOWN]) + ("…" if len(names) > _NAMES_SHOWN else "")


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


def _defect(row: SheetRow, header: Header) -> str | None:
    """Why a row cannot be parted into the header's fields; None: it can."""
    width = len(header.columns)
    if any(column > width or header.columns[column - 1].fate in _READ for column in row.errors):
        return "cell_error"
    if not header.was_exported_by_us and _is_unfit(row):
        return "control_character"
    return "too_many_fields" if max(row.cells) > width else None
