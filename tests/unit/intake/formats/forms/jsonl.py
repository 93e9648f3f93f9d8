"""JSON lines of every charset, compressed or not."""

import gzip
import json
from itertools import product
from typing import Any

from expectations.contract.formats.jsonl import JsonLines

_ENCODINGS = ("utf-8", "utf-16", "gbk", "gb18030")
_PACKINGS: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"})

FORMS: list[dict[str, Any]] = [
    {"format": "jsonl", "encoding": encoding, **packing} for encoding, packing in product(_ENCODINGS, _PACKINGS)
]


def read(content: bytes, options: JsonLines) -> list[list[str]]:
    """The records, their keys as the header."""
    text = (gzip.decompress(content) if options.compression else content).decode(options.encoding)
    records = [json.loads(line) for line in text.splitlines()]
    return [list(records[0]), *([str(value) for value in record.values()] for record in records)] if records else []
