"""Workbooks of one worksheet of texts (ECMA-376), written row by row: memory is bounded by a row."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS, UNDERSCORE, escape_unfit

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET = "xl/worksheets/sheet1.xml"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""So that equal rows give equal bytes."""

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is text: what a clerk types stays what was typed, an identity number of 18 digits too.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
COMPRESSION = 1
"""A third more bytes than zlib's own choice, in a third of the time."""
ESCAPED = re.compile(f"{UNDERSCORE}|[{CONTROLS}\r\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold (2.2), a carriage return, which it would make a line feed (2.11), and what looks escaped."""


def write_workbook(path: Path, sheet: str, rows: Iterable[bytes]) -> None:
    """Write a workbook of one worksheet from the XML of its rows."""
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**_PARTS, "xl/workbook.xml": book}.items():
            archive.writestr(_entry(name), (_XML + text).encode(), compresslevel=COMPRESSION)
        with archive.open(_entry(_SHEET), "w", force_zip64=True) as part:
            part.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for row in rows:
                part.write(row)
            part.write(b"</sheetData></worksheet>")


def row_xml(number: int, cells: Sequence[str | None]) -> bytes:
    """A row of texts; an empty text is an empty cell."""
    texts = "".join(
        f'<c r="{get_column_letter(column)}{number}" s="1" t="inlineStr">'
        f'<is><t xml:space="preserve">{xml_text(cell)}</t></is></c>'
        for column, cell in enumerate(cells, start=1)
        if cell
    )
    return f'<row r="{number}">{texts}</row>'.encode()


def xml_text(text: str) -> str:
    """A text as a cell's XML holds it, `_x000D_` for a carriage return (ECMA-376 part 1, 22.9.2.19 ST_Xstring)."""
    return escape(escape_unfit(text, ESCAPED))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = COMPRESSION  # type: ignore[attr-defined]
    return entry
