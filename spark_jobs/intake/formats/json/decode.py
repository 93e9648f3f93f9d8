"""One JSON document that holds an array of flat objects, record by record."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats.json import Json
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.json.elements import Element, JsonElements
from spark_jobs.intake.formats.machinery.charset import charset_of
from spark_jobs.intake.formats.machinery.json_objects import JsonObjects
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES
from spark_jobs.intake.formats.machinery.utf8_stream import Utf8Stream


class JsonDecoder:
    """Decodes one JSON document; memory is bounded by a batch.

    Byte offsets refer to the file where it is UTF-8, as RFC 8259 section 8.1 wants; else to its text in UTF-8.
    The row number of the first element is 1.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, decoding: Json) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._path = path
        self._contract = contract
        self._decoding = decoding
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        self._charset = charset_of(head, decoding.encoding)
        self._is_transcoded = self._charset.codec != "utf-8"
        if self._charset.bom_length:
            self.accounting.notes.append("文件开头的字节序标记（BOM）已跳过")

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The array's elements, those that are not flat objects marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        if self.accounting.bytes == self._charset.bom_length:
            self.accounting.notes.append("文件没有任何内容")
            self.accounting.add("bom", 0, self._charset.bom_length)
            return
        with self._path.open("rb") as file:
            bom = 0 if self._is_transcoded else self._charset.bom_length
            file.seek(self._charset.bom_length)
            self._add("bom", 0, bom)
            elements = JsonElements(Utf8Stream(file, self._charset), bom, self._decoding.records)
            yield from self._batches(elements, bom)
        self._finish(elements.offset)

    def _batches(self, elements: JsonElements, end: int) -> Iterator[pa.RecordBatch]:
        rows, objects = RowBuilder(self._contract), JsonObjects(self._contract)
        for element in elements:
            self.accounting.rows_counted += 1
            if element.is_first:
                self._add("container", end, element.start)
                end = element.start
            defects = rows.defects
            self._parse(element, objects, rows)
            self._add("records" if rows.defects == defects else "defective", end, element.end, 1)
            end = element.end
            if rows.is_full:
                yield self._take(rows)
        self._add("container", end, elements.offset)
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

    def _add(self, kind: RangeKind, start: int, end: int, rows: int = 0) -> None:
        self.accounting.add(kind, start, end, rows, to_stream=self._is_transcoded)

    def _finish(self, end: int) -> None:
        accounting = self.accounting
        if self._is_transcoded:
            accounting.stream_bytes = end
            accounting.add("container", 0, accounting.bytes, accounting.rows_counted)
        if not accounting.rows_counted:
            accounting.notes.append("文件没有记录")
        if accounting.rows_counted != accounting.rows_parsed:
            raise DeliveryRejected("counters_disagree", counted=accounting.rows_counted, parsed=accounting.rows_parsed)
