"""Delimited text: tokenised for the count and the byte ranges, parsed by PyArrow for the values."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from expectations.contract.feed import FeedContract
from expectations.contract.formats.csv import Csv
from expectations.rejections import DeliveryRejected
from spark_jobs.base.errors import without_values
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.machinery.batch import defective_batch, regular_batch
from spark_jobs.intake.formats.machinery.charset import Bytes, Positions
from spark_jobs.intake.formats.machinery.chunk import CHUNK_BYTES, Chunk, Dialect, chunks
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS, Header, read_header
from spark_jobs.intake.formats.machinery.record_text import split_fields
from spark_jobs.intake.formats.machinery.source import Source

_HEADER, _BLANK, _REGULAR, _DEFECTIVE = range(4)
_RANGE_KINDS: tuple[RangeKind, ...] = ("header", "blank", "records", "defective")
_UTF8_BOM = b"\xef\xbb\xbf"


class DelimitedDecoder:
    """Decodes one delimited file; memory is bounded by a few chunks, whatever the file's size.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, decoding: Csv, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._contract = contract
        self._decoding = decoding
        self._chunk_bytes = chunk_bytes
        self._dialect = Dialect(ord(decoding.delimiter), decoding.quote is not None)
        self._header: Header | None = None
        self._has_begun = False
        """A line has been read that is not blank."""
        self._source = Source(path, decoding, self.accounting, decoding.encoding)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The file's records, those that could not be parted into fields marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        with self._source.open() as stream:
            for chunk in chunks(stream, self._source.charset, self._dialect, self._chunk_bytes):
                yield from self._decode(chunk)
        self._source.finish()
        accounting = self.accounting
        if self._header is None and accounting.bytes:
            accounting.notes.append("文件没有任何内容行")
        elif self._header and not accounting.rows_counted:
            accounting.notes.append("文件只有表头，没有数据行")

    def _decode(self, chunk: Chunk) -> Iterator[pa.RecordBatch]:
        above = 0 if self._header else self._read_header(chunk)
        kinds = _kinds(chunk, len(self._header.columns) if self._header else 0)
        kinds[:above][kinds[:above] != _BLANK] = _HEADER
        self._account(chunk, kinds)
        if self._header is None:
            return
        for batch in (self._regular(chunk, kinds, self._header), self._defective(chunk, kinds, self._header)):
            if batch is not None:
                self.accounting.rows_parsed += batch.num_rows
                yield batch

    def _read_header(self, chunk: Chunk) -> int:
        """Read the header, if it is in the chunk; how many of the chunk's lines are no records: it and those above it.

        Rows to fix come back without what stands above the header.

        Raises:
            DeliveryRejected: `line_ends`, or as `read_header` raises.
        """
        lines = np.flatnonzero(chunk.records.ends > chunk.records.starts)
        if not len(lines):
            return len(chunk)
        if chunk.records.has_control[lines[0]] and "\r" in chunk.text_of(int(lines[0])):
            raise DeliveryRejected("line_ends")
        at = self._header_line(chunk, lines)
        if at is None:
            return len(chunk)
        self._header = read_header(self._cells(chunk, at), self._contract, self.accounting.notes)
        self.accounting.is_correction = self._header.was_exported_by_us
        return at + 1

    def _header_line(self, chunk: Chunk, lines: Positions) -> int | None:
        """Which of the lines with text is the header; None: none of this chunk."""
        has_begun, self._has_begun = self._has_begun, True
        if not has_begun and self._cells(chunk, int(lines[0]))[0] == FIX_COLUMNS[0]:
            return int(lines[0])
        from_there = lines[chunk.line + lines + 1 >= self._decoding.header_row]
        return int(from_there[0]) if len(from_there) else None

    def _cells(self, chunk: Chunk, line: int) -> list[str]:
        return split_fields(chunk.text_of(line), self._decoding.delimiter, self._dialect.quoted)

    def _account(self, chunk: Chunk, kinds: NDArray[np.int8]) -> None:
        starts = np.concatenate(([0], np.flatnonzero(np.diff(kinds)) + 1, [len(kinds)])).tolist()
        for first, after in zip(starts, starts[1:], strict=False):
            kind = kinds[first]
            rows = after - first if kind in {_REGULAR, _DEFECTIVE} else 0
            self.accounting.rows_counted += rows
            self._source.account(
                _RANGE_KINDS[kind], int(chunk.raw_starts[first]), int(chunk.raw_nexts[after - 1]), rows
            )

    def _regular(self, chunk: Chunk, kinds: NDArray[np.int8], header: Header) -> pa.RecordBatch | None:
        is_regular = kinds == _REGULAR
        count = int(is_regular.sum())
        if not count:
            return None
        values = self._parse(_cut_out(chunk, is_regular), count, len(header.columns))
        provenance = {
            "_row_number": pa.array(chunk.row_numbers[is_regular]),
            "_byte_offset": pa.array(chunk.raw_starts[is_regular]),
            "_byte_length": pa.array((chunk.raw_ends - chunk.raw_starts)[is_regular]),
        }
        return regular_batch(self._contract, header, values, provenance)

    def _parse(self, text: Bytes, count: int, width: int) -> list[pa.Array]:
        """The values of `count` regular records, an array per source column."""
        names = [str(position) for position in range(width)]
        if text[:3] == _UTF8_BOM:  # PyArrow drops one, though here it is data
            text = _UTF8_BOM + bytes(text)
        try:
            table = pa_csv.read_csv(
                pa.py_buffer(text),
                read_options=pa_csv.ReadOptions(column_names=names, block_size=len(text) + 1),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self._decoding.delimiter,
                    quote_char=self._decoding.quote or False,
                    newlines_in_values=self._dialect.quoted,
                    ignore_empty_lines=False,
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
                ),
            ).combine_chunks()
        except pa.ArrowInvalid as error:
            raise _disagreement(count, without_values(error)) from error
        if table.num_rows != count:
            raise _disagreement(count, table.num_rows)
        return [column.chunk(0) for column in table.columns]

    def _defective(self, chunk: Chunk, kinds: NDArray[np.int8], header: Header) -> pa.RecordBatch | None:
        rows = np.flatnonzero(kinds == _DEFECTIVE)
        if not len(rows):
            return None
        return defective_batch(
            self._contract,
            {
                "_row_number": chunk.row_numbers[rows],
                "_byte_offset": chunk.raw_starts[rows],
                "_byte_length": (chunk.raw_ends - chunk.raw_starts)[rows],
                "_defect": [_defect(chunk, row, len(header.columns)) for row in rows.tolist()],
                "_raw": [chunk.text_of(row) for row in rows.tolist()],
            },
        )


def _kinds(chunk: Chunk, width: int) -> NDArray[np.int8]:
    records = chunk.records
    kinds = np.full(len(chunk), _REGULAR, np.int8)
    kinds[(records.fields != width) | records.has_control | records.has_misplaced_quote] = _DEFECTIVE
    kinds[records.ends == records.starts] = _BLANK
    return kinds


def _defect(chunk: Chunk, row: int, width: int) -> str:
    """Why a record is defective, the deepest reason first: control characters and quotes shift fields."""
    if chunk.records.has_control[row]:
        return "control_character"
    if chunk.records.has_misplaced_quote[row]:
        return "misplaced_quote"
    return "too_few_fields" if chunk.records.fields[row] < width else "too_many_fields"


def _cut_out(chunk: Chunk, wanted: NDArray[np.bool_]) -> Bytes:
    """The text of the wanted records alone."""
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
    text = memoryview(chunk.text)
    parts = [
        text[int(chunk.records.starts[first]) : int(chunk.records.nexts[after - 1])]
        for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _disagreement(counted: int, parsed: object) -> DeliveryRejected:
    return DeliveryRejected("counters_disagree", counted=counted, parsed=parsed)
