"""Lines of a text that have a shape to the last byte, and their values, many lines at once."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.json_shape import Shape
from spark_jobs.intake.formats.machinery.named_values import MAX_VALUE_CHARACTERS
from spark_jobs.intake.formats.machinery.slices import Codes, Mask, stands, texts_between

_QUOTE, _BACKSLASH, _TAB = b'"\\\t'
_SCALAR = r"^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$"
"""RFC 8259, sections 3 and 6."""
_IN_SCALARS = np.isin(np.arange(256), list(b"+-.0123456789Eaeflnrstu"))
_LONGEST = 64
"""Characters of a number or word that no quotation mark follows before the next one."""


@dataclass(frozen=True)
class Lines:
    """A chunk's text, and where its lines and quotation marks are."""

    codes: Codes
    buffer: pa.Buffer
    quotes: Positions
    starts: Positions
    ends: Positions
    first_quotes: Positions
    """Which quotation mark is the first at or behind the start of each line."""
    counts: Positions


def lines_of(chunk: Chunk) -> Lines:
    """The lines of a chunk."""
    codes = np.frombuffer(chunk.text, np.uint8)
    quotes = np.flatnonzero(codes == _QUOTE) if chunk.quotes is None else chunk.quotes
    starts, ends = chunk.records.starts, chunk.records.ends
    first = np.searchsorted(quotes, starts)
    counts = np.diff(first, append=len(quotes))
    return Lines(codes, pa.py_buffer(chunk.text), quotes, starts, ends, first, counts)


def plain_lines(lines: Lines, chunk: Chunk) -> Mask:
    """Lines without escapes and control characters."""
    is_plain: Mask = ~chunk.records.has_control & (lines.ends > lines.starts)
    for code in (_BACKSLASH, _TAB):
        is_there = lines.codes == code
        if is_there.any():
            owners = np.searchsorted(chunk.records.nexts, np.flatnonzero(is_there), side="right")
            is_plain[owners[owners < len(is_plain)]] = False
    return is_plain


def matched(shape: Shape, lines: Lines, numbers: Positions) -> tuple[Positions, list[pa.Array]]:
    """The lines that have the shape, of those that have as many quotation marks, and their values by its slots."""
    fits = np.ones(len(numbers), np.bool_)
    at, quote = lines.starts[numbers], lines.first_quotes[numbers]
    spans: list[tuple[Positions, Positions]] = []
    literals = [*(slot.before for slot in shape.slots), shape.end]
    for literal, following in pairwise(literals):
        fits &= stands(lines.codes, at, literal)
        start, quote = at + len(literal), quote + literal.count(b'"')
        if b'"' in following:
            at = lines.quotes[quote] - following.index(b'"')
        elif len(spans) == len(shape.slots) - 1:
            at = lines.ends[numbers] - len(following)
        else:
            at = _scalar_ends(lines.codes, start)
        at = np.maximum(start, at)
        fits &= at - start <= MAX_VALUE_CHARACTERS
        spans.append((start, at))
    fits &= stands(lines.codes, at, shape.end) & (at + len(shape.end) == lines.ends[numbers])
    values = []
    for slot, (start, end) in zip(shape.slots, spans, strict=True):
        if not slot.is_string:
            places = np.flatnonzero(fits)
            found = texts_between(lines.buffer, start[places], end[places])
            fits[places] = pc.match_substring_regex(found, _SCALAR).to_numpy(zero_copy_only=False)
    values = [texts_between(lines.buffer, start[fits], end[fits]) for start, end in spans]
    return numbers[fits], [
        value if slot.is_string else _without_null(value) for slot, value in zip(shape.slots, values, strict=True)
    ]


def _scalar_ends(codes: Codes, starts: Positions) -> Positions:
    """Where what may be a number or word ends that begins there; too early, if it is very long."""
    ends = starts.copy()
    last = len(codes) - 1
    for _ in range(_LONGEST):
        goes_on = _IN_SCALARS[codes[np.minimum(ends, last)]]
        if not goes_on.any():
            break
        ends += goes_on
    return ends


def _without_null(scalars: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(scalars, "null"), pa.scalar(None, pa.string()), scalars)
