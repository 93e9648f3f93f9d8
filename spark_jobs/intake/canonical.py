"""Rows that a channel read, written in the canonical form: see expectations/contract/canonical.py."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.named_values import MAX_VALUE_CHARACTERS

Row = dict[str, str | None]
"""Source column -> text, None where the source has no value."""
Record = Row | str
"""A row; or the JSON text of what a source gave in the place of one, on one line, which is a defect there."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ESCAPING = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_BYTES = 12
"""Of a character in the canonical form: two escapes."""


def write_rows(rows: Iterable[Record], to: Path) -> str:
    """Write rows one by one, as `fitting` makes them; returns the SHA-256 of the file in hex.

    Args:
        rows: the rows.
        to: a local file, made anew.
    """
    digest = hashlib.sha256()
    with to.open("wb") as file:
        for row in rows:
            line = _line(fitting(row))
            digest.update(line)
            file.write(line)
    return digest.hexdigest()


def read_rows(path: Path) -> Iterator[Record]:
    """The rows of a file that `write_rows` made."""
    with path.open("rb") as file:
        for line in file:
            yield read_record(line.decode("utf-8", "surrogateescape").rstrip("\n"))


def read_record(text: str) -> Record:
    """The row that a line of the canonical form holds; the text itself where it holds none."""
    try:
        found = json.loads(text, object_pairs_hook=_Unique)
    except (ValueError, RecursionError):
        return text
    is_row = isinstance(found, _Unique) and found.is_unique and all(_is_text(value) for value in found.values())
    return dict(found) if is_row else text


class _Unique(dict[str, Any]):
    """An object, and whether each of its keys stands there once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.is_unique = len(self) == len(pairs)


def one_line(text: str) -> str:
    """A JSON text on one line: it has white space between its tokens alone, and escapes for what UTF-8 has not."""
    line = text.replace("\n", " ").replace("\r", " ").replace("\ufffd", "\\ufffd")
    return _SURROGATE.sub(_escaped, line)


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def fitting(row: Record) -> Record:
    """The row as it can be decoded: one that is too large keeps a beginning that says so, and is a defect there."""
    if isinstance(row, str):
        # A text of this length does not end, and so is no JSON.
        return row if len(row) <= MAX_VALUE_CHARACTERS else row[: MAX_VALUE_CHARACTERS + 1]
    lengths = [len(value) for value in row.values() if value]
    if sum(lengths) <= MAX_VALUE_CHARACTERS:
        return row
    if max(lengths) <= MAX_VALUE_CHARACTERS and len(_line(row)) <= MAX_RECORD_BYTES:
        return row
    longest = max(row, key=lambda name: len(row[name] or ""))
    others = MAX_RECORD_BYTES // 4 // _MOST_BYTES // len(row)
    cut = {name: value and value[: others if name != longest else None] for name, value in row.items()}
    # Two values of the greatest length are too large together; that shows in the longest of them.
    text = str(cut[longest])[: MAX_VALUE_CHARACTERS + 1]
    return cut | {longest: text.ljust(MAX_VALUE_CHARACTERS + 1)}


def _line(row: Record) -> bytes:
    if isinstance(row, str):
        return f"{one_line(row)}\n".encode()
    try:
        # U+FFFD as a byte sequence says that a file was damaged; as an escape it is the defect of one row.
        return f"{_ENCODER.encode(row)}\n".replace("\ufffd", "\\ufffd").encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8, but it has an escape.
        return f"{_ESCAPING.encode(row)}\n".encode()


def _escaped(half: re.Match[str]) -> str:
    return f"\\u{ord(half[0]):04x}"
