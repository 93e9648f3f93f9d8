"""Tables as files for those who asked for them: CSV or Parquet, by the suffix."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from spark_jobs.base.errors import LakeError
from spark_jobs.intake.formats.machinery.formula_text import escape_formula

SUFFIXES = (".csv", ".parquet")
_BETWEEN = " | "
"""Between two elements of a list, where a list is a text."""
_OF_FORMULAS = "[=+\\-@\t\r＝＋－＠]"
"""What every text holds that a spreadsheet would run."""


def check_file(path: Path, option: str) -> None:
    """See before anything is computed that a file can be written.

    Raises:
        LakeError: there is no such folder, or its suffix names no format.
    """
    if not path.parent.is_dir():
        raise LakeError(f"there is no folder {path.parent}", f"check the path after {option}")
    if path.suffix not in SUFFIXES:
        raise LakeError(f"{path}: {option} writes {' or '.join(SUFFIXES)}", "give the file one of these suffixes")


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as its file's suffix says; in CSV lists are texts, and no text is one that a spreadsheet runs."""
    if path.suffix == ".parquet":
        pq.write_table(table, path)
        return
    columns = {name: _without_formulas(as_texts(table[name])) for name in table.column_names}
    csv.write_csv(pa.table(columns), path)


def as_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of lists as one of texts; any other as it is."""
    if not pa.types.is_list(column.type):
        return column
    return pc.binary_join(column.cast(pa.list_(pa.string())), _BETWEEN)


def _without_formulas(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return column
    is_one = pc.fill_null(pc.match_substring_regex(column, _OF_FORMULAS), False)
    escaped = [escape_formula(text) for text in column.filter(is_one).to_pylist()]
    whole = column.combine_chunks()
    return pc.replace_with_mask(whole, is_one.combine_chunks(), pa.array(escaped, pa.string())) if escaped else whole
