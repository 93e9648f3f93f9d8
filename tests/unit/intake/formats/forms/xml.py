"""XML documents of every charset, declared or agreed, at every depth."""

import gzip
from itertools import pairwise, product
from typing import Any
from xml.etree import ElementTree

from expectations.contract.formats.xml import Xml

_ENCODINGS: tuple[dict[str, Any], ...] = ({}, *({"encoding": each} for each in ("utf-8", "utf-16", "gbk", "gb18030")))
_RECORDS = ("登记", "登记簿/登记", "响应/数据/登记簿/登记")
_PACKINGS: tuple[dict[str, Any], ...] = ({}, {"compression": "gzip"})

FORMS: list[dict[str, Any]] = [
    {"format": "xml", "records": records, **encoding, **packing}
    for encoding, records, packing in product(_ENCODINGS, _RECORDS[1:], _PACKINGS)
]


def read(content: bytes, options: Xml) -> list[list[str]]:
    """By Python's own parser, which is told the text; its elements once each, their names as the header."""
    text = (gzip.decompress(content) if options.compression else content).decode(options.encoding or "utf-8")
    root = ElementTree.fromstring(text.partition("?>")[2])  # noqa: S314 - of our own making
    below = options.records.partition("/")[2]
    records = [row for record in root.findall(below) for row in _rows(list(_leaves(record, "")), options.rows)]
    return [[name for name, _ in records[0]], *([text for _, text in record] for record in records)] if records else []


def _leaves(element: ElementTree.Element, path: str) -> Any:
    for name, value in element.attrib.items():
        yield f"{path}@{name}", value
    for child in element:
        if len(child):
            yield from _leaves(child, f"{path}{child.tag}/")
        else:
            yield f"{path}{child.tag}", child.text or ""
            yield from _leaves(child, f"{path}{child.tag}/")


def _rows(leaves: list[tuple[str, str]], nested: str | None) -> list[list[tuple[str, str]]]:
    """One row for each element of the repeated path, which begins with the same leaf each time."""
    within = [leaf for leaf in leaves if nested and leaf[0].startswith(f"{nested}/")]
    if not within:
        return [leaves]
    shared = [leaf for leaf in leaves if leaf not in within]
    starts = [place for place, (name, _) in enumerate(within) if name == within[0][0]]
    return [shared + within[start:end] for start, end in pairwise([*starts, len(within)])]
