"""Where the records of delimited text begin and end and how many fields each has: our own count, not the parser's.

RFC 4180 with any delimiter: a quote opens only at the start of a field, a doubled quote is one, newlines and delimiters
inside quotes are data. Text after a closing quote is not RFC 4180; it is read to the end of its field as the parser
would, and its record is marked.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spark_jobs.intake.formats.machinery.charset import Bytes, Positions

Mask = NDArray[np.bool_]

_LF, _CR, _TAB, _QUOTE, _FIRST_PRINTABLE = 0x0A, 0x0D, 0x09, 0x22, 0x20


@dataclass(frozen=True)
class Records:
    """The complete records of a chunk, in order, as positions in its UTF-8 text. Zero-length lines are among them."""

    starts: Positions
    ends: Positions
    """End of each, its line terminator excluded."""
    nexts: Positions
    """Start of what follows each: its line terminator included."""
    newlines: Positions
    """Which newline of the chunk, from 0, terminates each; the number of newlines for a last line without one."""
    fields: Positions
    has_control: Mask
    """Holds a C0 control character other than tab, or a carriage return without its newline."""
    has_misplaced_quote: Mask
    """Holds text between a closing quote and the end of its field."""
    open_quote: int | None
    """Where the quote stands that is still open at the end of the chunk."""
    open_quote_number: int | None
    """Which quote of the chunk that is, from 0."""


@dataclass(frozen=True)
class _Lines:
    """Quoting seen line by line."""

    inside: Mask
    """For each newline: it is data inside quotes."""
    delimiters: Positions
    """Delimiters that part fields."""
    misplaced: list[int]
    """A position in each record with text after a closing quote."""
    open_quote: int | None


def tokenize(text: Bytes, delimiter: int, quoted: bool, final: bool) -> Records:
    """Part `text`, which starts at the start of a record, into records.

    Args:
        text: UTF-8. Ends with a newline unless `final`.
        delimiter: an ASCII byte.
        quoted: whether `"` quotes; else it is data.
        final: the file ends here, so that what is left is a record too.
    """
    codes = np.frombuffer(text, np.uint8)
    low = np.flatnonzero(codes < _FIRST_PRINTABLE)
    low_codes = codes[low]
    newlines = low[low_codes == _LF]
    delimiters = newlines if delimiter == _LF else np.flatnonzero(codes == delimiter)
    quotes = np.flatnonzero(codes == _QUOTE) if quoted else newlines[:0]
    lines = _lines(text, codes, newlines, delimiters, quotes, delimiter)
    numbers = np.flatnonzero(~lines.inside)
    nexts = newlines[numbers] + 1
    if final and lines.open_quote is None and (int(nexts[-1]) if len(nexts) else 0) < len(codes):
        nexts, numbers = np.append(nexts, len(codes)), np.append(numbers, len(newlines))
    starts = np.concatenate(([0], nexts[:-1])) if len(nexts) else nexts
    before = np.searchsorted(lines.delimiters, nexts)
    suspects = low[(low_codes != _LF) & (low_codes != _TAB) & (low_codes != delimiter)]
    return Records(
        starts=starts,
        ends=_ends(codes, starts, nexts),
        nexts=nexts,
        newlines=numbers,
        fields=np.diff(before, prepend=0) + 1,
        has_control=_records_with(_control_characters(codes, suspects), nexts),
        has_misplaced_quote=_records_with(np.array(lines.misplaced, np.int64), nexts),
        open_quote=lines.open_quote,
        open_quote_number=None if lines.open_quote is None else int(np.searchsorted(quotes, lines.open_quote)),
    )


def _ends(codes: NDArray[np.uint8], starts: Positions, nexts: Positions) -> Positions:
    """Ends of records without LF or CRLF."""
    has_newline = codes[nexts - 1] == _LF
    ends = nexts - has_newline
    has_return = has_newline & (ends > starts) & (codes[np.maximum(ends - 1, 0)] == _CR)
    without: Positions = ends - has_return
    return without


def _control_characters(codes: NDArray[np.uint8], suspects: Positions) -> Positions:
    """Those of the suspects that are not the first half of a CRLF."""
    if not len(suspects):
        return suspects
    following = codes[np.minimum(suspects + 1, len(codes) - 1)]
    is_control: Mask = (codes[suspects] != _CR) | (following != _LF)
    return suspects[is_control]


def _records_with(positions: Positions, nexts: Positions) -> Mask:
    """Which records hold any of the positions."""
    holds = np.zeros(len(nexts), np.bool_)
    owners = np.searchsorted(nexts, positions, side="right")
    holds[owners[owners < len(nexts)]] = True
    return holds


def _lines(
    text: Bytes,
    codes: NDArray[np.uint8],
    newlines: Positions,
    delimiters: Positions,
    quotes: Positions,
    delimiter: int,
) -> _Lines:
    """Tell apart newlines and delimiters inside quotes from those outside."""
    if not len(quotes):
        return _Lines(np.zeros(len(newlines), np.bool_), delimiters, [], None)
    if not _is_regular(codes, quotes, delimiter):
        return _irregular_lines(bytes(text), newlines, delimiters, quotes, delimiter)
    inside = np.cumsum(codes == _QUOTE, dtype=np.uint8) & 1
    open_quote = int(quotes[-1]) if len(quotes) % 2 else None
    if open_quote is not None and len(quotes) > 1:
        open_quote = _opening(quotes)
    return _Lines(inside[newlines] == 1, delimiters[inside[delimiters] == 0], [], open_quote)


def _opening(quotes: Positions) -> int:
    """The quote that opened the field in which the text ends: before any doubled quotes of that field."""
    at = len(quotes) - 1
    while at >= 2 and quotes[at] == quotes[at - 1] + 1:
        at -= 2
    return int(quotes[at])


def _is_regular(codes: NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Every quote opens at a field's start, closes at its end, or is one of a doubled pair: parity then decides."""
    opening, closing = quotes[::2], quotes[1::2]
    previous = codes[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | (previous == delimiter) | (previous == _LF)
    opens[1:] |= opening[1:] == closing[: len(opening) - 1] + 1
    if not opens.all():
        return False
    last = len(codes) - 1
    following = codes[np.minimum(closing + 1, last)]
    after = codes[np.minimum(closing + 2, last)]
    crlf = (following == _CR) & (after == _LF) & (closing + 2 <= last)
    closes = (closing == last) | (following == delimiter) | (following == _LF) | (following == _QUOTE) | crlf
    return bool(closes.all())


def _irregular_lines(
    text: bytes, newlines: Positions, delimiters: Positions, quotes: Positions, delimiter: int
) -> _Lines:
    """As `_lines`, character by character in the lines that hold quotes."""
    inside = np.zeros(len(newlines), np.bool_)
    kept = np.ones(len(delimiters), np.bool_)
    misplaced: list[int] = []
    position = 0
    for line in np.unique(np.searchsorted(newlines, quotes)).tolist():
        start = int(newlines[line - 1]) + 1 if line else 0
        if start < position:
            continue
        record = _read_record(text, start, delimiter)
        last = int(np.searchsorted(newlines, record.end))
        inside[line:last] = True
        for opened, closed in record.quoted:
            kept[np.searchsorted(delimiters, opened) : np.searchsorted(delimiters, closed)] = False
        if record.misplaced:
            misplaced.append(start)
        if record.open_quote is not None:
            return _Lines(inside, delimiters[kept], misplaced, record.open_quote)
        position = record.end + 1
    return _Lines(inside, delimiters[kept], misplaced, None)


@dataclass
class _Record:
    """One record as the state machine saw it."""

    quoted: list[tuple[int, int]]
    end: int = 0
    misplaced: bool = False
    open_quote: int | None = None


def _read_record(text: bytes, start: int, delimiter: int) -> _Record:
    """Read one record that starts at `start`; its end is its newline, or the end of the text."""
    field_end = re.compile(b"[\n" + re.escape(bytes([delimiter])) + b"]")
    record = _Record(quoted=[])
    position = start
    while True:
        if text[position : position + 1] == b'"':
            closed = _closing(text, position)
            if closed is None:
                record.quoted.append((position, len(text)))
                record.open_quote, record.end = position, len(text)
                return record
            record.quoted.append((position, closed))
            position = closed + 1
            rest = text[position : position + 2]
            record.misplaced |= not (rest[:1] in (b"", b"\n", bytes([delimiter])) or rest == b"\r\n")
        found = field_end.search(text, position)
        if found is None or text[found.start()] == _LF:
            record.end = len(text) if found is None else found.start()
            return record
        position = found.end()


def _closing(text: bytes, opened: int) -> int | None:
    """The quote that closes the one at `opened`, doubled quotes passed over."""
    position = text.find(b'"', opened + 1)
    while position >= 0 and text[position + 1 : position + 2] == b'"':
        position = text.find(b'"', position + 2)
    return position if position >= 0 else None
