"""A file of HJ 212 frames: damaged ones are defects, late and repeated ones are rows like others."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats.hj212 import Hj212
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.csv.to_fix import begins_as_corrections
from spark_jobs.intake.formats.hj212.frames import Frame, frames
from spark_jobs.intake.formats.hj212.values import VERSION, rows_of
from spark_jobs.intake.formats.machinery.charset import UndecodedLines
from spark_jobs.intake.formats.machinery.chunk import CHUNK_BYTES, Chunk, Dialect, chunks
from spark_jobs.intake.formats.machinery.named_values import NamedValues, NotARecordError
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.source import Source

_LINES = Dialect(delimiter=0x0A, quoted=False)


class Hj212Decoder:
    """Decodes one file of frames; rows are numbered from 1, those of one frame have its place.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, options: Hj212, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._options = options
        self._chunk_bytes = chunk_bytes
        self._source = Source(path, options, self.accounting, options.encoding, may_be_frames)
        self._values = NamedValues(contract)
        self._rows = RowBuilder(contract)
        self._wants_version = VERSION in {*(column.source for column in contract.columns), *contract.ignore}
        self._others = 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows of the file's frames, damaged frames marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        with self._source.open() as stream:
            undecoded = UndecodedLines.of(self._source.charset)
            for chunk in chunks(stream, undecoded, _LINES, self._chunk_bytes):
                yield from self._decode(chunk)
        if len(self._rows):
            yield self._take()
        self._values.finish(self.accounting)
        if self._others:
            self.accounting.notes.append(f"不含监测数据的报文（心跳、应答等）{self._others} 帧，已计数，未作为数据")
        if not self.accounting.rows_counted:
            self.accounting.notes.append("文件没有记录")
        self._source.finish()

    def _decode(self, chunk: Chunk) -> Iterator[pa.RecordBatch]:
        ends = chunk.raw_nexts.tolist()
        end = chunk.offset
        for line, found in enumerate(frames(chunk, self._options)):
            for number, frame in enumerate(found):
                is_last = number == len(found) - 1
                kind = self._add(chunk, frame)
                frame_end = ends[line] if is_last else chunk.offset + frame.end
                self._source.account(kind, end, frame_end, frame.rows)
                end = frame_end
            if not found:
                self._source.account("blank", end, ends[line])
                end = ends[line]
            if self._rows.is_full:
                yield self._take()

    def _add(self, chunk: Chunk, frame: Frame) -> RangeKind:
        """Add the rows of a frame; says what it is."""
        if not frame.rows:
            self._others += 1
            return "container"
        defects, first = self._rows.defects, self.accounting.rows_counted + 1
        self.accounting.rows_counted += frame.rows
        places = [
            Place(number, chunk.offset + frame.start, frame.end - frame.start)
            for number in range(first, first + frame.rows)
        ]
        raw = bytes(chunk.text[frame.start : frame.end])
        text, is_text = self._text(raw)
        try:
            if frame.defect or not is_text:
                raise NotARecordError
            rows = rows_of(text[6:-4], self._options, self._wants_version)
        except NotARecordError:
            for place in places:
                self._rows.add_defect(place, frame.defect or "frame_malformed", text)
            return "defective"
        for place, row in zip(places, rows, strict=False):
            self._values.add(row, text, place, self._rows, may_be_unfit=True)
        return "records" if self._rows.defects == defects else "defective"

    def _text(self, raw: bytes) -> tuple[str, bool]:
        """A frame's text; bytes that are none as escapes, and that there are such."""
        codec = self._source.charset.codec
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            return raw.decode(codec, "backslashreplace").replace("\ufffd", "\\ufffd"), False
        return text.replace("\ufffd", "\\ufffd"), "\ufffd" not in text

    def _take(self) -> pa.RecordBatch:
        batch = self._rows.take()
        self.accounting.rows_parsed += batch.num_rows
        return batch


def may_be_frames(head: bytes, kind: str | None) -> bool:
    """It has a frame's beginning, or that of rows to fix, or is blank."""
    return kind is None and (b"##" in head or begins_as_corrections(head) or not head.strip(b"\xef\xbb\xbf \r\n"))
