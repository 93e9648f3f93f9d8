"""Lines of fixed width, narrow and wide, of every charset that has bytes to count."""

import gzip
from itertools import product
from typing import Any

from expectations.contract.formats.fixed_width import FixedWidth

_ENCODINGS = ("utf-8", "gbk", "gb18030")
_PACKINGS: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"}, {"padding": "#"})

FORMS: list[dict[str, Any]] = [
    {"format": "fixed_width", "encoding": encoding, "fields": {"编号": 20, "姓名": 40}, **packing}
    for encoding, packing in product(_ENCODINGS, _PACKINGS)
]


def read(content: bytes, options: FixedWidth) -> list[list[str]]:
    """Line by line, byte by byte; a line of another length, or with half a character, is a list of one text."""
    lines = (gzip.decompress(content) if options.compression else content).split(b"\n")[:-1]
    return [list(options.fields), *(_record(line.removesuffix(b"\r"), options) for line in lines)]


def _record(line: bytes, options: FixedWidth) -> list[str]:
    found, rest = [], line
    for width in options.fields.values():
        found.append(rest[:width])
        rest = rest[width:]
    try:
        texts = [field.decode(options.encoding).strip(options.padding) for field in found]
    except UnicodeDecodeError:
        texts = []
    return texts if texts and len(line) == sum(options.fields.values()) else [line.decode(options.encoding, "replace")]
