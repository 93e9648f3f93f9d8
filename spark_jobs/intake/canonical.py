"""Rows that a channel read, written in the canonical form: see expectations/contract/canonical.py."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.named_values import MAX_VALUE_CHARACTERS

Row = dict[str, str | None]
"""Source column -> text, None where the source has no value."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ESCAPING = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
_MOST_BYTES = 12
"""Of a character in the canonical form: two escapes."""


def write_rows(rows: Iterable[Row], to: Path) -> str:
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


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file that `write_rows` made."""
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def fitting(row: Row) -> Row:
    """The row as it can be decoded: one that is too large keeps a beginning that says so, and is a defect there."""
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


def _line(row: Row) -> bytes:
    try:
        # U+FFFD as a byte sequence says that a file was damaged; as an escape it is the defect of one row.
        return f"{_ENCODER.encode(row)}\n".replace("\ufffd", "\\ufffd").encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8, but it has an escape.
        return f"{_ESCAPING.encode(row)}\n".encode()
