"""Rows to fix, in files of fixed width whose first line says how wide the fields are."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from expectations.contract.formats.fixed_width import FixedWidth
from spark_jobs.intake.formats.fixed_width.layout import layout_line
from spark_jobs.intake.formats.fixed_width.write import writing_lines
from spark_jobs.intake.formats.machinery.charset import GB18030_2022
from spark_jobs.intake.formats.machinery.exported import RowToFix, header_to_fix
from spark_jobs.intake.formats.machinery.json_text import JSON_ESCAPES
from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS, NOTATION, UNDERSCORE, escape_unfit

MAX_FILE_BYTES = 64 << 20
"""Of one file, unless a single row is larger: one long value widens its column in every line of its file alone."""

Fields = list[bytes]


def write_rows_to_fix(
    path_of: Callable[[int], Path], options: FixedWidth, sources: Sequence[str], rows: Iterable[RowToFix]
) -> list[Path]:
    """Write rows to fix, in as many files as MAX_FILE_BYTES asks for; memory is bounded by one.

    A column is as wide as the contract says, or as its longest value in the file; what a value may not hold stands in
    it as `_xHHHH_`, which decoding restores.
    """
    header = header_to_fix(sources)
    least = [max(options.fields.get(name, 1), 1) for name in header]
    paths: list[Path] = []
    for widths, lines in _parted(least, (_fields(options, row) for row in rows)):
        paths.append(path_of(len(paths) + 1))
        with writing_lines(paths[-1], options) as write:
            layout = layout_line(dict(zip(header, widths, strict=True)))
            write(layout.encode(options.encoding, JSON_ESCAPES) + b"\r\n")
            for fields in lines:
                write(_line(fields, widths, options.padding.encode()))
    return paths


def _parted(least: list[int], rows: Iterable[Fields]) -> Iterator[tuple[list[int], list[Fields]]]:
    """The rows of each file and how wide its fields are; without rows there is one file without any."""
    widths, held = least, list[Fields]()
    for fields in rows:
        wider = [max(width, len(field)) for width, field in zip(widths, fields, strict=True)]
        if held and sum(wider) * (len(held) + 1) > MAX_FILE_BYTES:
            yield widths, held
            wider = [max(width, len(field)) for width, field in zip(least, fields, strict=True)]
            held = []
        widths = wider
        held.append(fields)
    yield widths, held


def _fields(options: FixedWidth, row: RowToFix) -> Fields:
    unfit = unfit_for(options.encoding, options.padding)
    return [escape_unfit(cell or "", unfit).encode(options.encoding, NOTATION) for cell in row.cells()]


def _line(fields: Fields, widths: Sequence[int], padding: bytes) -> bytes:
    return b"".join(field.ljust(width, padding) for field, width in zip(fields, widths, strict=True)) + b"\r\n"


@cache
def unfit_for(encoding: str, padding: str) -> re.Pattern[str]:
    """What a value may not hold in such a file, but for characters that its charset lacks.

    Line breaks part records, control characters make a record a defect, padding at either end would be taken off, and
    U+FFFD says that a text was damaged before.
    """
    marks = "".join(map(chr, GB18030_2022)) if encoding in {"gbk", "gb18030"} else ""
    edge = re.escape(padding)
    return re.compile(rf"{UNDERSCORE}|\A{edge}|{edge}\Z|[\r\n{CONTROLS}\ufffd{marks}]")
