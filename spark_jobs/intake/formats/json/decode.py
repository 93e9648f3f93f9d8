"""One JSON document that holds an array of flat objects, record by record."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats.json import Json
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.json.elements import Element, JsonElements
from spark_jobs.intake.formats.json.text import JsonText
from spark_jobs.intake.formats.machinery.json_objects import JsonObjects
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.sniff import is_text
from spark_jobs.intake.formats.machinery.source import Source


class JsonDecoder:
    """Decodes one JSON document; memory is bounded by a batch.

    Byte offsets refer to the file where it is UTF-8, as RFC 8259 section 8.1 wants; else to its text in UTF-8.
    The row number of the first element is 1.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, decoding: Json) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._contract = contract
        self._decoding = decoding
        self._source = Source(path, decoding, self.accounting, decoding.encoding, may_be_json)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The array's elements, those that are not flat objects marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        with self._source.open_in_utf8() as (stream, start):
            text = JsonText(stream, start)
            if text.more():
                yield from self._batches(JsonElements(text, self._decoding.records), start)
        if not self.accounting.rows_counted:
            self.accounting.notes.append("文件没有记录")
        self._source.finish()

    def _batches(self, elements: JsonElements, end: int) -> Iterator[pa.RecordBatch]:
        rows, objects = RowBuilder(self._contract), JsonObjects(self._contract)
        for element in elements:
            self.accounting.rows_counted += 1
            if element.is_first:
                self._source.account("container", end, element.start)
                end = element.start
            defects = rows.defects
            self._parse(element, objects, rows)
            self._source.account("records" if rows.defects == defects else "defective", end, element.end, 1)
            end = element.end
            if rows.is_full:
                yield self._take(rows)
        self._source.account("container", end, elements.offset)
        if len(rows):
            yield self._take(rows)
        objects.finish(self.accounting)
        if elements.others:
            self.accounting.notes.append(f"约定的记录数组之外另有 {elements.others} 个数组元素，未作为记录读取")

    def _parse(self, element: Element, objects: JsonObjects, rows: RowBuilder) -> None:
        place = Place(self.accounting.rows_counted, element.start, element.end - element.start)
        text = element.text.decode()
        try:
            objects.add(text, place, rows)
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
