"""What a decoder owes us beside the rows: a count of its own, and where every byte went."""

from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

RangeKind = Literal["bom", "header", "records", "defective", "blank", "container", "mixed"]

MAX_RANGES = 10_000
"""Ranges that are told apart; what comes after is one, so that no file's pattern makes a receipt of any size."""


@dataclass(frozen=True)
class ByteRange:
    """Bytes `start` (inclusive) to `end` (exclusive) of the delivery, and what they are."""

    kind: RangeKind
    start: int
    end: int
    rows: int = 0


@dataclass
class Accounting:
    """Filled in while a decoder streams; complete once its batches are exhausted."""

    bytes: int = 0
    """Size of the delivery as received."""
    rows_counted: int = 0
    """Records by the tokenizer, independent of the parser that makes the batches."""
    rows_parsed: int = 0
    """Records in the batches, defective ones included."""
    ranges: list[ByteRange] = field(default_factory=list)
    """Partition of [0, bytes): no gap, no overlap. For compressed files and workbooks one `container` range."""
    stream_bytes: int | None = None
    """Size after decompression, where row offsets refer to that stream; None: they refer to the file."""
    stream_ranges: list[ByteRange] = field(default_factory=list)
    is_correction: bool = False
    """Rows to fix that came back: a part of an earlier delivery, so that bounds on a whole one say nothing of it."""
    notes: list[str] = field(default_factory=list)
    """In Chinese, for the receipt: BOM skipped, header cleaned, hidden rows counted, columns rescued, …"""

    def add(self, kind: RangeKind, start: int, end: int, rows: int = 0, *, to_stream: bool = False) -> None:
        """Append a range, merging it with its predecessor of the same kind, or of any once there are MAX_RANGES."""
        ranges = self.stream_ranges if to_stream else self.ranges
        if start == end:
            return
        last = ranges[-1] if ranges else None
        if last and last.end == start and last.kind == kind:
            ranges[-1] = ByteRange(kind, last.start, end, last.rows + rows)
        elif last and last.end == start and len(ranges) >= MAX_RANGES:
            if last.kind != "mixed":
                self.notes.append(f"字节区间超过 {MAX_RANGES} 段，其后合并为一段")
            ranges[-1] = ByteRange("mixed", last.start, end, last.rows + rows)
        else:
            ranges.append(ByteRange(kind, start, end, rows))


def uncovered_bytes(accounting: Accounting) -> list[tuple[int, int]]:
    """Gaps and overlaps of the byte ranges against the file; empty where they partition it exactly."""
    faults = _faults(accounting.ranges, accounting.bytes)
    if accounting.stream_bytes is not None:
        faults += _faults(accounting.stream_ranges, accounting.stream_bytes)
    return faults


def _faults(ranges: list[ByteRange], size: int) -> list[tuple[int, int]]:
    at, faults = 0, []
    for part in sorted(ranges, key=lambda part: part.start):
        if part.start != at:
            faults.append((at, part.start))
        at = part.end
    return faults if at == size else [*faults, (at, size)]


PROVENANCE: tuple[pa.Field, ...] = (
    pa.field("_row_number", pa.int64(), nullable=False),
    pa.field("_byte_offset", pa.int64()),
    pa.field("_byte_length", pa.int64()),
    pa.field("_defect", pa.string()),
    pa.field("_raw", pa.string()),
    pa.field("_rescued", pa.string()),
    pa.field("_corrects", pa.int64()),
)
"""Columns of every decoded batch after the contract's own.

`_row_number`: as a spreadsheet shows it, the header being row 1. `_byte_offset`, `_byte_length`: where the record is in
the file (in the decompressed stream of a gzip; null for workbooks). `_defect`: a code of
row_breaches.yml where the record could not be parted into its fields, with its text in `_raw`; else null.
`_rescued`: JSON object of values in columns that the contract doesn't know, where it says `rescue`.
`_corrects`: of a row to fix that came back, the row number that it was given out with; else null.
"""


def batch_schema(names: tuple[str, ...]) -> pa.Schema:
    """Schema of decoded batches: the contract's columns as strings, then PROVENANCE."""
    return pa.schema([*(pa.field(name, pa.string()) for name in names), *PROVENANCE])
