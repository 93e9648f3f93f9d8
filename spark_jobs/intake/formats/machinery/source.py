"""A text file opened for decoding: sniffed, decompressed where declared, its byte order mark measured."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from expectations.contract.format_options import Encoding, PackedOptions
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.machinery.charset import Charset, charset_of
from spark_jobs.intake.formats.machinery.gzip_stream import GzipStream
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES, Fits, is_text, refuse_foreign_content
from spark_jobs.intake.formats.machinery.utf8_stream import Utf8Stream


class Source:
    """The stream of one file, and where its bytes went.

    Args:
        path: the file.
        options: whether it is compressed.
        accounting: that is filled in.
        encoding: of the text.
        fits: whether what begins so may be text of this format.

    Raises:
        DeliveryRejected: `content_mismatch`, `compression_damaged`, `encoding_invalid`.
    """

    def __init__(
        self, path: Path, options: PackedOptions, accounting: Accounting, encoding: Encoding, fits: Fits = is_text
    ) -> None:
        self._path = path
        self._accounting = accounting
        self._is_compressed = is_compressed(path, options)
        self._counts_stream = self._is_compressed
        self._end = 0
        head = head_of(path, options)
        refuse_foreign_content(head, options.format, fits)
        self.charset: Charset = charset_of(head, encoding)
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

    @contextmanager
    def open_in_utf8(self) -> Iterator[tuple[Utf8Stream, int]]:
        """The text in UTF-8 after its byte order mark, and the place in bytes where it begins.

        Of any other charset places are counted in the text in UTF-8, which has no byte order mark.
        """
        with self._open() as stream:
            bom = stream.read(self.charset.bom_length)
            if self.charset.codec == "utf-8":
                self.account("bom", 0, len(bom))
            else:
                self._counts_stream = self._accounting.bytes > 0
            yield Utf8Stream(stream, self.charset), self._end

    def account(self, kind: RangeKind, start: int, end: int, rows: int = 0) -> None:
        """Say what the next bytes of the stream are."""
        self._accounting.add(kind, start, end, rows, to_stream=self._counts_stream)
        self._end = end

    def finish(self) -> None:
        """Close the books of a stream that was read to its end.

        Raises:
            DeliveryRejected: `counters_disagree`.
        """
        accounting = self._accounting
        if self._counts_stream:
            accounting.stream_bytes = self._end
            accounting.add("container", 0, accounting.bytes, accounting.rows_counted)
        if accounting.rows_counted != accounting.rows_parsed:
            raise DeliveryRejected("counters_disagree", counted=accounting.rows_counted, parsed=accounting.rows_parsed)

    def _open(self) -> AbstractContextManager[GzipStream | BinaryIO]:
        return GzipStream(self._path) if self._is_compressed else self._path.open("rb")


def is_compressed(path: Path, options: PackedOptions) -> bool:
    """The file has to be unpacked; an empty one has nothing to unpack."""
    return options.compression is not None and path.stat().st_size > 0


def head_of(path: Path, options: PackedOptions) -> bytes:
    """The first HEAD_BYTES bytes of what is in the file.

    Raises:
        DeliveryRejected: `compression_damaged`.
    """
    opened = GzipStream(path) if is_compressed(path, options) else path.open("rb")
    with opened as stream:
        return stream.read(HEAD_BYTES)
