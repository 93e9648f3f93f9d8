"""Where the objects of an array stand, of a whole block at once, by quotation marks and brackets."""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.slices import Codes, Mask, stands

_QUOTE, _BACKSLASH = b'"\\'
_OPENING, _CLOSING, _CASE = 0x5B, 0x5D, 0x20
"""Square brackets; braces differ from them by one bit."""
_SPACE = re.compile(rb"[ \t\r\n]*")
_COMMA = re.compile(rb"[ \t\r\n]*,[ \t\r\n]*")


class Objects(NamedTuple):
    """Objects and arrays that follow one another, each with a comma and another one behind it, or the array's end.

    Args:
        starts: of each.
        ends: of each.
        quotes: quotation marks that begin or end a string, in these and perhaps behind them.
        after: start of what is behind the last.
        is_end: that is the array's closing bracket.
    """

    starts: Positions
    ends: Positions
    quotes: Positions
    after: int
    is_end: bool


def objects_from(data: bytes, at: int) -> Objects | None:
    """The elements from there on, as far as they are objects or arrays and what follows is seen; None: there are none.

    A string ends at the next quotation mark that is not escaped, and what is open ends where its bracket is closed;
    whether it is JSON is for others to find out.
    """
    codes = np.frombuffer(data, np.uint8, offset=at)
    quotes, marks, steps = _quotes_and_brackets(data, at, codes)
    depths = np.cumsum(steps)
    closing = np.flatnonzero(depths < 0)[:1]
    inside = slice(int(closing[0]) if len(closing) else None)
    starts = marks[inside][(depths[inside] == 1) & (steps[inside] > 0)]
    ends = marks[inside][(depths[inside] == 0) & (steps[inside] < 0)] + 1
    end = marks[closing][codes[marks[closing]] == _CLOSING]
    nexts = np.append(starts[1:], end)
    count = min(len(ends), len(nexts))
    if not count or starts[0]:
        return None
    is_end = bool(len(end)) and count == len(nexts)
    starts, ends, nexts = starts[:count], ends[:count], nexts[:count]
    fits = _are_parted(data, codes, ends, nexts, at, is_end) & (ends - starts <= MAX_RECORD_BYTES)
    if not fits.all():
        count, is_end = int(np.argmin(fits)), False
    if not count:
        return None
    return Objects(starts[:count] + at, ends[:count] + at, quotes + at, int(nexts[count - 1]) + at, is_end)


def _quotes_and_brackets(data: bytes, at: int, codes: Codes) -> tuple[Positions, Positions, NDArray[np.int8]]:
    """Where strings begin and end, and where brackets are outside of them, with what each opens (1) or closes (-1)."""
    square = codes & ~np.uint8(_CASE)
    # Both at once: which quotation marks come before a bracket is then told by its number among them.
    found = np.flatnonzero((codes == _QUOTE) | (square == _OPENING) | (square == _CLOSING))
    if data.find(b"\\", at) >= 0:
        found = found[~((codes[found] == _QUOTE) & _is_escaped(codes, found))]
    numbers = np.flatnonzero(codes[found] != _QUOTE)
    is_outside = (numbers - np.arange(len(numbers))) & 1 == 0
    marks = found[numbers[is_outside]]
    return np.delete(found, numbers), marks, np.where(square[marks] == _OPENING, 1, -1).astype(np.int8)


def _is_escaped(codes: Codes, marks: Positions) -> Mask:
    """Before them stands an odd number of backslashes."""
    escaped: Mask = (codes[np.maximum(marks - 1, 0)] == _BACKSLASH) & (marks > 0)
    for place in np.flatnonzero(escaped).tolist():
        before = at = int(marks[place])
        while before and codes[before - 1] == _BACKSLASH:
            before -= 1
        escaped[place] = (at - before) % 2 == 1
    return escaped


def _are_parted(data: bytes, codes: Codes, ends: Positions, nexts: Positions, at: int, is_end: bool) -> Mask:
    """Between an end and what is next stand a comma and white space alone; before the array's end, no comma."""
    usual = data[at + int(ends[0]) : at + int(nexts[0])]
    fits: Mask = (nexts - ends == len(usual)) & stands(codes, ends, usual) & bool(_COMMA.fullmatch(usual))
    if is_end:
        fits[-1] = bool(_SPACE.fullmatch(data, at + int(ends[-1]), at + int(nexts[-1])))
    for place in np.flatnonzero(~fits[: len(fits) - is_end]).tolist():
        fits[place] = bool(_COMMA.fullmatch(data, at + int(ends[place]), at + int(nexts[place])))
        if not fits[place]:
            break
    return fits
