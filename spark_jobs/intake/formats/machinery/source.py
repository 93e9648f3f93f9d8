"""A text file opened for decoding: sniffed, decompressed where declared, its byte order mark measured."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from expectations.contract.format_options import TextOptions
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.machinery.charset import Charset, charset_of
from spark_jobs.intake.formats.machinery.gzip_stream import GzipStream
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES, is_text, refuse_foreign_content


class Source:
    """The stream of one file, and where its bytes went.

    Raises:
        DeliveryRejected: `content_mismatch`, `compression_damaged`, `encoding_invalid`.
    """

    def __init__(self, path: Path, options: TextOptions, accounting: Accounting) -> None:
        self._path = path
        self._accounting = accounting
        self._is_compressed = options.compression is not None and accounting.bytes > 0
        self._end = 0
        with self._open() as stream:
            head = stream.read(HEAD_BYTES)
        refuse_foreign_content(head, options.format, is_text)
        self.charset: Charset = charset_of(head, options.encoding)
        if self.charset.bom_length:
            accounting.notes.append("文件开头的字节序标记（BOM）已跳过")
        if not accounting.bytes:
            accounting.notes.append("文件为 0 字节")

    @contextmanager
    def open(self) -> Iterator[GzipStream | BinaryIO]:
        """The stream after its byte order mark."""
        with self._open() as stream:
            self.account("bom", 0, len(stream.read(self.charset.bom_length)))
            yield stream

    def account(self, kind: RangeKind, start: int, end: int, rows: int = 0) -> None:
        """Say what the next bytes of the stream are."""
        self._accounting.add(kind, start, end, rows, to_stream=self._is_compressed)
        self._end = end

    def finish(self) -> None:
        """Close the books of a stream that was read to its end.

        Raises:
            DeliveryRejected: `counters_disagree`.
        """
        accounting = self._accounting
        if self._is_compressed:
            accounting.stream_bytes = self._end
            accounting.add("container", 0, accounting.bytes, accounting.rows_counted)
        if accounting.rows_counted != accounting.rows_parsed:
            raise DeliveryRejected("counters_disagree", counted=accounting.rows_counted, parsed=accounting.rows_parsed)

    def _open(self) -> AbstractContextManager[GzipStream | BinaryIO]:
        return GzipStream(self._path) if self._is_compressed else self._path.open("rb")
