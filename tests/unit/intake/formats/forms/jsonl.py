"""JSON lines of every charset, compressed or not."""

from itertools import product
from typing import Any

_ENCODINGS = ("utf-8", "utf-16", "gbk", "gb18030")
_PACKINGS: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"})

FORMS: list[dict[str, Any]] = [
    {"format": "jsonl", "encoding": encoding, **packing} for encoding, packing in product(_ENCODINGS, _PACKINGS)
]
