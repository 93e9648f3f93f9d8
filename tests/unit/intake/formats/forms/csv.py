"""Delimited text of every charset and dialect."""

import csv
import gzip
import io
from itertools import product
from typing import Any

from expectations.contract.formats.csv import Csv

_ENCODINGS = ("utf-8", "utf-16", "gbk", "gb18030")
_PACKINGS: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"})
_QUOTINGS: tuple[dict[str, Any], ...] = ({}, {"quote": None})

FORMS: list[dict[str, Any]] = [
    {"format": "csv", "encoding": encoding, "delimiter": delimiter, **packing, **quoting}
    for encoding, delimiter, packing, quoting in product(_ENCODINGS, (",", "|", "\t", "\x01"), _PACKINGS, _QUOTINGS)
] + [{"format": "csv", "encoding": "gbk", "header_row": 3}]


def read(content: bytes, options: Csv) -> list[list[str]]:
    """By Python's own reader, without what stands above the header."""
    plain = gzip.decompress(content) if options.compression else content
    text = plain.decode(options.encoding).removeprefix("\ufeff")
    lines = io.StringIO(text, newline="")
    if options.quote is None:
        return list(csv.reader(lines, delimiter=options.delimiter, quoting=csv.QUOTE_NONE))
    return list(csv.reader(lines, delimiter=options.delimiter))[options.header_row - 1 :]


def first_row(options: Csv) -> int:
    """Behind the header."""
    return options.header_row + 1
