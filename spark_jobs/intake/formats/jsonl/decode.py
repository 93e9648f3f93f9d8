"""One flat JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats.jsonl import JsonLines
from spark_jobs.intake.accounting import Accounting, RangeKind
from spark_jobs.intake.formats.machinery.chunk import CHUNK_BYTES, Chunk, Dialect, chunks
from spark_jobs.intake.formats.machinery.json_objects import JsonObjects
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.source import Source

_LINES = Dialect(delimiter=0x0A, quoted=False)


class JsonLinesDecoder:
    """Decodes one file of JSON lines; the row number is the line's. Memory is bounded by a few chunks.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, decoding: JsonLines, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._source = Source(path, decoding, self.accounting, decoding.encoding)
        self._objects = JsonObjects(contract)
        self._rows = RowBuilder(contract)
        self._chunk_bytes = chunk_bytes

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The file's records; a line that is not a flat object is marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        with self._source.open() as stream:
            for chunk in chunks(stream, self._source.charset, _LINES, self._chunk_bytes):
                yield from self._decode(chunk)
        if len(self._rows):
            yield self._take()
        self._objects.finish(self.accounting)
        self._source.finish()
        if not self.accounting.rows_counted:
            self.accounting.notes.append("文件没有记录")

    def _decode(self, chunk: Chunk) -> Iterator[pa.RecordBatch]:
        starts, ends, nexts = chunk.raw_starts.tolist(), chunk.raw_ends.tolist(), chunk.raw_nexts.tolist()
        self.accounting.rows_counted += _lines_with_text(chunk)
        for line, row_number in enumerate(chunk.row_numbers.tolist()):
            kind = self._parse(chunk.text_of(line), Place(row_number, starts[line], ends[line] - starts[line]))
            self._source.account(kind, starts[line], nexts[line], 0 if kind == "blank" else 1)
            if self._rows.is_full:
                yield self._take()

    def _parse(self, text: str, place: Place) -> RangeKind:
        if not text.strip(" \t\r"):
            return "blank"
        defects = self._rows.defects
        try:
            self._objects.add(text, place, self._rows)
        except json.JSONDecodeError:
            self._rows.add_defect(place, "malformed_record", text)
        return "records" if self._rows.defects == defects else "defective"

    def _take(self) -> pa.RecordBatch:
        batch = self._rows.take()
        self.accounting.rows_parsed += batch.num_rows
        return batch


def _lines_with_text(chunk: Chunk) -> int:
    """How many lines hold more than white space, from the bytes alone."""
    codes = np.frombuffer(chunk.text, np.uint8)
    is_text = (codes != 0x20) & (codes != 0x09) & (codes != 0x0D) & (codes != 0x0A)
    return int(np.count_nonzero(np.logical_or.reduceat(is_text, chunk.records.starts)))
