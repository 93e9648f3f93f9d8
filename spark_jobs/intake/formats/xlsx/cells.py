"""From a workbook's cells to text, as the workbook shows them where Excel has lost digits, else without loss."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

EXACT_INTEGERS_BELOW = 10**15
"""Excel keeps fifteen digits."""

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
        except (ValueError, IndexError) as error:
            raise CellValueError(value) from error

    def _typed(self, kind: str, value: str, style: int) -> str:
        if kind == "s":
            return self.shared[int(value)]
        if kind == "str":
            return unescape(value)
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind == "e":
            raise CellValueError(value)
        if kind == "d":
            return iso_text(datetime.fromisoformat(value.removesuffix("Z")))
        return self._date(value.strip()) if style in self.date_styles else number_text(value.strip())

    def _date(self, value: str) -> str:
        epoch = CALENDAR_MAC_1904 if self.is_1904 else CALENDAR_WINDOWS_1900
        try:
            moment: Any = from_excel(float(value), epoch)
        except (ValueError, OverflowError):
            return number_text(value)
        return iso_text(moment)


def iso_text(moment: datetime | time | timedelta) -> str:
    """yyyy-MM-dd, with HH:mm:ss where there is a time of day; HH:mm:ss of a time alone."""
    if isinstance(moment, timedelta):
        return str(moment)
    if isinstance(moment, time):
        return moment.isoformat("seconds")
    moment += timedelta(milliseconds=500)
    moment = moment.replace(microsecond=0)
    return moment.strftime("%Y-%m-%d") if moment.time() == time(0) else moment.strftime("%Y-%m-%d %H:%M:%S")


def number_text(value: str) -> str:
    """A number without `.0`; an integer of more than fifteen digits as Excel shows it, such as 4.21202E+17."""
    number = float(value)
    if not number.is_integer():
        return format(Decimal(repr(number)), "f")
    if abs(number) < EXACT_INTEGERS_BELOW:
        return str(int(number))
    digits, _, exponent = f"{number:.5E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{exponent}"


def rich_text(element: Element | None) -> str | None:
    """The text of a string item, phonetic guides left out."""
    if element is None:
        return None
    direct = [part.text or "" for part in element.findall("{*}t")]
    runs = [part.text or "" for part in element.findall("{*}r/{*}t")]
    return unescape("".join(direct + runs))


def unescape(text: str) -> str:
    """`_x000D_` and its like as the characters that they stand for (ECMA-376 part 1, 22.9.2.19 ST_Xstring)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
