"""The worksheets and the header of a workbook that nobody has described."""

from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from expectations.contract.catalogue import ContractError
from expectations.outline import Outline, are_names, may_name_columns, why_no_names
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sample_names import without_empty
from spark_jobs.intake.formats.xlsx.cells import CellTexts
from spark_jobs.intake.formats.xlsx.count import count_sheet
from spark_jobs.intake.formats.xlsx.rows import SheetRow, SheetRows
from spark_jobs.intake.formats.xlsx.safety import open_workbook
from spark_jobs.intake.formats.xlsx.survey import names_of
from spark_jobs.intake.formats.xlsx.workbook import Sheet, Workbook

_ZIP = b"PK\x03\x04"
_LOOKED_AT = 20
"""Rows from the beginning of a worksheet."""
_MOST_HEADER_ROWS = 3
_OF_THE_SHEET = "工作表"
"""What the column of worksheets' names is called; with a number where there is one of that name."""


@dataclass(frozen=True)
class _Header:
    """Where a header stands, and what it calls the columns."""

    first: int
    rows: int
    names: tuple[str, ...]

    @property
    def options(self) -> dict[str, Any]:
        """Those of the format that differ from a header in the first row."""
        found = {"header_row": self.first, "header_rows": self.rows}
        return {name: value for name, value in found.items() if value > 1}


def outline_of(sample: Sample) -> Outline | None:
    """What a contract of it would say; None where it is no workbook, or no worksheet has a header.

    Worksheets of a single column, such as instructions, are left out where others have several. Of those that are left
    all are read if they have one header, else the first.

    Raises:
        ContractError: rows stand where names should be, and do not name each column.
        DeliveryRejected: it is damaged, or larger than a delivery may be.
    """
    if not sample.head.startswith(_ZIP):
        return None
    with open_workbook(sample.path) as archive:
        workbook = Workbook(archive)
        texts = workbook.cell_texts()
        visible = [each for each in workbook.sheets if not each.is_hidden]
        filled = {sheet.name: rows for sheet in visible if (rows := _first_rows(workbook, texts, sheet))}
    found = {name: _header(sample.path, name, rows) for name, rows in filled.items()}
    headers = {name: header for name, header in found.items() if header is not None}
    wide = {name: header for name, header in headers.items() if len(header.names) > 1} or headers
    if not wide:
        return None
    header = next(iter(wide.values()))
    if len(filled) == 1:
        return Outline({"format": "xlsx", **header.options}, header.names, ".xlsx")
    if len(wide) > 1 and len(set(wide.values())) == 1:
        return _of_all(header, [name for name in filled if name not in wide])
    (name, *_) = wide
    left = "、".join(other for other in filled if other != name)
    unread = {"sheet": f"other worksheets are not read: {left}"}
    return Outline({"format": "xlsx", "sheet": name, **header.options}, header.names, ".xlsx", to_decide=unread)


def _of_all(header: _Header, others: list[str]) -> Outline:
    """All worksheets but others, with the name of each as a column: the school, the month, that rows do not say."""
    numbered = (f"{_OF_THE_SHEET}{number}" for number in count(2))
    column = next(name for name in chain((_OF_THE_SHEET,), numbered) if name not in header.names)
    decode: dict[str, Any] = {"format": "xlsx", "sheets": "all", "sheet_column": column}
    decode |= {"sheets_except": others} if others else {}
    return Outline({**decode, **header.options}, (*header.names, column), ".xlsx")


def _first_rows(workbook: Workbook, texts: CellTexts, sheet: Sheet) -> list[SheetRow]:
    with workbook.open(sheet.part) as part:
        merged = count_sheet(part, 0).merged
    with workbook.open(sheet.part) as part:
        return list(islice(SheetRows(part, texts, merged), _LOOKED_AT))


def _header(path: Path, sheet: str, rows: list[SheetRow]) -> _Header | None:
    """The first row that names columns; with those below it where cells are merged across columns.

    Only where cells are merged: else what stands below an incomplete header is somebody's data.
    """
    width = max(max(row.own, default=0) for row in rows)
    texts = [[row.cells.get(column, "") for column in range(1, width + 1)] for row in rows]
    for place, first in enumerate(rows):
        if not may_name_columns(texts[place]):
            continue
        for height in range(1, _MOST_HEADER_ROWS + 1):
            header = [row for row in rows[place:] if row.number < first.number + height]
            is_below_merged = height > 1 and any(len(row.own) < len(row.cells) for row in header[:1])
            if height > 1 and not (is_below_merged and all(may_name_columns(texts[rows.index(row)]) for row in header)):
                break
            cells = [{column: text for column, text in row.cells.items() if column <= width} for row in header]
            names = without_empty(_padded(names_of(cells), width), texts[place + height :])
            if are_names(names):
                return _Header(first.number, height, tuple(names))
        where = f"{path}: worksheet {sheet}, row {first.number}"
        raise ContractError(f"{where}: it looks like the header, but {why_no_names(texts[place])}")
    return None


def _padded(names: list[str], width: int) -> list[str]:
    return [*names, *[""] * (width - len(names))]
