"""Text that a spreadsheet would run as a formula: escaped on export, and the exact inverse for files that come back.

A spreadsheet may part a value in other places than we do: at its own separator, which need not be the file's, and at
line breaks, where it does not heed quotes. So a cell may begin at the start of a value and after each of these.
"""

import re

_CELL_STARTS = r"(?:^|(?<=[\n\r\t,;|]))"
_OPENS_FORMULA = r"'*[\" \u00a0\u3000\u200b\u2060\ufeff]*[=+\-@\t\r＝＋－＠]"
"""`=`, `+`, `-`, `@`, tab and carriage return (OWASP ASVS 5.0, 1.2.10) and their full width, behind white space
and quotes too, which a spreadsheet may take off."""

_ESCAPABLE = re.compile(rf"{_CELL_STARTS}(?={_OPENS_FORMULA})")
_ESCAPED = re.compile(rf"{_CELL_STARTS}'(?={_OPENS_FORMULA})")
_MAY_OPEN = re.compile(r"[=+\-@\t\r＝＋－＠]")


def escape_formula(text: str) -> str:
    """`text` so that no spreadsheet runs it: an apostrophe where a cell may begin and a formula would open.

    A text that already looks escaped gets one more apostrophe, so that `unescape_formula` always gives it back.
    """
    return _ESCAPABLE.sub("'", text) if _MAY_OPEN.search(text) else text


def formula_places(text: str) -> set[int]:
    """Where `escape_formula` puts an apostrophe."""
    return {match.start() for match in _ESCAPABLE.finditer(text)} if _MAY_OPEN.search(text) else set()


def unescape_formula(text: str) -> str:
    """The text from which `escape_formula` made `text`."""
    return _ESCAPED.sub("", text) if "'" in text else text
