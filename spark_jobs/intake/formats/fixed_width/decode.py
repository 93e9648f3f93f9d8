"""Lines of fixed width: counted by their line breaks, their fields cut out of the bytes of whole columns."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.contract.feed import FeedContract
from expectations.contract.formats.fixed_width import FixedWidth
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.fixed_width.fields import (
    Lines,
    begins_a_character,
    encoding_invalid,
    lines_of_width,
)
from spark_jobs.intake.formats.fixed_width.layout import MARK, Layout, layout_of_contract, layout_of_line
from spark_jobs.intake.formats.machinery.batch import defective_batch, regular_batch
from spark_jobs.intake.formats.machinery.charset import UndecodedLines
from spark_jobs.intake.formats.machinery.chunk import CHUNK_BYTES, Chunk, Dialect, chunks
from spark_jobs.intake.formats.machinery.source import Source

_LINES = Dialect(delimiter=0x0A, quoted=False)
_HEADER, _BLANK, _REGULAR, _DEFECTIVE = range(4)
_RANGE_KINDS: tuple[RangeKind, ...] = ("header", "blank", "records", "defective")


class FixedWidthDecoder:
    """Decodes one file of fixed width; the row number is the line's. Memory is bounded by a few chunks.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(
        self, path: Path, contract: FeedContract, decoding: FixedWidth, chunk_bytes: int = CHUNK_BYTES
    ) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._contract = contract
        self._decoding = decoding
        self._chunk_bytes = chunk_bytes
        self._layout: Layout | None = None
        self._source = Source(path, decoding, self.accounting, decoding.encoding)
        self._charset = self._source.charset
        self._undecoded = UndecodedLines.of(self._charset)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The file's records; a line of another length, or with a character cut in two, is marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        with self._source.open() as stream:
            for chunk in chunks(stream, self._undecoded, _LINES, self._chunk_bytes):
                yield from self._decode(chunk)
        self._source.finish()
        if not self.accounting.rows_counted:
            self.accounting.notes.append("文件没有记录")

    def _decode(self, chunk: Chunk) -> Iterator[pa.RecordBatch]:
        states_layout = self._layout is None and _raw_of(chunk, 0).startswith(MARK.encode(self._charset.codec))
        layout = self._layout = self._layout or self._read_layout(chunk, states_layout)
        kinds = np.where(chunk.records.ends > chunk.records.starts, _DEFECTIVE, _BLANK).astype(np.int8)
        if states_layout:
            kinds[0] = _HEADER
        self.accounting.rows_counted += int((kinds == _DEFECTIVE).sum())
        lines = self._lines(chunk, kinds, layout)
        self._account(chunk, kinds)
        for batch in (self._regular(chunk, kinds, layout, lines), self._defective(chunk, kinds, layout)):
            if batch.num_rows:
                self.accounting.rows_parsed += batch.num_rows
                yield batch

    def _read_layout(self, chunk: Chunk, states_layout: bool) -> Layout:
        notes = self.accounting.notes
        self.accounting.is_correction = states_layout
        if states_layout:
            line = str(self._charset.to_utf8(_raw_of(chunk, 0), chunk.offset), "utf-8")
            return layout_of_line(line, self._contract, notes)
        return layout_of_contract(self._contract, self._decoding, notes)

    def _lines(self, chunk: Chunk, kinds: NDArray[np.int8], layout: Layout) -> Lines:
        """The lines that are right, which are marked as regular."""
        has_length = (kinds == _DEFECTIVE) & (chunk.raw_ends - chunk.raw_starts == layout.line)
        rows = np.flatnonzero(has_length)
        lines = lines_of_width(chunk.text, chunk.records.starts[rows], chunk.offset, layout.line, self._charset)
        is_right = ~lines.cut_by(layout.edges) & ~chunk.records.has_control[rows]
        kinds[rows[is_right]] = _REGULAR
        return lines.where(is_right)

    def _account(self, chunk: Chunk, kinds: NDArray[np.int8]) -> None:
        starts = np.concatenate(([0], np.flatnonzero(np.diff(kinds)) + 1, [len(kinds)])).tolist()
        for first, after in zip(starts, starts[1:], strict=False):
            kind = kinds[first]
            rows = after - first if kind in {_REGULAR, _DEFECTIVE} else 0
            self._source.account(
                _RANGE_KINDS[kind], int(chunk.raw_starts[first]), int(chunk.raw_nexts[after - 1]), rows
            )

    def _regular(self, chunk: Chunk, kinds: NDArray[np.int8], layout: Layout, lines: Lines) -> pa.RecordBatch:
        is_regular = kinds == _REGULAR
        count = int(is_regular.sum())
        values = [lines.texts(start, end, self._decoding.padding) for start, end in layout.edges]
        parsed = {len(array) for array in values}
        if parsed != {count}:
            raise DeliveryRejected("counters_disagree", counted=count, parsed=max(parsed))
        provenance = {
            "_row_number": pa.array(chunk.row_numbers[is_regular]),
            "_byte_offset": pa.array(chunk.raw_starts[is_regular]),
            "_byte_length": pa.array((chunk.raw_ends - chunk.raw_starts)[is_regular]),
        }
        return regular_batch(self._contract, layout.header, values, provenance)

    def _defective(self, chunk: Chunk, kinds: NDArray[np.int8], layout: Layout) -> pa.RecordBatch:
        rows = np.flatnonzero(kinds == _DEFECTIVE)
        lengths = (chunk.raw_ends - chunk.raw_starts)[rows]
        numbered = list(zip(rows.tolist(), lengths.tolist(), strict=True))
        return defective_batch(
            self._contract,
            {
                "_row_number": chunk.row_numbers[rows],
                "_byte_offset": chunk.raw_starts[rows],
                "_byte_length": lengths,
                "_defect": [_defect(bool(chunk.records.has_control[row]), n - layout.line) for row, n in numbered],
                "_raw": [self._text_of(chunk, row, n == layout.line) for row, n in numbered],
            },
        )

    def _text_of(self, chunk: Chunk, row: int, has_length: bool) -> str:
        """The text of a line, the bytes of half a character as escapes: at its end; at any edge, if it has the length.

        Raises:
            DeliveryRejected: `encoding_invalid`: bytes that are no character, or a U+FFFD.
        """
        raw, charset, start = _raw_of(chunk, row), self._charset, int(chunk.raw_starts[row])
        try:
            return str(charset.to_utf8(raw, start), "utf-8")
        except DeliveryRejected as rejected:
            at = int(str(rejected.details["offset"])) - start
            if not has_length and not begins_a_character(raw[at:], charset):
                raise
        text = raw.decode(charset.codec, "backslashreplace")
        if "\ufffd" in text:
            raise encoding_invalid(charset, start + raw.index("\ufffd".encode(charset.codec)))
        return text


def _raw_of(chunk: Chunk, row: int) -> bytes:
    """The bytes of a line."""
    return bytes(chunk.text[int(chunk.records.starts[row]) : int(chunk.records.ends[row])])


def _defect(has_control: bool, surplus: int) -> str:
    """Why a line is defective, the deepest reason first; one of the right length has a character cut in two."""
    if has_control:
        return "control_character"
    if surplus:
        return "too_few_fields" if surplus < 0 else "too_many_fields"
    return "malformed_record"
