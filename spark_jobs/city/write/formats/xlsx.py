"""A workbook of one sheet (ECMA-376), its XML written as text: a hundred times faster than cell by cell."""

import zipfile
from collections.abc import Collection
from itertools import chain, islice
from pathlib import Path
from string import ascii_uppercase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.formats.xlsx import Xlsx
from spark_jobs.city.batch import Batch
from spark_jobs.city.world.texts import Texts, joined, numbers, taken, texts_content

_BEFORE = ['" t="inlineStr"><is><t xml:space="preserve">', '"><v>', '" t="e"><v>', '" s="1"><v>']
_AFTER = ["</t></is></c>", "</v></c>", "</v></c>", "</v></c>"]
"""Around a cell's value, by position in CELL_KINDS; style 1 shows a number as a date."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def write(batch: Batch, options: Xlsx, path: Path) -> None:
    """Write the batch as a workbook of that one sheet; the same batch gives the same bytes."""
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name="{options.sheet or "Sheet1"}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in {**_PARTS, "xl/workbook.xml": book}.items():
            archive.writestr(_entry(name), (_XML + text).encode("utf-8"), zipfile.ZIP_DEFLATED)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as part:
            part.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            part.write(_header(batch.columns, options.header_row))
            part.write(texts_content(_rows(batch, first_row(options))))
            part.write(b"</sheetData></worksheet>")


def first_row(options: Xlsx) -> int:
    """The row after the header."""
    return options.header_row + 1


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _header(names: Collection[str], row: int) -> bytes:
    cells = (
        f'<c r="{letters}{row}{_BEFORE[0]}{_escaped(pa.array([name]))[0].as_py()}{_AFTER[0]}'
        for letters, name in zip(_column_letters(len(names)), names, strict=True)
    )
    return f'<row r="{row}">{"".join(cells)}</row>'.encode()


def _column_letters(count: int) -> list[str]:
    """A to Z, AA and so on."""
    pairs = (first + second for first in ascii_uppercase for second in ascii_uppercase)
    return list(islice(chain(ascii_uppercase, pairs), count))


def _rows(batch: Batch, first: int) -> Texts:
    row = numbers(np.arange(first, first + batch.rows))
    parts: list[Texts | str] = ['<row r="', row, '">']
    for letters, (name, texts) in zip(_column_letters(len(batch.columns)), batch.columns.items(), strict=True):
        kinds = batch.cells.get(name, np.zeros(batch.rows, np.int8))
        cell = joined(f'<c r="{letters}', row, taken(_BEFORE, kinds), _escaped(texts), taken(_AFTER, kinds))
        parts.append(pc.if_else(pc.equal(texts, ""), "", cell))
    return joined(*parts, "</row>")


def _escaped(texts: Texts) -> Texts:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        texts = pc.replace_substring(texts, character, entity)
    return texts
