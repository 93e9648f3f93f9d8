"""JSON documents of every charset and nesting."""

import gzip
import json
from itertools import product
from typing import Any

from expectations.contract.formats.json import Json

_ENCODINGS = ("utf-8", "utf-16", "gbk", "gb18030")
_RECORDS = ("item", "data.item", "结果.data.item", "data.item.rows.item")
_PACKINGS: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"})

FORMS: list[dict[str, Any]] = [
    {"format": "json", "encoding": encoding, "records": records, **packing}
    for encoding, records, packing in product(_ENCODINGS, _RECORDS, _PACKINGS)
]


def read(content: bytes, options: Json) -> list[list[str]]:
    """The records of the array that is addressed, their keys as the header."""
    document = json.loads((gzip.decompress(content) if options.compression else content).decode(options.encoding))
    for key in options.records.split(".")[:-1]:
        document = document[0] if key == "item" else document[key]
    return [list(document[0]), *([str(value) for value in record.values()] for record in document)] if document else []
