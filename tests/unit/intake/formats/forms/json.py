"""JSON documents of every charset and nesting."""

from itertools import product
from typing import Any

_ENCODINGS = ("utf-8", "utf-16", "gbk", "gb18030")
_RECORDS = ("item", "data.item", "结果.data.item", "data.item.rows.item")

FORMS: list[dict[str, Any]] = [
    {"format": "json", "encoding": encoding, "records": records} for encoding, records in product(_ENCODINGS, _RECORDS)
]
