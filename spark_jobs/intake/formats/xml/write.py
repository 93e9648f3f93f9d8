"""XML documents, written: rows by the paths of their columns."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from expectations.contract.formats.xml import Xml
from spark_jobs.intake.formats.machinery.charset import GB18030_2022
from spark_jobs.intake.formats.machinery.exported import RowToFix, header_to_fix
from spark_jobs.intake.formats.machinery.text_file import writing
from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS, UNDERSCORE, escape_unfit
from spark_jobs.intake.formats.xml.values import TEXT_KEY

_UNFIT = re.compile(f"{UNDERSCORE}|[{CONTROLS}\ud800-\udfff\ufffd-\uffff]")
"""What XML 1.0 cannot hold (2.2), or says that a text was damaged, and what looks escaped."""
_ENTITIES = {"\r": "&#13;"} | {chr(point): f"&#{point};" for point in GB18030_2022}
"""A carriage return, which would be a line feed (2.11), and characters that GB 18030 has twice."""
_NAMES = {"gb18030": "GB18030", "gbk": "GBK", "utf-8": "UTF-8", "utf-16": "UTF-16"}

Row = Mapping[str, str | None]


@dataclass
class _Node:
    """An element that some paths lead to, or through."""

    path: str
    attributes: dict[str, str] = field(default_factory=dict)
    """Name -> path."""
    children: dict[str, "_Node"] = field(default_factory=dict)


def write_document(path: Path, options: Xml, sources: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as records; rows that follow one another and differ in a repeated element alone are one record."""
    _write(path, options, _records(options, sources, rows))


def write_to_fix(path: Path, options: Xml, sources: Sequence[str], rows: Iterable[RowToFix]) -> None:
    """Write rows to fix, each as a record; what XML cannot hold stands in it as `_xHHHH_`, which decoding restores."""
    header = header_to_fix(sources)
    tree = _tree(header)
    records = ([dict(zip(header, row.cells(), strict=True))] for row in rows)
    _write(path, options, (_element(_last(options.records), tree, None, record, {}) for record in records))


def _write(path: Path, options: Xml, records: Iterable[str]) -> None:
    encoding = options.encoding or "utf-8"
    *parents, _ = options.records.split("/")
    spaces = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in options.namespaces.items())
    with writing(path, encoding, compressed=options.compression is not None, unfit="xmlcharrefreplace") as text:
        text.write(f'<?xml version="1.0" encoding="{_NAMES[encoding]}"?>\n')
        for place, name in enumerate(parents):
            text.write(f"<{name}{'' if place else spaces}>")
        for number, record in enumerate(records):
            text.write(("\n" if parents or number else "") + record)
        text.write("\n" + "".join(f"</{name}>" for name in reversed(parents)) + "\n")


def _records(options: Xml, sources: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    tree, nested = _tree(sources), options.rows
    shared = [source for source in sources if nested is None or not f"{source}/".startswith(f"{nested}/")]
    name = _last(options.records)
    if nested is None:
        yield from (_element(name, tree, nested, [row], options.repeated) for row in rows)
        return
    for _, group in groupby(rows, lambda row: [row.get(source) for source in shared]):
        yield _element(name, tree, nested, list(group), options.repeated)


def _tree(sources: Sequence[str]) -> _Node:
    root = _Node("")
    for source in sources:
        *steps, last = source.split("/")
        node = root
        for step in steps if last.startswith("@") else [*steps, last]:
            path = f"{node.path}/{step}" if node.path else step
            node = node.children.setdefault(step, _Node(path))
        if last.startswith("@"):
            node.attributes[last[1:]] = source
    return root


def _element(name: str, node: _Node, nested: str | None, rows: Sequence[Row], repeated: Mapping[str, str]) -> str:
    """An element with all that is below it; empty where nothing of it has a value."""
    row = rows[0]
    attributes = "".join(
        f" {attribute}={_quoted(value)}"
        for attribute, path in node.attributes.items()
        if (value := row.get(path)) is not None
    )
    children = "".join(
        part for child, below in node.children.items() for part in _children(child, below, nested, rows, repeated)
    )
    text = row.get(node.path) if node.path else None
    if node.path and not (attributes or children) and text is None:
        return ""
    return f"<{name}{attributes}>{_text(text or '')}{children}</{name}>"


def _children(
    name: str, node: _Node, nested: str | None, rows: Sequence[Row], repeated: Mapping[str, str]
) -> Iterator[str]:
    if node.path == nested:
        for row in rows:
            yield _element(name, node, nested, [row], repeated)
        return
    items = _items(rows[0].get(node.path)) if repeated.get(node.path) == "json" else None
    if items is None:
        yield _element(name, node, nested, rows, repeated)
    else:
        yield from (_of_json(name, item) for item in items)


def _items(text: str | None) -> list[Any] | None:
    """The elements that a column's JSON stands for; None: it stands for none."""
    with suppress(ValueError, RecursionError):
        found = json.loads(text or "")
        return found if isinstance(found, list) else None
    return None


def _of_json(name: str, value: Any) -> str:
    """The element of which `ElementValues` makes this JSON."""
    if isinstance(value, list):
        return "".join(_of_json(name, each) for each in value)
    if not isinstance(value, dict):
        return f"<{name}>{_text('' if value is None else str(value))}</{name}>"
    attributes = "".join(f" {key[1:]}={_quoted(str(each))}" for key, each in value.items() if key.startswith("@"))
    children = "".join(_of_json(key, each) for key, each in value.items() if key[:1] not in "@#")
    return f"<{name}{attributes}>{_text(str(value.get(TEXT_KEY, '')))}{children}</{name}>"


def _text(text: str) -> str:
    return escape(escape_unfit(text, _UNFIT), _ENTITIES)


def _quoted(text: str) -> str:
    return quoteattr(escape_unfit(text, _UNFIT), {char: entity for char, entity in _ENTITIES.items() if char != "\r"})


def _last(path: str) -> str:
    return path.rpartition("/")[2]
