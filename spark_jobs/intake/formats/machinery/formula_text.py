"""Text that a spreadsheet would run as a formula: escaped on export, and the exact inverse for files that come back."""

import re

import pyarrow as pa
import pyarrow.compute as pc

_OPENS_FORMULA = r"'*[=+\-@\t\r＝＋－＠]"
_ESCAPABLE = re.compile(_OPENS_FORMULA)
_ESCAPED = rf"^'({_OPENS_FORMULA})"


def escape_formula(text: str) -> str:
    """`text` so that no spreadsheet runs it: an apostrophe before `= + - @`, tab, carriage return or their full width.

    A text that already looks escaped gets one more apostrophe, so that `unescape_formulas` always gives it back.
    """
    return f"'{text}" if _ESCAPABLE.match(text) else text


def unescape_formula(text: str) -> str:
    """The text from which `escape_formula` made `text`."""
    return text[1:] if text.startswith("'") and _ESCAPABLE.match(text, 1) else text


def unescape_formulas(values: pa.Array) -> pa.Array:
    """The texts from which `escape_formula` made `values`."""
    return pc.replace_substring_regex(values, pattern=_ESCAPED, replacement=r"\1")
