"""Many JSON lines of one shape at once: the same keys in the same order and spacing, values as they come.

What a line of such a shape says is told by its quotation marks alone, as long as it has no escape: a string ends at the
next one, and whatever else stands between two must be what stands there in the shape, but for numbers and words.
Whatever differs in the least is left to a parser that looks at each line by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats.machinery.batch import contract_schema
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.header import SourceColumn
from spark_jobs.intake.formats.machinery.named_values import MAX_VALUE_CHARACTERS, NamedValues

MAX_SHAPES = 32
"""Of one file; lines of further shapes are parsed by themselves."""
_FEWEST = 8
"""Lines that are worth a shape."""

_QUOTE, _BACKSLASH, _TAB = b'"\\\t'
_HEAD = re.compile(rb"\{ ?")
_PAIR = re.compile(rb'"([^"\\]+)"( ?: ?)("[^"\\]*"|[^\s",{}\[\]]+)( ?[,}] ?)')
_SCALAR = r"^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$"
"""RFC 8259, sections 3 and 6."""

Codes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class _Pair(NamedTuple):
    """A key and what is known of its value."""

    before: bytes
    """What stands from the end of the value before to the value."""
    column: SourceColumn
    is_string: bool


@dataclass(frozen=True)
class Shape:
    """What lines have in common."""

    pairs: tuple[_Pair, ...]
    end: bytes
    """What stands behind the last value."""

    @property
    def quotes(self) -> int:
        """Quotation marks of a line."""
        return sum(2 + 2 * pair.is_string for pair in self.pairs)


@dataclass(frozen=True)
class _Text:
    """A chunk's text, and where its lines and quotation marks are."""

    codes: Codes
    buffer: pa.Buffer
    quotes: Positions
    starts: Positions
    ends: Positions
    first_quotes: Positions
    """Which quotation mark is the first at or behind the start of each line."""
    counts: Positions


class JsonShapes:
    """Finds the shapes of a file's lines and makes columns of the lines that have one."""

    def __init__(self, contract: FeedContract, values: NamedValues) -> None:
        self._contract = contract
        self._values = values
        self._shapes: list[Shape] = []
        self._tries = 0

    def batches(self, chunk: Chunk) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """Lines of the chunk by their places in it, and the batch that they are.

        Raises:
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        text = _text(chunk)
        left = _plain_lines(text, chunk)
        for shape in self._shapes:
            yield from self._taken(shape, text, left, chunk)
        while self._tries < MAX_SHAPES and int(left.sum()) >= _FEWEST:
            self._tries += 1
            line = int(np.argmax(left))
            shape_found = self._shape_of(bytes(chunk.text[int(text.starts[line]) : int(text.ends[line])]))
            left[line] &= shape_found is not None
            if shape_found is not None:
                self._shapes.append(shape_found)
                yield from self._taken(shape_found, text, left, chunk)
                left[line] = False

    def _taken(self, shape: Shape, text: _Text, left: Mask, chunk: Chunk) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """The lines of that shape, which are then no longer left."""
        lines = np.flatnonzero(left & (text.counts == shape.quotes))
        if len(lines) < _FEWEST:
            return
        lines, values = _matched(shape, text, lines)
        if len(lines):
            left[lines] = False
            yield lines, self._batch(shape, values, chunk, lines)

    def _batch(self, shape: Shape, values: list[pa.Array], chunk: Chunk, lines: Positions) -> pa.RecordBatch:
        schema = contract_schema(self._contract)
        found = {pair.column.name: array for pair, array in zip(shape.pairs, values, strict=True)}
        found |= {
            "_row_number": pa.array(chunk.row_numbers[lines]),
            "_byte_offset": pa.array(chunk.raw_starts[lines]),
            "_byte_length": pa.array((chunk.raw_ends - chunk.raw_starts)[lines]),
        }
        arrays = [found[f.name] if f.name in found else pa.nulls(len(lines), f.type) for f in schema]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _shape_of(self, line: bytes) -> Shape | None:
        """The shape of a line whose keys are the contract's, each once; None: it has none that is known here."""
        head = _HEAD.match(line)
        pairs: list[_Pair] = []
        at, before = (head.end(), head[0]) if head else (0, b"")
        while found := _PAIR.match(line, at):
            column = self._values.column(found[1].decode())
            pairs.append(_Pair(b'%s"%s"%s' % (before, found[1], found[2]), column, found[3][:1] == b'"'))
            at, before = found.end(), found[4]
        names = [pair.column.name for pair in pairs]
        is_known = all(pair.column.fate in {"contract", "ignored"} for pair in pairs) and len(set(names)) == len(names)
        return Shape(tuple(pairs), before) if pairs and b"}" in before and at == len(line) and is_known else None


def _text(chunk: Chunk) -> _Text:
    codes = np.frombuffer(chunk.text, np.uint8)
    quotes = np.flatnonzero(codes == _QUOTE)
    starts, ends = chunk.records.starts, chunk.records.ends
    first = np.searchsorted(quotes, starts)
    counts = np.diff(first, append=len(quotes))
    return _Text(codes, pa.py_buffer(chunk.text), quotes, starts, ends, first, counts)


def _plain_lines(text: _Text, chunk: Chunk) -> Mask:
    """Lines without escapes and control characters."""
    is_plain: Mask = ~chunk.records.has_control & (text.ends > text.starts)
    for code in (_BACKSLASH, _TAB):
        owners = np.searchsorted(chunk.records.nexts, np.flatnonzero(text.codes == code), side="right")
        is_plain[owners[owners < len(is_plain)]] = False
    return is_plain


def _matched(shape: Shape, text: _Text, lines: Positions) -> tuple[Positions, list[pa.Array]]:
    """The lines that have the shape to the last byte, and their values."""
    fits = np.ones(len(lines), np.bool_)
    at, quote = text.starts[lines], text.first_quotes[lines]
    spans: list[tuple[Positions, Positions]] = []
    for place, pair in enumerate(shape.pairs):
        fits &= _stands(text.codes, at, pair.before)
        at = at + len(pair.before)
        quote = quote + 2
        is_last = place == len(shape.pairs) - 1
        following = shape.end if is_last else shape.pairs[place + 1].before
        if pair.is_string:
            start, end = at + 1, text.quotes[np.minimum(quote + 1, len(text.quotes) - 1)]
            fits &= text.codes[np.minimum(at, len(text.codes) - 1)] == _QUOTE
            quote, at = quote + 2, end + 1
        else:
            gap = len(following) if is_last else following.index(b'"')
            next_quote = text.quotes[np.minimum(quote, len(text.quotes) - 1)]
            start, end = at, (text.ends[lines] if is_last else next_quote) - gap
            at = end
        fits &= (end >= start) & (end - start <= MAX_VALUE_CHARACTERS)
        spans.append((start, end))
    fits &= _stands(text.codes, at, shape.end) & (at + len(shape.end) == text.ends[lines])
    for pair, (start, end) in zip(shape.pairs, spans, strict=True):
        if not pair.is_string:
            places = np.flatnonzero(fits)
            fits[places] = pc.match_substring_regex(_strings(text, start[places], end[places]), _SCALAR).to_numpy(False)
    return lines[fits], [
        _values(text, start[fits], end[fits], pair) for pair, (start, end) in zip(shape.pairs, spans, strict=True)
    ]


def _stands(codes: Codes, at: Positions, literal: bytes) -> Mask:
    """Where the literal stands at a place."""
    last = len(codes) - len(literal)
    if last < 0:
        return np.zeros(len(at), np.bool_)
    is_there: Mask = at <= last
    at = np.minimum(at, last)
    for start, width in _words(len(literal)):
        kind = np.dtype(f"<u{width}")
        words: NDArray[Any] = np.ndarray((len(codes) - width + 1,), kind, codes, strides=(1,))
        is_there &= words[at + start] == np.frombuffer(literal, kind, 1, start)[0]
    return is_there


@cache
def _words(length: int) -> list[tuple[int, int]]:
    """Places and widths of whole numbers that cover so many bytes, the last of which may overlap."""
    if length < 8:
        return [(start, 1) for start in range(length)]
    return [(min(start, length - 8), 8) for start in range(0, length, 8)]


def _values(text: _Text, starts: Positions, ends: Positions, pair: _Pair) -> pa.Array:
    found = _strings(text, starts, ends)
    return found if pair.is_string else pc.if_else(pc.equal(found, "null"), pa.scalar(None, pa.string()), found)


def _strings(text: _Text, starts: Positions, ends: Positions) -> pa.Array:
    """The texts between these places, which are in order and apart: every other one of those between all of them."""
    edges = np.empty(2 * len(starts) + 1, np.int32)
    edges[:-1:2], edges[1::2] = starts, ends
    edges[-1] = ends[-1] if len(ends) else 0
    parts = pa.StringArray.from_buffers(2 * len(starts), pa.py_buffer(edges), text.buffer)
    return parts.take(pa.array(np.arange(0, 2 * len(starts), 2)))
