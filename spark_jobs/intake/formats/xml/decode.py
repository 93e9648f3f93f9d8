"""One XML document, record by record: found by its tags, read by its parser."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from lxml import etree

from expectations.contract.feed import FeedContract
from expectations.contract.format_options import Encoding
from expectations.contract.formats.xml import Xml
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.machinery.formula_text import unescape_formula
from spark_jobs.intake.formats.machinery.named_values import NamedValues, NotARecordError
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.source import Source, head_of
from spark_jobs.intake.formats.machinery.unfit_text import restore_unfit
from spark_jobs.intake.formats.xml.elements import RecordElements
from spark_jobs.intake.formats.xml.records import Record, XmlRecords
from spark_jobs.intake.formats.xml.values import ElementValues

_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MARKS: dict[bytes, Encoding] = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\x84\x31\x95\x33": "gb18030",
}
_ENCODINGS: dict[str, Encoding] = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be"), "utf-16"),
    # Whoever writes GB2312 or GBK means what Windows does, of which GB 18030 is the superset.
    **dict.fromkeys(("gb18030", "gbk", "gb2312", "cp936", "x-gbk"), "gb18030"),
}


class XmlDecoder:
    """Decodes one XML document; memory is bounded by a few parts of it. The row number of the first row is 1.

    Places are those of the file where it is UTF-8; else of its text in UTF-8. Rows of one record have its place.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, decoding: Xml) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._decoding = decoding
        self._source = Source(path, decoding, self.accounting, encoding_of(path, decoding), may_be_xml)
        self._elements = ElementValues(contract, decoding)
        self._values = NamedValues(contract, _restored)
        self._rows = RowBuilder(contract)
        self._begins = self._end = self._range_rows = 0
        self._kind: RangeKind = "records"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The document's records; one with an element twice, or with text beside elements, is marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        with self._source.open_in_utf8() as (stream, start):
            if self.accounting.bytes > self._source.charset.bom_length:
                yield from self._read(XmlRecords(stream, start, *self._paths()), start)
        if len(self._rows):
            yield self._take()
        self._values.finish(self.accounting)
        if not self.accounting.rows_counted:
            self.accounting.notes.append("文件没有记录")
        self._source.finish()

    def _paths(self) -> tuple[list[str], list[str]]:
        rows = (self._decoding.rows or "").split("/") if self._decoding.rows else []
        return self._decoding.records.split("/"), [step.rpartition(":")[2] for step in rows]

    def _read(self, records: XmlRecords, start: int) -> Iterator[pa.RecordBatch]:
        """Both passes over each part of the document, the first of which knows what the second must find."""
        self._begins = self._end = start
        elements = RecordElements(self._paths()[0])
        waiting: deque[tuple[Record, bytes]] = deque()
        for part in records:
            waiting.extend((record, part.text_of(record)) for record in part.records)
            for element in elements.feed(part.text):
                self._add(element, waiting)
                if self._rows.is_full:
                    yield self._take()
        for element in elements.close():
            self._add(element, waiting)
        self._close_range()
        self._source.account("container", self._end, records.end)
        if waiting:
            raise self._disagreement(len(waiting))

    def _add(self, element: etree._Element, waiting: deque[tuple[Record, bytes]]) -> None:
        if not waiting:
            raise self._disagreement(-1)
        record, raw = waiting.popleft()
        defects = self._rows.defects
        text = raw.decode()
        try:
            rows = self._elements.rows(element, raw)
        except (NotARecordError, RecursionError):
            rows = []
        for number in range(record.rows) if not rows else ():
            self._rows.add_defect(self._place(record, number), "malformed_record", text)
        for number, row in enumerate(rows):
            self._values.add(row, text, self._place(record, number), self._rows, may_be_unfit="&#" in text)
        self._account(record, defects)

    def _place(self, record: Record, number: int) -> Place:
        return Place(self.accounting.rows_counted + number + 1, record.start, record.end - record.start)

    def _account(self, record: Record, defects: int) -> None:
        kind: RangeKind = "records" if self._rows.defects == defects else "defective"
        self.accounting.rows_counted += record.rows
        if record.begins > self._end or kind != self._kind:
            self._close_range()
            self._source.account("container", self._end, record.begins)
            self._begins, self._kind = record.begins, kind
        self._end = record.end
        self._range_rows += record.rows

    def _close_range(self) -> None:
        """Say what lies between the last record of another kind and here."""
        self._source.account(self._kind, self._begins, self._end, self._range_rows)
        self._begins, self._range_rows = self._end, 0

    def _take(self) -> pa.RecordBatch:
        batch = self._rows.take()
        self.accounting.rows_parsed += batch.num_rows
        return batch

    def _disagreement(self, more: int) -> DeliveryRejected:
        counted = self.accounting.rows_counted
        return DeliveryRejected("counters_disagree", counted=counted + more, parsed=counted)


def encoding_of(path: Path, options: Xml) -> Encoding:
    """The contract's encoding, or what the document says of itself (XML 1.0, 4.3.3): UTF-8, if nothing.

    Raises:
        DeliveryRejected: `xml_malformed`: it names an encoding that is not read here; `compression_damaged`.
    """
    if options.encoding:
        return options.encoding
    head = head_of(path, options)
    marked = next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), None)
    declared = _DECLARED.match(head)
    if marked or declared is None:
        return marked or ("utf-16" if b"\0" in head[:4] else "utf-8")
    named = declared[1].decode().lower()
    if named not in _ENCODINGS:
        raise DeliveryRejected("xml_malformed", place="文件声明", detail=f"不支持编码 {named[:40]}")
    return _ENCODINGS[named]


def may_be_xml(head: bytes, kind: str | None) -> bool:
    """It begins with a tag or a declaration, or is empty."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\x84\x31\x95\x33 \t\r\n")
    return kind == "XML" or (kind is None and start[:1] in (b"", b"<"))


def _restored(values: Sequence[str | None]) -> list[str | None]:
    return [text and unescape_formula(restore_unfit(text)) for text in values]
