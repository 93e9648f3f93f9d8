"""What is in a worksheet, before its rows are read: its header, how many rows, and whether they are rows to fix."""

from dataclasses import dataclass
from itertools import takewhile

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xlsx import Xlsx
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS, Header, clean_name, read_header
from spark_jobs.intake.formats.xlsx.cells import CellTexts
from spark_jobs.intake.formats.xlsx.count import Heads, SheetCount, count_sheet
from spark_jobs.intake.formats.xlsx.rows import SheetRows
from spark_jobs.intake.formats.xlsx.workbook import Sheet, Workbook

SHEET_STEP = 10_000_000
"""Between the numbers of equal rows of two worksheets."""


@dataclass(frozen=True)
class Survey:
    """One worksheet that is to be read."""

    sheet: Sheet
    count: SheetCount
    names: list[str]
    """What each column is called; none: there is no header."""
    header_row: int
    """Its last row."""
    was_exported_by_us: bool
    offset: int = 0
    """What is added to the numbers of rows."""

    def header(self, contract: FeedContract, options: Xlsx, notes: list[str]) -> Header:
        """The header matched with the contract, the worksheet's name as its last column where that is one.

        Raises:
            DeliveryRejected: as `read_header` does.
        """
        added = [] if options.sheet_column is None or self.was_exported_by_us else [options.sheet_column]
        return read_header([*self.names, *added], contract, notes)


def survey(workbook: Workbook, texts: CellTexts, sheet: Sheet, contract: FeedContract, options: Xlsx) -> Survey:
    """Survey a worksheet, in two passes or three; memory is bounded by its merged ranges.

    Raises:
        DeliveryRejected: `compression_damaged`, `workbook_invalid`, `archive_limits`; `header_missing`: rows, and
            nothing above them.
    """
    last = options.last_header_row
    count = _count(workbook, sheet, last)
    rows = _header_rows(workbook, texts, sheet, count, options)
    is_export = bool(rows) and any(clean_name(text) in FIX_COLUMNS for text in rows[0].values())
    if is_export and options.header_rows > 1:
        last, rows = options.header_row, rows[:1]
        count = _count(workbook, sheet, last)
    names = names_of(rows)
    if not names and count.rows:
        raise DeliveryRejected("header_missing")
    heads = None if is_export else heads_of(names, contract, options)
    return Survey(sheet, _count(workbook, sheet, last, heads) if heads else count, names, last, is_export)


def names_of(rows: list[dict[int, str]]) -> list[str]:
    """What header rows, texts by column, call each column: from top to bottom, a text repeated downwards once."""
    found: list[list[str]] = [[] for _ in range(max((max(cells) for cells in rows if cells), default=0))]
    for cells in rows:
        for column, text in cells.items():
            parts = found[column - 1]
            if clean_name(text) and text not in parts[-1:]:
                parts.append(text)
    return ["/".join(parts) for parts in found]


def heads_of(names: list[str], contract: FeedContract, options: Xlsx) -> Heads | None:
    """How first rows of blocks are known that are no rows of their own; None: they all are, or there are no blocks."""
    blocks = options.blocks
    if blocks is None or blocks.head == "row" or blocks.columns[0] not in names:
        return None
    shared = {*blocks.columns, *contract.ignore}
    others = frozenset(place for place, name in enumerate(names, start=1) if name in shared)
    return Heads(names.index(blocks.columns[0]) + 1, others)


def _count(workbook: Workbook, sheet: Sheet, header_row: int, heads: Heads | None = None) -> SheetCount:
    with workbook.open(sheet.part) as part:
        return count_sheet(part, header_row, heads)


def _header_rows(
    workbook: Workbook, texts: CellTexts, sheet: Sheet, count: SheetCount, options: Xlsx
) -> list[dict[int, str]]:
    """Texts by column of the header's rows, the first of which must be where the contract says."""
    with workbook.open(sheet.part) as part:
        up_to_last = takewhile(lambda row: row.number <= options.last_header_row, SheetRows(part, texts, count.merged))
        rows = [row for row in up_to_last if row.number >= options.header_row]
    return [row.cells for row in rows] if rows and rows[0].number == options.header_row else []
