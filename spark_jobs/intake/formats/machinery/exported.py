"""Rows to fix: what of them every format writes alike, and how the values of a file that came back are read."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.intake.formats.machinery.formula_text import escape_formula, unescape_formula
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS, RESCUED_COLUMN
from spark_jobs.intake.formats.machinery.unfit_text import has_unfit_character, restore_unfit

NOT_PARTED = "【整行未分列】"
"""Stands before the whole text of a row that could not be parted into fields, until somebody has parted it."""


class RowToFix(NamedTuple):
    """One row that a department is asked to correct."""

    row_number: int
    reason: str
    fix: str
    values: tuple[str | None, ...]
    """As delivered, in the order of the contract; of a row that could not be parted the first is its whole text.

    That text is marked. Of a feed that keeps what its contract does not know, the last is that as JSON.
    """

    def cells(self) -> list[str | None]:
        """Helper columns and values, safe from being run as formulas."""
        texts = (str(self.row_number), self.reason, self.fix, *self.values)
        return [text and escape_formula(text) for text in texts]


_ROW_NUMBER = re.compile(r"\s*'?([0-9]{1,18})(?:\.0*)?\s*", re.ASCII)
"""A row number that came back, also as a spreadsheet writes a number or a text that looks like one."""


def row_number(text: str | None) -> int | None:
    """The row number that a row to fix was given out with; None where somebody has written something else there."""
    found = _ROW_NUMBER.fullmatch(text) if text else None
    return int(found[1]) if found else None


def header_to_fix(sources: Sequence[str]) -> list[str]:
    """The header of a file of rows to fix."""
    return [*FIX_COLUMNS, *sources]


def restored(values: Sequence[str | None]) -> list[str | None]:
    """The texts that `RowToFix.cells` gave out, a cell each."""
    return [text and unescape_formula(text) for text in values]


def whole_if_unfit(values: Sequence[str | None]) -> str | None:
    """The whole row as text where a value holds what no value may hold; None: all are fit."""
    return whole_text(values) if any(has_unfit_character(text) for text in values if text) else None


def still_whole(values: Sequence[str | None]) -> str | None:
    """The whole text of a row that came back as it was given out, not parted; None: it has been."""
    marked = next((text for text in values if text and text.lstrip().startswith(NOT_PARTED)), None)
    return None if marked is None else marked.lstrip().removeprefix(NOT_PARTED)


def rescued_text(exported: str | None, unknown: dict[str, Any]) -> str | None:
    """What goes to `_rescued`: the JSON that was given out, with the values of further unknown columns."""
    if not exported:
        return json.dumps(unknown, ensure_ascii=False) if unknown else None
    try:
        document = json.loads(exported)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict):
        return json.dumps({**document, **unknown}, ensure_ascii=False) if unknown else exported
    return json.dumps({RESCUED_COLUMN: exported, **unknown}, ensure_ascii=False)


def whole_text(values: Sequence[str | None]) -> str:
    """The text of a row that cannot be used: that of its one value, as it was given out, else all as a JSON array."""
    texts = [text for text in values if text]
    if len(texts) == 1 and not any(char == "\ufffd" or "\ud800" <= char <= "\udfff" for char in texts[0]):
        return texts[0].removeprefix(NOT_PARTED)
    return json.dumps(values)


def restored_columns(columns: Sequence[pa.Array]) -> tuple[list[pa.Array], dict[int, str]]:
    """The texts of columns of a text file, and by their place the whole rows that hold what no value may hold."""
    suspects: set[int] = set()
    arrays = [_changed(column, lambda text: unescape_formula(restore_unfit(text)), suspects) for column in columns]
    rows = {place: [array[place].as_py() for array in arrays] for place in suspects}
    return arrays, {place: whole_text(row) for place, row in rows.items()}


def _changed(texts: pa.Array, change: Callable[[str], str], unfit: set[int]) -> pa.Array:
    """The texts, those changed that may hold an escape; places of unfit ones are added to `unfit`."""
    may_change = pc.fill_null(pc.match_substring_regex(texts, "'|_x"), False)
    places = pc.indices_nonzero(may_change).to_pylist()
    if not places:
        return texts
    changed = [change(text) for text in texts.filter(may_change).to_pylist()]
    unfit.update(place for place, text in zip(places, changed, strict=True) if has_unfit_character(text))
    return pc.replace_with_mask(texts, may_change, pa.array(changed, texts.type))
