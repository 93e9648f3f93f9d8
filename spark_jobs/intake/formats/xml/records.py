"""The records of an XML document by its tags alone: our own count, and where each begins and ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.utf8_stream import Utf8Stream
from spark_jobs.intake.formats.xml.tags import Tags, tags

BLOCK_BYTES = 1 << 20


class Record(NamedTuple):
    """One record; places are those of the document."""

    begins: int
    """Where the white space before it begins, if only that lies between it and the record before; else `start`."""
    start: int
    end: int
    rows: int
    """How many it makes."""


@dataclass(frozen=True)
class Part:
    """Some text of a document, and the whole records in it."""

    text: bytes
    start: int
    records: list[Record]

    def text_of(self, record: Record) -> bytes:
        """The record's own text."""
        return self.text[record.start - self.start : record.end - self.start]


class XmlRecords:
    """Reads a document as parts, each of which ends behind its last record, or holds none.

    Args:
        stream: the document.
        start: where it begins.
        records: local names from the root to the record.
        rows: local names from the record to the element that makes rows; none: the record does.
        block: bytes to read at once.
    """

    def __init__(
        self, stream: Utf8Stream, start: int, records: list[str], rows: list[str], block: int = BLOCK_BYTES
    ) -> None:
        self._stream = stream
        self._block = block
        self._path = [step.encode() for step in [*records, *rows]]
        self._record_level, self._row_level = len(records), len(self._path)
        self._on_path = [True, *([False] * len(self._path))]
        """Whether the element that began last at each level is the one of the path."""
        self._depth = 0
        self._last_end = -1
        self._count = 0
        self.end = start
        """How far the document has been taken in."""

    def __iter__(self) -> Iterator[Part]:
        left, block = b"", b"-"
        while block:
            block = self._stream.read(self._block)
            left += block
            part = self._part(left)
            yield part
            left = left[len(part.text) :]
            if len(left) > MAX_RECORD_BYTES:
                raise DeliveryRejected("record_too_large", row=self._count + 1, offset=self.end, limit=MAX_RECORD_BYTES)
        start, self.end = self.end, self.end + len(left)
        yield Part(left, start, [])

    def _part(self, text: bytes) -> Part:
        found = tags(text, self._depth)
        records, opened = self._records(found)
        if records or opened is not None:
            length = records[-1].end - self.end if records else opened or 0
            self._depth = self._record_level - 1
        else:
            length, self._depth = found.whole, found.depth
        start, self.end = self.end, self.end + length
        return Part(text[:length], start, records)

    def _records(self, found: Tags) -> tuple[list[Record], int | None]:
        """The whole records, and where one begins in the text that does not end in it."""
        records: list[Record] = []
        opened, rows = None, 0
        for place in (found.levels <= self._row_level).nonzero()[0].tolist():
            level, start, end = int(found.levels[place]), int(found.starts[place]), int(found.ends[place])
            if level < 1:
                break  # of a document that is none, as its parser will say
            is_over = bool(found.is_end[place])
            if not is_over:
                self._enter(level, found.name(place))
                if level == self._record_level and self._on_path[level]:
                    opened, rows = start, 0
                rows += level == self._row_level > self._record_level and self._on_path[level] and opened is not None
                is_over = bool(found.is_empty[place])
            if is_over and level == self._record_level and opened is not None:
                records.append(self._record(found.text, opened, end, rows))
                opened = None
        return records, opened

    def _enter(self, level: int, name: bytes) -> None:
        """An element begins.

        Raises:
            DeliveryRejected: `xml_malformed`: it is the root, and not the contract's.
        """
        self._on_path[level] = self._on_path[level - 1] and name == self._path[level - 1]
        if level == 1 and not self._on_path[1]:
            wanted = self._path[0].decode()
            raise DeliveryRejected("xml_malformed", place="根元素", detail=f"约定为 {wanted}，实为其他名称")

    def _record(self, text: bytes, start: int, end: int, rows: int) -> Record:
        before = self._last_end - self.end
        follows = self._last_end >= self.end and not text[before:start].strip()
        self._count += 1
        self._last_end = self.end + end
        return Record(self.end + (before if follows else start), self.end + start, self._last_end, max(rows, 1))
