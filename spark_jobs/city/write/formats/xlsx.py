"""A workbook of one sheet (ECMA-376), its XML written as text: a hundred times faster than cell by cell."""

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
from spark_jobs.intake.formats.xlsx.package import DATE, write_workbook

_BEFORE = ['" t="inlineStr"><is><t xml:space="preserve">', '"><v>', '" t="e"><v>', '" s="1"><v>']
_AFTER = ["</t></is></c>", "</v></c>", "</v></c>", "</v></c>"]
"""Around a cell's value, by position in CELL_KINDS; style 1 shows a number as a date."""


def write(batch: Batch, options: Xlsx, path: Path) -> None:
    """Write the batch as a workbook of that one sheet; the same batch gives the same bytes."""
    rows = (_header(batch.columns, options.header_row), texts_content(_rows(batch, first_row(options))))
    write_workbook(path, options.sheet or "Sheet1", rows, DATE)


def writes(options: Xlsx) -> bool:
    """A single table, whose cells may be of any kind."""
    return options.is_plain


def first_row(options: Xlsx) -> int:
    """The row after the header."""
    return options.header_row + 1


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
