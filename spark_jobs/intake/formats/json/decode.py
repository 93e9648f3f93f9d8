"""One JSON document that holds an array of objects, record by record."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.format_options import TextOptions
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.json.elements import Element, JsonElements
from spark_jobs.intake.formats.json.run import lines_of
from spark_jobs.intake.formats.json.text import JsonText
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.sniff import is_text
from spark_jobs.intake.formats.machinery.source import Source

RUN_ELEMENTS, RUN_BYTES = 8_192, 4 << 20
"""Elements, and bytes of them, that are looked at together."""


class Objects(Protocol):
    """Turns the text of elements into rows."""

    def batches(self, chunk: Chunk) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """Those elements, by their places among the lines of the chunk, that become rows at once."""

    def add(self, text: str, place: Place, rows: RowBuilder) -> None:
        """Add an element to `rows`.

        Raises:
            json.JSONDecodeError: a fault of syntax.
        """

    def finish(self, accounting: Accounting) -> None:
        """All elements are added."""


class JsonDecoder:
    """Decodes one JSON document; memory is bounded by a batch.

    Byte offsets refer to the file where it is UTF-8, as RFC 8259 section 8.1 wants; else to its text in UTF-8.
    The row number of the first element is 1.

    Args:
        path: the file.
        contract: the feed's contract.
        options: encoding and compression.
        records: where the array is, as an ijson prefix.
        objects: what turns its elements into rows.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(
        self, path: Path, contract: FeedContract, options: TextOptions, records: str, objects: Objects
    ) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._contract = contract
        self._records = records
        self._objects = objects
        self._end = 0
        self._source = Source(path, options, self.accounting, options.encoding, may_be_json)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The array's elements, those that are not flat objects marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        with self._source.open_in_utf8() as (stream, start):
            text = JsonText(stream, start)
            if text.more():
                yield from self._batches(JsonElements(text, self._records), start)
        if not self.accounting.rows_counted:
            self.accounting.notes.append("文件没有记录")
        self._source.finish()

    def _batches(self, elements: JsonElements, start: int) -> Iterator[pa.RecordBatch]:
        rows = RowBuilder(self._contract)
        self._end = start
        run: list[Element] = []
        size = 0
        for element in elements:
            if element.is_first or len(run) >= RUN_ELEMENTS or size >= RUN_BYTES:
                yield from self._decode(run, rows)
                run, size = [], 0
            if element.is_first:
                self._source.account("container", self._end, element.start)
                self._end = element.start
            run.append(element)
            size += len(element.text)
        yield from self._decode(run, rows)
        self._source.account("container", self._end, elements.offset)
        if len(rows):
            yield self._take(rows)
        self._objects.finish(self.accounting)
        if elements.others:
            self.accounting.notes.append(f"约定的记录数组之外另有 {elements.others} 个数组元素，未作为记录读取")

    def _decode(self, run: list[Element], rows: RowBuilder) -> Iterator[pa.RecordBatch]:
        """The rows of elements that follow one another."""
        if not run:
            return
        before = self.accounting.rows_counted
        self.accounting.rows_counted += len(run)
        left = set(range(len(run)))
        for lines, batch in self._objects.batches(lines_of(run, before)):
            left -= set(lines.tolist())
            self.accounting.rows_parsed += batch.num_rows
            yield batch
        for place, element in enumerate(run):
            defects = rows.defects
            if place in left:
                self._parse(element, before + place + 1, rows)
            kind: RangeKind = "records" if rows.defects == defects else "defective"
            self._source.account(kind, self._end, element.end, 1)
            self._end = element.end
            if rows.is_full:
                yield self._take(rows)

    def _parse(self, element: Element, row_number: int, rows: RowBuilder) -> None:
        place = Place(row_number, element.start, element.end - element.start)
        text = element.text.decode()
        try:
            self._objects.add(text, place, rows)
        except json.JSONDecodeError as error:
            offset = element.start + len(text[: error.pos].encode())
            raise DeliveryRejected("json_malformed", offset=offset, detail=error.msg) from error

    def _take(self, rows: RowBuilder) -> pa.RecordBatch:
        batch = rows.take()
        self.accounting.rows_parsed += batch.num_rows
        return batch


def may_be_json(head: bytes, kind: str | None) -> bool:
    """It opens an array or an object, or is empty."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\x00 \t\r\n")
    return is_text(head, kind) and (not start or start[:1] in (b"[", b"{"))
