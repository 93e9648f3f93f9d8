"""One JSON document that holds an array of objects, record by record."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.contract.feed import FeedContract
from expectations.contract.format_options import TextOptions
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.json.elements import JsonElements
from spark_jobs.intake.formats.json.run import Run
from spark_jobs.intake.formats.json.text import JsonText
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.sniff import is_text
from spark_jobs.intake.formats.machinery.source import Source


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
        for run in elements:
            if run.is_first:
                self._source.account("container", self._end, int(run.places[0]))
                self._end = int(run.places[0])
            yield from self._decode(run, rows)
        self._source.account("container", self._end, elements.offset)
        if len(rows):
            yield self._take(rows)
        self._objects.finish(self.accounting)
        if elements.others:
            self.accounting.notes.append(f"约定的记录数组之外另有 {elements.others} 个数组元素，未作为记录读取")

    def _decode(self, run: Run, rows: RowBuilder) -> Iterator[pa.RecordBatch]:
        """The rows of elements that follow one another."""
        before = self.accounting.rows_counted
        self.accounting.rows_counted += len(run)
        left = np.ones(len(run), np.bool_)
        for lines, batch in self._objects.batches(run.lines(before)):
            left[lines] = False
            self.accounting.rows_parsed += batch.num_rows
            yield batch
        is_defect = np.zeros(len(run), np.bool_)
        for place in np.flatnonzero(left).tolist():
            defects = rows.defects
            self._parse(run, place, before + place + 1, rows)
            is_defect[place] = rows.defects > defects
        self._account(run.ends_in_document, is_defect)
        if rows.is_full:
            yield self._take(rows)

    def _account(self, ends: Positions, is_defect: NDArray[np.bool_]) -> None:
        edges = [0, *(np.flatnonzero(np.diff(is_defect)) + 1).tolist(), len(ends)]
        for first, after in zip(edges, edges[1:], strict=False):
            kind: RangeKind = "defective" if is_defect[first] else "records"
            self._source.account(kind, self._end, int(ends[after - 1]), after - first)
            self._end = int(ends[after - 1])

    def _parse(self, run: Run, element: int, row_number: int, rows: RowBuilder) -> None:
        start, text = int(run.places[element]), run.text_of(element)
        place = Place(row_number, start, int(run.ends[element] - run.starts[element]))
        try:
            self._objects.add(text, place, rows)
        except json.JSONDecodeError as error:
            offset = start + len(text[: error.pos].encode())
            raise DeliveryRejected("json_malformed", offset=offset, detail=error.msg) from error

    def _take(self, rows: RowBuilder) -> pa.RecordBatch:
        batch = rows.take()
        self.accounting.rows_parsed += batch.num_rows
        return batch


def may_be_json(head: bytes, kind: str | None) -> bool:
    """It opens an array or an object, or is empty."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\x00 \t\r\n")
    return is_text(head, kind) and (not start or start[:1] in (b"[", b"{"))
