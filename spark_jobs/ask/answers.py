"""Answers of SQL as text: for spreadsheets, for programs, for a person at a terminal."""

import csv
import json
from decimal import Decimal
from io import StringIO
from typing import Any, Literal

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spark_jobs.base.visible import visible, visible_json
from spark_jobs.intake.formats.machinery.formula_text import escape_formula

Format = Literal["csv", "json", "table"]


def render(table: pa.Table, form: Format, is_terminal: bool = False) -> str:
    """An answer as text: `csv` for spreadsheets (formulas escaped), `json` with one object a line, or a `table`.

    Args:
        table: the answer.
        form: of the text.
        is_terminal: a terminal reads it, which would obey control characters: CSV too shows them then.
    """
    if form == "csv":
        return visible(_csv(table), keep="\n") if is_terminal else _csv(table)
    if form == "json":
        rows = (visible_json(json.dumps(row, ensure_ascii=False, default=str)) for row in table.to_pylist())
        return "[" + ",\n ".join(rows) + "]\n"
    return _text_table(table)


def _csv(table: pa.Table) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([escape_formula(name) for name in table.column_names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow([_cell(cell) for cell in row])
    return text.getvalue()


def _text_table(table: pa.Table) -> str:
    shown = Table()
    for name in table.column_names:
        shown.add_column(Text(visible(name)))
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        shown.add_row(*(Text("" if cell is None else visible(str(cell))) for cell in row))
    text = StringIO()
    # As wide as the widest row: the terminal may fold it, but no cell is cut.
    console = Console(file=text, width=10_000)
    console.print(shown)
    return text.getvalue()


def _cell(cell: Any) -> Any:
    """A number as it is, so that a spreadsheet counts with it; all else as text that it does not run."""
    if cell is None or isinstance(cell, int | float | Decimal):
        return cell
    return escape_formula(
        json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, dict | list) else str(cell)
    )
