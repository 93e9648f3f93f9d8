"""Frames of HJ 212, of which some are damaged on the way."""

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from expectations.contract.formats.hj212 import Hj212
from spark_jobs.city.batch import Batch, LineFault
from spark_jobs.intake.formats.hj212.values import FACTOR
from spark_jobs.intake.formats.hj212.write import write_frames

_DAMAGES: dict[LineFault, Callable[[str], str]] = {
    "frame_crc": lambda line: line[:-4] + ("0000" if line[-4:] != "0000" else "FFFF"),
    "frame_length": lambda line: line[:-20],
    "frame_lower_crc": lambda line: line[:-4] + line[-4:].lower(),
}


def write(batch: Batch, options: Hj212, path: Path) -> None:
    """Write the batch, each frame with all its rows; a fault of a row is one of its frame."""
    header, columns = list(batch.columns), [texts.to_pylist() for texts in batch.columns.values()]
    rows = [dict(zip(header, row, strict=True)) for row in zip(*columns, strict=True)]
    write_frames(path, options, header, rows)
    if batch.faults:
        lines = path.read_text(options.encoding).split("\n")
        for frame, fault in _faulty(rows, batch.faults):
            lines[frame] = _DAMAGES[fault](lines[frame].rstrip("\r")) + "\r"
        path.write_text("\n".join(lines), options.encoding, newline="")


def first_row(options: Hj212) -> int:
    """There is no header."""
    return 1


def _faulty(rows: list[dict[str, str]], faults: dict[int, LineFault]) -> Iterator[tuple[int, LineFault]]:
    """Position of each frame with a fault: rows of one frame follow one another and agree in all but their factor."""
    start = 0
    has_factors = bool(rows) and FACTOR in rows[0]
    groups = (list(group) for _, group in groupby(rows, _of_frame)) if has_factors else ([row] for row in rows)
    for frame, group in enumerate(groups):
        end = start + len(group)
        yield from ((frame, faults[row]) for row in range(start, end) if row in faults)
        start = end


def _of_frame(row: dict[str, str]) -> list[str]:
    return [value for name, value in row.items() if not name.startswith("因子")]
