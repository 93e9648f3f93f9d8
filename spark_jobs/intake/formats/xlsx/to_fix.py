"""Rows to fix as workbooks that open, show what was sent, and come back as the same values."""

import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from expectations.contract.formats.xlsx import Xlsx
from spark_jobs.intake.formats.machinery.exported import RowToFix, header_to_fix
from spark_jobs.intake.formats.machinery.formula_text import escape_formula, formula_places
from spark_jobs.intake.formats.machinery.header import continued_name
from spark_jobs.intake.formats.xlsx.choice import TO_FIX
from spark_jobs.intake.formats.xlsx.package import COMPRESSION, write_workbook
from spark_jobs.intake.formats.xlsx.write import ESCAPED, row_xml

MAX_ROWS = 1_048_576
"""Rows of a worksheet, the header and what is above it among them (Excel's specifications and limits)."""
MAX_CELL = 32_767
"""UTF-16 code units of a cell's text, from the same page; an escape counts as it is written."""
MAX_XML_BYTES = 256 << 20
"""Of a worksheet, so that it opens on a clerk's computer; well below what decoding takes."""
MAX_RATIO, RATIO_APPLIES_ABOVE_BYTES = 100, 64 << 20
"""A worksheet packs no better than this from so many bytes on: half of what decoding takes for a bomb."""

_BLOCK = 1 << 20
_ESCAPE_UNITS = 7
_SHORT = MAX_CELL // (_ESCAPE_UNITS + 1)
"""Whatever is in it, a text of so many characters fits a cell."""


def write_rows_to_fix(
    path_of: Callable[[int], Path], options: Xlsx, sources: Sequence[str], rows: Iterable[RowToFix]
) -> list[Path]:
    """Write rows to fix as one workbook, or as several where one cannot hold them; memory is bounded by a row.

    Args:
        path_of: where the first workbook goes, and the second, and so on from 1.
        options: the worksheet's name and the row of its header.
        sources: source columns.
        rows: the rows.
    """
    paths: list[Path] = []
    waiting = iter(rows)
    row = next(waiting, None)
    while row is not None or not paths:
        path = path_of(len(paths) + 1)
        paths.append(path)
        with tempfile.TemporaryFile(dir=path.parent) as file:
            body = _Body(file, sources, options.header_row)
            while row is not None and body.has_room:
                body.add(row)
                row = next(waiting, None)
            header = row_xml(options.header_row, body.header)
            write_workbook(path, options.sheet or TO_FIX, chain((header,), body.blocks()))
    return paths


class _Body:
    """The rows below the header, in a file until all columns are known: those that continue others follow from them."""

    def __init__(self, file: BinaryIO, sources: Sequence[str], header_row: int) -> None:
        self._file = file
        self._packer = zlib.compressobj(COMPRESSION)
        self._bytes = 0
        self._row = header_row
        self.header: list[str | None] = [*header_to_fix(sources)]

    @property
    def has_room(self) -> bool:
        """Another row may be added."""
        is_dense = self._bytes > RATIO_APPLIES_ABOVE_BYTES and self._bytes > MAX_RATIO * self._file.tell()
        return self._row < MAX_ROWS and self._bytes < MAX_XML_BYTES and not is_dense

    def add(self, row: RowToFix) -> None:
        """Add a row."""
        self._row += 1
        cells = row.cells()
        for place, value in enumerate(row.values, start=len(cells) - len(row.values)):
            if value and len(value) > _SHORT and sum(_units(value)) > MAX_CELL:
                self._spread(cells, place, value)
        xml = row_xml(self._row, cells)
        self._bytes += len(xml)
        self._file.write(self._packer.compress(xml))

    def _spread(self, cells: list[str | None], place: int, value: str) -> None:
        """Put a long value into its cell and into cells behind all others, each part safe by itself."""
        for number, part in enumerate(_parts(value)):
            at = place if not number else self._place_of(continued_name(str(self.header[place]), number))
            cells.extend([None] * (at + 1 - len(cells)))
            cells[at] = escape_formula(part)

    def _place_of(self, name: str) -> int:
        if name not in self.header:
            self.header.append(name)
        return self.header.index(name)

    def blocks(self) -> Iterator[bytes]:
        """The XML of the rows."""
        self._file.write(self._packer.flush())
        self._file.seek(0)
        unpacker = zlib.decompressobj()
        while block := self._file.read(_BLOCK):
            yield unpacker.decompress(block)
        yield unpacker.flush()


def _units(text: str) -> Iterator[int]:
    """How much of a cell each character takes, its escape and an apostrophe before it included."""
    formulas = formula_places(text)
    escaped = {match.start() for match in ESCAPED.finditer(text)}
    for place, char in enumerate(text):
        units = _ESCAPE_UNITS if place in escaped else 2 if char > "\uffff" else 1
        yield units + (place in formulas)


def _parts(text: str) -> Iterator[str]:
    """The text in parts that a cell holds."""
    start, taken = 0, 1  # a part may need an apostrophe where the whole text does not
    for place, units in enumerate(_units(text)):
        if taken + units > MAX_CELL:
            yield text[start:place]
            start, taken = place, 1
        taken += units
    yield text[start:]
