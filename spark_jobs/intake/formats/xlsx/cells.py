"""From a workbook's cells to text, as the workbook shows them where Excel has lost digits, else without loss."""

import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

EXACT_INTEGERS_BELOW = 10**15
"""Excel keeps fifteen digits."""

_DOUBLE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_HALF_A_SECOND = timedelta(milliseconds=500)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class CellValueError(Exception):
    """The cell holds an error value, such as #N/A."""


@dataclass(frozen=True)
class CellTexts:
    """Reads cells with the workbook's shared strings and number formats."""

    shared: list[str]
    date_styles: frozenset[int]
    """Cell styles (indices of cellXfs) that show a number as a date or time."""
    is_1904: bool

    def text(self, kind: str, style: str, value: str) -> str:
        """A cell's value as text.

        Args:
            kind: the cell's `t`; of numbers `n`.
            style: the cell's `s`.
            value: the characters of its `v`, or of its inline string.

        Raises:
            CellValueError: an error value; its text is the argument.
        """
        if kind == "inlineStr":
            return unescape(value)
        try:
            return self._typed(kind, value, int(style))
        except (ValueError, LookupError) as error:
            raise CellValueError(value) from error

    def _typed(self, kind: str, value: str, style: int) -> str:
        if kind == "str":
            return unescape(value)
        value = value.strip()
        if kind == "s":
            return self.shared[_index(value)]
        if kind == "b":
            return _BOOLEANS[value]
        if kind == "d":
            return _iso_date(value)
        if kind != "n":
            raise CellValueError(value)
        return self._date(value) if style in self.date_styles else number_text(value)

    def _date(self, value: str) -> str:
        epoch = CALENDAR_MAC_1904 if self.is_1904 else CALENDAR_WINDOWS_1900
        number = _number(value)
        # 60 is the 29th of February 1900, which was none; openpyxl makes it the 28th, as 59.
        is_day = number >= 0 and (self.is_1904 or not 60 <= number < 61)
        try:
            moment: Any = from_excel(number, epoch) if is_day else None
        except (ValueError, OverflowError):
            moment = None
        return number_text(value) if moment is None else iso_text(moment)


def _index(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError
    return int(value)


def _iso_date(value: str) -> str:
    """A date-time of a cell as others are written; as it is where it names an offset, which they do not."""
    moment = datetime.fromisoformat(value.removesuffix("Z"))
    return value if moment.tzinfo else iso_text(moment)


def iso_text(moment: datetime | time | timedelta) -> str:
    """yyyy-MM-dd, with HH:mm:ss where there is a time of day; HH:mm:ss of a time alone."""
    if isinstance(moment, timedelta):
        return str(moment)
    if isinstance(moment, time):
        return moment.isoformat("seconds")
    # A serial number is a double: 08:30:01 may be stored as 08:30:00.9999. The last half second has no next.
    with suppress(OverflowError):
        moment += _HALF_A_SECOND
    moment = moment.replace(microsecond=0)
    return moment.date().isoformat() if moment.time() == time(0) else moment.isoformat(" ")


def number_text(value: str) -> str:
    """A number without `.0`; an integer of more than fifteen digits as Excel shows it, such as 4.21202E+17."""
    number = _number(value)
    if not number.is_integer():
        return format(Decimal(repr(number)), "f")
    if abs(number) < EXACT_INTEGERS_BELOW:
        return str(int(number))
    digits, _, exponent = f"{number:.5E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{exponent}"


def _number(value: str) -> float:
    """A finite number, by the lexical form of xsd:double.

    Raises:
        ValueError: it is none.
    """
    number = float(value) if _DOUBLE.fullmatch(value) else math.inf
    if not math.isfinite(number):
        raise ValueError
    return number


def unescape(text: str) -> str:
    """`_x000D_` and its like as the characters that they stand for (ECMA-376 part 1, 22.9.2.19 ST_Xstring)."""
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Two halves of a surrogate pair are one character; a half alone stays one, which makes its row a defect.
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
