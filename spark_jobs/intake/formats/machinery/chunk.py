"""A delimited file as chunks of whole records, each record located in the file's own bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.charset import Bytes, Charset, Positions
from spark_jobs.intake.formats.machinery.tokenizer import Records, tokenize

CHUNK_BYTES = 4 << 20
"""Of a stream at once: what a core keeps near it, which is worth more than fewer chunks (16 MiB take twice as long)."""
MAX_RECORD_BYTES = 16 << 20
MAX_LINES = 400_000
"""Lines of a chunk, so that a file of very short or empty lines takes no more memory than another."""

_LF, _QUOTE = 0x0A, 0x22


class Stream(Protocol):
    """What chunks are read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer only at the end."""


@dataclass(frozen=True)
class Dialect:
    """How fields and records are parted."""

    delimiter: int
    quoted: bool


@dataclass(frozen=True)
class Chunk:
    """Some whole records."""

    text: Bytes
    """UTF-8."""
    records: Records
    offset: int
    """Where the chunk begins in the stream."""
    line: int
    """How many lines, as a spreadsheet counts them, come before."""
    raw_starts: Positions
    raw_ends: Positions
    """As `records.starts` and `ends`, in the bytes of the stream."""
    raw_nexts: Positions
    quotes: Positions | None = None
    """Quotation marks in `text` that no backslash escapes, where somebody has looked for them."""

    def __len__(self) -> int:
        return len(self.raw_nexts)

    @cached_property
    def row_numbers(self) -> Positions:
        """As a spreadsheet shows them."""
        return np.arange(self.line + 1, self.line + 1 + len(self), dtype=np.int64)

    def text_of(self, record: int) -> str:
        """The record without its line terminator."""
        start, end = int(self.records.starts[record]), int(self.records.ends[record])
        return str(self.text[start:end], "utf-8")


def chunks(stream: Stream, charset: Charset, dialect: Dialect, size: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """All records of a stream whose byte order mark has been read, in order, without gap or overlap.

    Raises:
        DeliveryRejected: `encoding_invalid`, `unclosed_quote`, `record_too_large`, or as the stream raises.
    """
    offset, line, left, is_last = charset.bom_length, 0, b"", False
    while not is_last:
        block = stream.read(size)
        is_last = len(block) < size
        left += block
        while chunk := _first_chunk(left, charset, dialect, is_last, offset, line):
            yield chunk
            line += len(chunk)
            left, offset = left[int(chunk.raw_nexts[-1]) - offset :], int(chunk.raw_nexts[-1])
        if len(left) > MAX_RECORD_BYTES:
            raise overlong(left[:MAX_RECORD_BYTES], charset, dialect, offset, line + 1)


def _first_chunk(
    left: bytes, charset: Charset, dialect: Dialect, is_last: bool, offset: int, line: int
) -> Chunk | None:
    """The first whole records of `left`, at most about MAX_LINES of them; None: there are none."""
    whole = len(left) if is_last else charset.after_last_newline(left)
    for length in dict.fromkeys((_few_lines(left, whole, charset), whole)):
        if length:
            raw = memoryview(left)[:length]
            chunk = _chunk(raw, charset, dialect, is_last and length == len(left), offset, line)
            if len(chunk):
                _refuse_overlong(chunk, left, charset, dialect)
                return chunk
    return None


def _few_lines(left: bytes, length: int, charset: Charset) -> int:
    """Length of a part of `left` that is whole lines, and not too many."""
    while (lines := _lines(left, length)) > MAX_LINES:
        length = charset.after_last_newline(left[: length * MAX_LINES // lines])
    return length


def _lines(left: bytes, length: int) -> int:
    """How many line breaks the first bytes have; `bytes.count` takes six times as long."""
    return int(np.count_nonzero(np.frombuffer(left, np.uint8, length) == _LF))


def _chunk(raw: memoryview, charset: Charset, dialect: Dialect, is_last: bool, offset: int, line: int) -> Chunk:
    text = charset.to_utf8(raw, offset)
    records = tokenize(text, dialect.delimiter, dialect.quoted, is_last)
    if is_last and records.open_quote_number is not None:
        raise _unclosed(raw, charset, records.open_quote_number, offset, line + len(records.nexts) + 1)
    if charset.codec == "utf-8":
        raw_nexts = records.nexts
    else:
        after_newlines = np.append(charset.positions(raw, _LF) + charset.unit, len(raw))
        raw_nexts = after_newlines[records.newlines]
    raw_starts = np.concatenate((np.zeros(1, np.int64), raw_nexts[:-1])) if len(raw_nexts) else raw_nexts
    terminators = (records.nexts - records.ends) * charset.unit
    return Chunk(text, records, offset, line, raw_starts + offset, raw_nexts - terminators + offset, raw_nexts + offset)


def _refuse_overlong(chunk: Chunk, raw: bytes, charset: Charset, dialect: Dialect) -> None:
    too_long = np.flatnonzero(chunk.raw_nexts - chunk.raw_starts > MAX_RECORD_BYTES)
    if len(too_long):
        start = int(chunk.raw_starts[too_long[0]])
        head = raw[start - chunk.offset :][:MAX_RECORD_BYTES]
        raise overlong(head, charset, dialect, start, chunk.line + int(too_long[0]) + 1)


def overlong(head: bytes, charset: Charset, dialect: Dialect, offset: int, row: int) -> DeliveryRejected:
    """Why the record that begins with `head` is too long: a quote never closed, or no line break."""
    text = charset.prefix_to_utf8(head, offset)
    open_quote = tokenize(text, dialect.delimiter, dialect.quoted, False).open_quote_number
    if open_quote is not None:
        return _unclosed(head, charset, open_quote, offset, row)
    return DeliveryRejected("record_too_large", row=row, offset=offset, limit=MAX_RECORD_BYTES)


def _unclosed(raw: Bytes, charset: Charset, quote: int, offset: int, row: int) -> DeliveryRejected:
    """The rejection that names the opening quote by its place in the file."""
    at = offset + int(charset.positions(raw, _QUOTE)[quote])
    return DeliveryRejected("unclosed_quote", row=row, offset=at)
