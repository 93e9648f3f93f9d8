"""Rows that a channel read, written in the canonical form: see expectations/contract/canonical.py."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ESCAPING = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def write_rows(rows: Iterable[dict[str, str | None]], to: Path) -> str:
    """Write rows one by one; returns the SHA-256 of the file in hex.

    Args:
        rows: source column -> text, None where the source has no value.
        to: a local file, made anew.
    """
    digest = hashlib.sha256()
    with to.open("wb") as file:
        for row in rows:
            line = _line(row)
            digest.update(line)
            file.write(line)
    return digest.hexdigest()


def _line(row: dict[str, str | None]) -> bytes:
    try:
        return f"{_ENCODER.encode(row)}\n".encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8, but it has an escape.
        return f"{_ESCAPING.encode(row)}\n".encode()
