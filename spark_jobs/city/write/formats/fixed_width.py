"""Lines of fixed width, as an old system writes them: it cuts what is too wide, wherever the byte falls."""

from pathlib import Path

from expectations.contract.formats.fixed_width import FixedWidth
from spark_jobs.city.batch import Batch, LineFault
from spark_jobs.intake.formats.fixed_width.write import writing_lines

_LOST = 3
"""Bytes that a short line lacks."""


def write(batch: Batch, options: FixedWidth, path: Path) -> None:
    """Write the batch as the contract says, fields in the contract's order.

    Raises:
        UnicodeEncodeError: a value holds a character that the encoding lacks.
    """
    columns = [batch.columns[name].to_pylist() for name in options.fields]
    widths, padding = list(options.fields.values()), options.padding.encode()
    with writing_lines(path, options) as write_line:
        for number, row in enumerate(zip(*columns, strict=True)):
            fields = (
                value.encode(options.encoding)[:width].ljust(width, padding)
                for value, width in zip(row, widths, strict=True)
            )
            write_line(_ended(b"".join(fields), batch.faults.get(number)))


def first_row(options: FixedWidth) -> int:
    """There is no header."""
    return 1


def _ended(line: bytes, fault: LineFault | None) -> bytes:
    if fault == "crlf":
        return line + b"\r\n"
    return (line[:-_LOST] if fault else line) + b"\n"
