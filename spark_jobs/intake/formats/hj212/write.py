"""Files of HJ 212 frames, written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from expectations.contract.formats.hj212 import Hj212
from spark_jobs.intake.formats.hj212.crc import crc
from spark_jobs.intake.formats.hj212.values import CARRIED, FACTOR, VERSION
from spark_jobs.intake.formats.machinery.text_file import writing

MAX_SEGMENT = 9_999
"""Bytes that four digits can say."""
_PARTS = re.compile(r"[;,=&\r\n]|##")

Row = Mapping[str, str]


def write_frames(path: Path, options: Hj212, header: list[str], rows: Iterable[Row]) -> None:
    """Write frames; rows that follow one another and differ in their factor alone are one frame.

    Raises:
        ValueError: a value has what parts fields, or a frame is too long.
        UnicodeEncodeError: a value holds a character that the encoding lacks.
    """
    with writing(path, options.encoding, compressed=options.compression is not None) as text:
        for data in _segments(options, header, rows):
            text.write(frame(data, options.encoding) + "\r\n")


def frame(data: str, encoding: str = "utf-8") -> str:
    """The frame of a data segment.

    Raises:
        ValueError: it is too long.
    """
    raw = data.encode(encoding)
    if len(raw) > MAX_SEGMENT:
        raise ValueError(f"a data segment of {len(raw)} bytes does not fit a frame")
    return f"##{len(raw):04d}{data}{crc(raw):04X}"


def _segments(options: Hj212, header: list[str], rows: Iterable[Row]) -> Iterator[str]:
    common = [name for name in header if not _is_of_factor(name, options) and name != VERSION]
    fields = [name for name in header if _is_of_factor(name, options)]
    alike = groupby(rows, lambda row: [row[name] for name in common]) if FACTOR in header else ((0, [r]) for r in rows)
    for _, group in alike:
        members = list(group)
        yield _segment(members[0], common, [_factor(row, fields, options) for row in members])


def _is_of_factor(name: str, options: Hj212) -> bool:
    return "-" in name if options.rows == "frame" else name.partition("-")[0] == FACTOR


def _segment(row: Row, common: list[str], factors: list[str]) -> str:
    before = f"{CARRIED}."
    head = [f"{name}={_value(row[name])};" for name in common if not name.startswith(before)]
    carried = [f"{name.removeprefix(before)}={_value(row[name])}" for name in common if name.startswith(before)]
    return f"{''.join(head)}{CARRIED}=&&{';'.join([*carried, *filter(None, factors)])}&&"


def _factor(row: Row, fields: list[str], options: Hj212) -> str:
    if options.rows == "frame":
        return ";".join(f"{name}={_value(row[name])}" for name in fields if row[name])
    code = row.get(FACTOR, "")
    return ",".join(
        f"{code}-{name.partition('-')[2]}={_value(row[name])}"
        for name in fields
        if name != FACTOR and row[name] and code
    )


def _value(text: str) -> str:
    if _PARTS.search(text):
        raise ValueError("a value of a frame holds a mark that parts fields")
    return text
