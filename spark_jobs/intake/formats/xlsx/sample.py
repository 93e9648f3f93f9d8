"""Rows laid out as a contract's worksheets have them: headers of several rows, a worksheet each, blocks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from expectations.contract.formats.xlsx import Xlsx
from spark_jobs.intake.formats.xlsx.package import SheetXml, write_worksheets
from spark_jobs.intake.formats.xlsx.references import column_letters
from spark_jobs.intake.formats.xlsx.write import row_xml

Row = Mapping[str, str]
Line = list[str | None]


def write_sample(path: Path, options: Xlsx, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows, all cells as texts.

    Raises:
        ValueError: rows of a worksheet do not follow one another, or a column's name has more parts than the header
            has rows.
    """
    columns = [name for name in header if name != options.sheet_column]
    head, merged = _header(columns, options)
    sheets: dict[str, SheetXml] = {}
    for name, group in _by_sheet(options, rows):
        if name in sheets:
            raise ValueError(f"rows of the worksheet {name} do not follow one another")
        sheets[name] = _sheet(options, merged, [*head, *_lines(columns, options, group)])
    # A template keeps the worksheets that have nothing to say.
    empty = {name: _sheet(options, merged, head) for name in _names(options) if name not in sheets}
    write_worksheets(path, sheets | empty or {_name(options): _sheet(options, merged, head)})


def _sheet(options: Xlsx, merged: list[str], lines: Iterable[Line]) -> SheetXml:
    return SheetXml([row_xml(number, line) for number, line in enumerate(lines, options.header_row)], merged)


def _names(options: Xlsx) -> tuple[str, ...]:
    return options.sheets if isinstance(options.sheets, tuple) else ()


def _name(options: Xlsx) -> str:
    return options.sheet or next(iter(_names(options)), "Sheet1")


def _by_sheet(options: Xlsx, rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    column = options.sheet_column
    for name, group in groupby(rows, lambda row: row[column] if column else _name(options)):
        yield name, list(group)


def _header(columns: Sequence[str], options: Xlsx) -> tuple[list[Line], list[str]]:
    """The header's lines, and what is merged in them: a text across what it stands above, or down to the last line."""
    count = options.header_rows
    parts = [name.split("/") if count > 1 else [name] for name in columns]
    if max(map(len, parts), default=0) > count:
        raise ValueError(f"a column's name has more parts than the header has rows: {count}")
    lines: list[Line] = [[None] * len(columns) for _ in range(count)]
    merged: list[str] = []
    for level in range(count):
        row = options.header_row + level
        for first, last in _runs(parts, level):
            lines[level][first] = parts[first][level]
            last_row = options.last_header_row if len(parts[first]) == level + 1 else row
            if last > first or last_row > row:
                merged.append(f"{column_letters(first + 1)}{row}:{column_letters(last + 1)}{last_row}")
    return lines, merged


def _runs(parts: Sequence[Sequence[str]], level: int) -> Iterator[tuple[int, int]]:
    """First and last of neighbouring columns that have one text at that level, and the same above it."""
    alike = [(tuple(each[: level + 1]), len(each)) for each in parts]
    for (_, length), group in groupby(range(len(parts)), alike.__getitem__):
        places = list(group)
        if length > level:
            yield places[0], places[-1]


def _lines(columns: Sequence[str], options: Xlsx, rows: Iterable[Row]) -> Iterator[Line]:
    blocks = options.blocks
    shared = [] if blocks is None else [name for name in blocks.columns if name in columns]
    if blocks is None or not shared:
        for row in rows:
            yield [row[name] for name in columns]
        return
    for _, group in groupby(rows, lambda row: [row[name] for name in shared]):
        members = list(group)
        head: Line = [members[0][name] if name in shared else None for name in columns]
        lines = [[None if name in shared else row[name] or None for name in columns] for row in members]
        if blocks.head == "row":
            yield [shared_text or own for shared_text, own in zip(head, lines[0], strict=True)]
            yield from lines[1:]
        else:
            yield head
            yield from (line for line in lines if any(line))
