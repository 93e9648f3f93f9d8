"""XML documents of every charset, declared or agreed, at every depth."""

import gzip
import json
from itertools import product
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
    """By Python's own parser, which is told the text; names of elements are the header, what is absent is empty."""
    text = (gzip.decompress(content) if options.compression else content).decode(options.encoding or "utf-8")
    root = ElementTree.fromstring(text.partition("?>")[2])  # noqa: S314 - of our own making
    records = [row for record in root.findall(options.records.partition("/")[2]) for row in _rows(record, options)]
    header = list(dict.fromkeys(name for record in records for name in record))
    return [header, *([record.get(name, "") for name in header] for record in records)] if records else []


def _rows(record: ElementTree.Element, options: Xml) -> list[dict[str, str]]:
    """One, or one for each of the elements that make rows."""
    found: list[tuple[str, Any]] = list(_leaves(record, "", options))
    rows = [value for _, value in found if isinstance(value, dict)]
    values: dict[str, str] = {path: value for path, value in found if isinstance(value, str)}
    for path, choice in options.repeated.items():
        items = [value[0] for at, value in found if at == path and isinstance(value, list)]
        if choice == "json" and items:
            values[path] = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    return [{**values, **row} for row in rows] or [values]


def _leaves(element: ElementTree.Element, path: str, options: Xml) -> Any:
    for name, value in element.attrib.items():
        yield f"{path}@{name}", value
    for child in element:
        at = f"{path}{child.tag}"
        if options.repeated.get(at) == "json":
            yield at, [_document(child)]
        elif options.repeated.get(at) == "rows":
            yield at, dict(_leaves(child, f"{at}/", options)) | ({} if len(child) else {at: child.text or ""})
        else:
            if not len(child):
                yield at, child.text or ""
            yield from _leaves(child, f"{at}/", options)


def _document(element: ElementTree.Element) -> Any:
    if not len(element) and not element.attrib:
        return element.text or ""
    text = {"#text": element.text} if (element.text or "").strip() else {}
    return {f"@{k}": v for k, v in element.attrib.items()} | {each.tag: _document(each) for each in element} | text
