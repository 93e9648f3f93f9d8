"""A workbook (ECMA-376), written around rows that are given as XML, a piece at a time."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

TEXT, DATE = 49, 14
"""How cells of style 1 show (ECMA-376 part 1, 18.8.30): what is typed stays text; a number shows as a date."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET = "worksheets/sheet{}.xml"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""So that equal rows give equal bytes."""
COMPRESSION = 1
"""A third more bytes than zlib's own choice, in a third of the time."""

_RELATIONS = {
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
}


@dataclass(frozen=True)
class SheetXml:
    """A worksheet to be written."""

    rows: Iterable[bytes]
    """Elements `row`, one or many in each piece."""
    merged: Sequence[str] = ()
    """Merged ranges, such as `A1:B2`."""


def write_workbook(path: Path, sheet: str, rows: Iterable[bytes], shows: int = TEXT) -> None:
    """Write a workbook of one worksheet from the XML of its rows.

    Args:
        path: the file.
        sheet: name of the worksheet.
        rows: elements `row`, one or many in each piece.
        shows: how cells of style 1 show, TEXT or DATE.
    """
    write_worksheets(path, {sheet: SheetXml(rows)}, shows)


def write_worksheets(path: Path, sheets: Mapping[str, SheetXml], shows: int = TEXT) -> None:
    """Write a workbook of worksheets by their names; `shows` as for `write_workbook`."""
    count = len(sheets)
    parts = {
        "[Content_Types].xml": _types(count),
        **_RELATIONS,
        "xl/_rels/workbook.xml.rels": _of_workbook(count),
        "xl/workbook.xml": _workbook(sheets),
        "xl/styles.xml": _styles(shows),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(_entry(name), (_XML + text).encode(), compresslevel=COMPRESSION)
        for number, sheet in enumerate(sheets.values(), start=1):
            with archive.open(_entry(f"xl/{_SHEET.format(number)}"), "w", force_zip64=True) as part:
                _write_sheet(part, sheet)


def _write_sheet(part: IO[bytes], sheet: SheetXml) -> None:
    part.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
    for piece in sheet.rows:
        part.write(piece)
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in sheet.merged)
    merged = merged and f'<mergeCells count="{len(sheet.merged)}">{merged}</mergeCells>'
    part.write(f"</sheetData>{merged}</worksheet>".encode())


def _types(sheets: int) -> str:
    overrides = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    overrides |= {f"/xl/{_SHEET.format(number)}": "worksheet" for number in range(1, sheets + 1)}
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{name}" ContentType="{_KIND}.{kind}+xml"/>' for name, kind in overrides.items())
        + "</Types>"
    )


def _of_workbook(sheets: int) -> str:
    """What the workbook's main part refers to."""
    targets = [("worksheet", _SHEET.format(number)) for number in range(1, sheets + 1)] + [("styles", "styles.xml")]
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets, start=1)
        )
        + "</Relationships>"
    )


def _workbook(names: Iterable[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _styles(shows: int) -> str:
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/>'
        f'<xf numFmtId="{shows}" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = COMPRESSION  # type: ignore[attr-defined]
    return entry
