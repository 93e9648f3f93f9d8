"""Files of frames, a row each or a row for each factor."""

import gzip
import re
from itertools import product
from typing import Any

from expectations.contract.formats.hj212 import Hj212

_DAMAGED = "?"
_ROWS = ("frame", "factor")
_MORE: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"}, {"encoding": "gbk"})

FORMS: list[dict[str, Any]] = [{"format": "hj212", "rows": rows, **more} for rows, more in product(_ROWS, _MORE)]


def read(content: bytes, options: Hj212) -> list[list[str]]:
    """Field by field with regular expressions; damaged frames are a list of one text."""
    text = (gzip.decompress(content) if options.compression else content).decode(options.encoding)
    records = [record for line in text.splitlines() for record in _records(line, options)]
    header = list(dict.fromkeys(name for record in records for name in record if name != _DAMAGED))
    return [header, *(_line(record, header) for record in records)] if records else []


def _line(record: dict[str, str], header: list[str]) -> list[str]:
    return [record[_DAMAGED]] if _DAMAGED in record else [record.get(name, "") for name in header]


def _records(line: str, options: Hj212) -> list[dict[str, str]]:
    found = re.fullmatch(r"##\d{4}(.*?)CP=&&(.*)&&[0-9A-Fa-f]{4}", line)
    if found is None:
        return [{_DAMAGED: line}]
    head = dict(re.findall(r"([^;=]+)=([^;]*)", found[1]))
    if head.get("CN", options.commands[0]) not in options.commands:
        return []
    carried = re.findall(r"([^;,=]+)=([^;,]*)", found[2])
    common = head | {f"CP.{name}": value for name, value in carried if "-" not in name}
    if options.rows == "frame":
        return [common | {name: value for name, value in carried if "-" in name}]
    codes = dict.fromkeys(name.partition("-")[0] for name, _ in carried if "-" in name)
    of_code = {
        code: {f"因子-{n[len(code) + 1 :]}": v for n, v in carried if n.startswith(f"{code}-")} for code in codes
    }
    return [{**common, "因子": code, **fields} for code, fields in of_code.items()] or [common]
