"""The worksheets and the header of a workbook that nobody has described."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from expectations.outline import Outline, are_names
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


def outline_of(path: Path) -> Outline | None:
    """What a contract of it would say; None where it is no workbook, or no rows of its first worksheet are a header.

    Of several worksheets all are read if they have one header, else the first.

    Raises:
        DeliveryRejected: it is damaged, or larger than a delivery may be.
    """
    with path.open("rb") as file:
        if file.read(len(_ZIP)) != _ZIP:
            return None
    with open_workbook(path) as archive:
        workbook = Workbook(archive)
        texts = workbook.cell_texts()
        visible = [each for each in workbook.sheets if not each.is_hidden]
        filled = [(sheet, rows) for sheet in visible if (rows := _first_rows(workbook, texts, sheet))]
    headers = [_header(rows) for _, rows in filled]
    if not headers or headers[0] is None:
        return None
    several: dict[str, Any] = {} if len(filled) == 1 else {"sheet": filled[0][0].name}
    if len(filled) > 1 and len(set(headers)) == 1:
        several = {"sheets": "all"}
    return Outline({"format": "xlsx", **several, **headers[0].options}, headers[0].names, ".xlsx")


def _first_rows(workbook: Workbook, texts: CellTexts, sheet: Sheet) -> list[SheetRow]:
    with workbook.open(sheet.part) as part:
        merged = count_sheet(part, 0).merged
    with workbook.open(sheet.part) as part:
        return list(islice(SheetRows(part, texts, merged), _LOOKED_AT))


def _header(rows: list[SheetRow]) -> _Header | None:
    """The first rows, one or a few, that give each column a name of its own.

    A row of one text is a title; one with values in less than half of the columns says who reports, and in which unit.
    """
    width = max(max(row.cells) for row in rows)
    for place, first in enumerate(rows):
        if width > 1 and (len(set(first.cells.values())) == 1 or 2 * len(first.cells) < width):
            continue
        for count in range(1, _MOST_HEADER_ROWS + 1):
            header = [row for row in rows[place:] if row.number < first.number + count]
            names = names_of([row.cells for row in header])
            if len(names) == width and are_names(names):
                return _Header(first.number, count, tuple(name.strip() for name in names))
    return None
