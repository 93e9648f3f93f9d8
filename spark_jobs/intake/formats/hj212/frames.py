"""The frames of a file of HJ 212 messages: where each stands, whether it is whole, and how many rows it makes."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from expectations.contract.formats.hj212 import Hj212
from spark_jobs.intake.formats.hj212.crc import crcs
from spark_jobs.intake.formats.machinery.chunk import Chunk

_BEGINS = re.compile(rb"##(?=[0-9]{4})")
_BEFORE, _AFTER = 6, 4
"""Bytes of a frame before its data segment, `##` and the length, and after it, the CRC."""
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{4}")
_COMMAND = re.compile(rb"(?:^|;)CN=([^;]*)")
_FACTOR = re.compile(rb"(?:CP=&&|[;,])([^-=;,&]+)-[^-=;,&]+=")


class Frame(NamedTuple):
    """What stands where a frame should; places are those of a chunk's text."""

    start: int
    end: int
    defect: str | None
    """`frame_malformed`, `frame_length` or `frame_crc`: what follows from it is not known."""
    rows: int
    """That it makes; none of a command that carries no data."""


def frames(chunk: Chunk, options: Hj212) -> Iterator[list[Frame]]:
    """What stands on each line, in order: usually one frame; nothing on a blank line."""
    text = bytes(chunk.text)
    lines = [
        list(_parts(text, start, end))
        for start, end in zip(chunk.records.starts.tolist(), chunk.records.ends.tolist(), strict=True)
    ]
    parts = [part for line in lines for part in line]
    checks = iter(crcs(text, [start + _BEFORE for start, _ in parts], [_segment_end(*part) for part in parts]))
    for line in lines:
        yield [_frame(text, start, end, next(checks), options) for start, end in line]


def segment(text: bytes, frame: Frame) -> bytes:
    """The data segment."""
    return text[frame.start + _BEFORE : frame.end - _AFTER]


def _parts(text: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line, parted where further frames begin in it, as after a lost line break."""
    if start == end:
        return
    starts = [found.start() for found in _BEGINS.finditer(text, start, end)]
    edges = sorted({start, *starts, end})
    yield from zip(edges, edges[1:], strict=False)


def _segment_end(start: int, end: int) -> int:
    return max(end - _AFTER, start + _BEFORE)


def _frame(text: bytes, start: int, end: int, check: int, options: Hj212) -> Frame:
    defect = _defect(text, start, end, check)
    rows = 1 if defect else _rows(text[start + _BEFORE : end - _AFTER], options)
    return Frame(start, end, defect, rows)


def _defect(text: bytes, start: int, end: int, check: int) -> str | None:
    if not _BEGINS.match(text, start, end):
        return "frame_malformed"
    if int(text[start + 2 : start + _BEFORE]) != end - start - _BEFORE - _AFTER:
        return "frame_length"
    given = text[end - _AFTER : end]
    return None if _HEXADECIMAL.fullmatch(given) and int(given, 16) == check else "frame_crc"


def _rows(data: bytes, options: Hj212) -> int:
    """Rows by our own count: factors by their names before `-`."""
    command = _COMMAND.search(data)
    if command and command[1].decode("latin-1") not in options.commands:
        return 0
    return max(1, len(set(_FACTOR.findall(data)))) if options.rows == "factor" else 1
