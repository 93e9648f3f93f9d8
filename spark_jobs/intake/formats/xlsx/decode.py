"""Worksheets of a workbook, cell by cell to text."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xlsx import Xlsx
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.rows import RowBuilder
from spark_jobs.intake.formats.xlsx.cells import CellTexts
from spark_jobs.intake.formats.xlsx.choice import chosen_sheets, notes_of, sheet_to_fix
from spark_jobs.intake.formats.xlsx.rows import SheetRow, SheetRows
from spark_jobs.intake.formats.xlsx.safety import open_workbook
from spark_jobs.intake.formats.xlsx.survey import SHEET_STEP, Survey, survey
from spark_jobs.intake.formats.xlsx.table import BlockRows, SheetTable
from spark_jobs.intake.formats.xlsx.workbook import Sheet, Workbook

_OF_HEADERS = frozenset({"header_missing", "header_duplicate", "missing_column", "unknown_column", "too_many_columns"})


class XlsxDecoder:
    """Decodes the worksheets that its contract names, each in passes that count and one that reads.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, decoding: Xlsx) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._path = path
        self._contract = contract
        self._decoding = decoding

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The worksheets' rows with values, those with error values marked as defective.

        Raises:
            DeliveryRejected: the workbook as a whole cannot be used.
        """
        accounting = self.accounting
        if not accounting.bytes:
            accounting.notes.append("文件为 0 字节")
            return
        with open_workbook(self._path) as archive:
            workbook = Workbook(archive)
            texts = workbook.cell_texts()
            surveys = self._survey_all(workbook, texts)
            accounting.rows_counted = sum(each.count.rows for each in surveys)
            accounting.add("container", 0, accounting.bytes, accounting.rows_counted)
            accounting.notes += notes_of(workbook, surveys)
            accounting.is_correction = any(each.was_exported_by_us for each in surveys)
            yield from self._read_all(workbook, texts, surveys)
        if accounting.rows_counted != accounting.rows_parsed:
            raise DeliveryRejected("counters_disagree", counted=accounting.rows_counted, parsed=accounting.rows_parsed)

    def cells_of(self, row_number: int) -> list[str | None]:
        """The texts of one row, as decoding read them, and its worksheet's name where that is a column.

        Empty where there is no such row.
        """
        with open_workbook(self._path) as archive:
            workbook = Workbook(archive)
            texts = workbook.cell_texts()
            for surveyed in self._survey_all(workbook, texts):
                blocks = BlockRows(surveyed, self._contract, self._decoding)
                name = [surveyed.sheet.name] if self._decoding.sheet_column and not surveyed.was_exported_by_us else []
                for row in blocks.filled(self._rows(workbook, texts, surveyed)):
                    if surveyed.offset + row.number == row_number:
                        return [*(row.cells.get(column) for column in range(1, max(row.cells) + 1)), *name]
        return []

    def _survey_all(self, workbook: Workbook, texts: CellTexts) -> list[Survey]:
        """What is in each worksheet that is to be read; rows to fix are in one alone."""
        to_fix = sheet_to_fix(workbook, self._decoding)
        if to_fix is not None:
            surveyed = self._survey(workbook, texts, to_fix)
            if surveyed.was_exported_by_us:
                return [surveyed]
        chosen = chosen_sheets(workbook, self._decoding)
        surveys = [self._survey(workbook, texts, sheet) for sheet in chosen]
        steps = (0 if place == 1 else place * SHEET_STEP for place in range(1, len(surveys) + 1))
        return [replace(each, offset=step) for each, step in zip(surveys, steps, strict=True)]

    def _survey(self, workbook: Workbook, texts: CellTexts, sheet: Sheet) -> Survey:
        with _naming(sheet, self._decoding):
            return survey(workbook, texts, sheet, self._contract, self._decoding)

    def _read_all(self, workbook: Workbook, texts: CellTexts, surveys: list[Survey]) -> Iterator[pa.RecordBatch]:
        rows = RowBuilder(self._contract)
        for surveyed in surveys:
            if surveyed.names:
                for _ in self._read(workbook, texts, surveyed, rows):
                    yield self._take(rows)
        if len(rows):
            yield self._take(rows)

    def _read(self, workbook: Workbook, texts: CellTexts, surveyed: Survey, rows: RowBuilder) -> Iterator[None]:
        """Adds a worksheet's rows, stopping whenever there are enough for a batch."""
        notes: list[str] = []
        with _naming(surveyed.sheet, self._decoding):
            header = surveyed.header(self._contract, self._decoding, notes)
        self.accounting.notes += [note for note in notes if note not in self.accounting.notes]
        table = SheetTable(surveyed, header, self._contract, self._decoding)
        blocks = BlockRows(surveyed, self._contract, self._decoding)
        for row in blocks.filled(self._rows(workbook, texts, surveyed)):
            table.add(row, rows)
            if rows.is_full:
                yield

    def _rows(self, workbook: Workbook, texts: CellTexts, surveyed: Survey) -> Iterator[SheetRow]:
        """The rows below the header."""
        with workbook.open(surveyed.sheet.part) as part:
            sheet = SheetRows(part, texts, surveyed.count.merged, len(surveyed.names))
            yield from (row for row in sheet if row.number > surveyed.header_row)

    def _take(self, rows: RowBuilder) -> pa.RecordBatch:
        batch = rows.take()
        self.accounting.rows_parsed += batch.num_rows
        return batch


@contextmanager
def _naming(sheet: Sheet, options: Xlsx) -> Iterator[None]:
    """Names the worksheet in what is wrong with its header, where there may be several."""
    try:
        yield
    except DeliveryRejected as rejected:
        if options.sheets is None or rejected.code not in _OF_HEADERS:
            raise
        raise DeliveryRejected("sheet_header", sheet=sheet.name[:60], detail=rejected.message) from rejected
