"""Rows of texts as a worksheet holds them (ECMA-376)."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS, UNDERSCORE, escape_unfit

ESCAPED = re.compile(f"{UNDERSCORE}|[{CONTROLS}\r\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold (2.2), a carriage return, which it would make a line feed (2.11), and what looks escaped."""


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
