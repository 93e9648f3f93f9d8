"""Delimited text of every charset and dialect."""

from itertools import product
from typing import Any

_ENCODINGS = ("utf-8", "utf-16", "gbk", "gb18030")
_PACKINGS: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"})
_QUOTINGS: tuple[dict[str, Any], ...] = ({}, {"quote": None})

FORMS: list[dict[str, Any]] = [
    {"format": "csv", "encoding": encoding, "delimiter": delimiter, **packing, **quoting}
    for encoding, delimiter, packing, quoting in product(_ENCODINGS, (",", "|", "\t", "\x01"), _PACKINGS, _QUOTINGS)
]
