"""Where the elements of JSON arrays begin and end, by their brackets and strings alone: our own count of records."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from spark_jobs.intake.formats.json.brackets import Objects, objects_from
from spark_jobs.intake.formats.json.path import JsonPath
from spark_jobs.intake.formats.json.run import Run, run_of
from spark_jobs.intake.formats.json.text import JsonText
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES

# Groups are not possessive: before 3.11.5 Python does not go back from one that fails half-way (gh-106052).
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*"'
_STRUCTURE = re.compile(_STRING + rb'|["{}\[\]]', re.DOTALL)
_OBJECT = rb'\{[^"{}\[\]]*+(?:"[^"\\]*+"[^"{}\[\]]*+)*\}'
_FLAT = re.compile(_OBJECT)
"""An object of scalars, without escapes: found at one go."""
_SCALAR_END = re.compile(rb"[,\]\s]")
_NOT_SPACE = re.compile(rb"[^ \t\r\n]")


RUN_ELEMENTS, RUN_BYTES = 8_192, 4 << 20
"""Elements, and bytes of them, that are looked at together."""


class JsonElements:
    """Iterates over runs of elements of all addressed arrays; bytes outside are checked to be one JSON document.

    Args:
        text: the document.
        records: where the arrays are, as an ijson prefix: `item`, or `data.item`.
    """

    def __init__(self, text: JsonText, records: str) -> None:
        self._text = text
        self._path = JsonPath(self._text, records)
        self._looked_at = 0
        """Up to where, in the document, objects have been looked for a block at once."""

    @property
    def offset(self) -> int:
        """How far the document has been read; its end, once all elements are taken."""
        return self._text.offset

    @property
    def others(self) -> int:
        """Objects in arrays that are not addressed, of which no record is made."""
        return self._path.others

    def __iter__(self) -> Iterator[Run]:
        for _ in self._path.arrays():
            yield from self._runs()

    def _runs(self) -> Iterator[Run]:
        """Elements from behind the opening bracket to behind the closing one."""
        one_by_one: list[tuple[int, bytes]] = []
        is_first = True
        size = 0
        for found in self._found():
            if isinstance(found, tuple):
                one_by_one.append(found)
                size += len(found[1])
                if len(one_by_one) < RUN_ELEMENTS and size < RUN_BYTES:
                    continue
            if one_by_one:
                yield run_of(one_by_one, is_first)
                one_by_one, size, is_first = [], 0, False
            if isinstance(found, Run):
                yield replace(found, is_first=is_first)
                is_first = False
        if one_by_one:
            yield run_of(one_by_one, is_first)

    def _found(self) -> Iterator[Run | tuple[int, bytes]]:
        """Elements of one array: many at once as far as they are in the text, and others by themselves."""
        text, is_first = self._text, True
        while self._next() != b"]" or not is_first:
            is_first = False
            if objects := self._at_once():
                yield from self._runs_of(objects)
                if objects.is_end:
                    break
            self._next()
            text.row += 1
            start, length = text.offset, self._length()
            yield start, text.data[text.at : text.at + length]
            text.at += length
            separator = self._next()
            if separator == b"]":
                break
            if separator != b",":
                raise text.malformed("数组元素之间缺少逗号")
            text.at += 1
        text.at += 1

    def _at_once(self) -> Objects | None:
        """Objects of this block that begin here; a block is looked through once, whatever it holds."""
        text = self._text
        block_end = text.offset - text.at + len(text.data)
        if block_end <= self._looked_at:
            return None
        self._looked_at = block_end
        return objects_from(text.data, text.at)

    def _runs_of(self, objects: Objects) -> Iterator[Run]:
        text = self._text
        data, base = text.data, text.offset - text.at
        text.row += len(objects.starts)
        text.at = objects.after
        for first in range(0, len(objects.starts), RUN_ELEMENTS):
            starts, ends = objects.starts[first : first + RUN_ELEMENTS], objects.ends[first : first + RUN_ELEMENTS]
            begin, end = int(starts[0]), int(ends[-1])
            inside = slice(*np.searchsorted(objects.quotes, (begin, end)))
            quotes = objects.quotes[inside] - begin
            yield Run(data[begin:end], starts - begin, ends - begin, starts + base, is_first=False, quotes=quotes)

    def _next(self) -> bytes:
        """The next character that is not white space; the document is taken in up to it."""
        text = self._text
        while True:
            found = _NOT_SPACE.search(text.data, text.at)
            if found:
                text.at = found.start()
                return found[0]
            text.at = len(text.data)
            if not text.more():
                raise text.malformed("文件在数组结束之前中断")

    def _length(self) -> int:
        """Bytes of the element that begins here, all of which are then in the text."""
        text = self._text
        while True:
            end = _value_end(text.data, text.at)
            if end is not None:
                if end == text.at:
                    raise text.malformed("缺少数组元素")
                if end - text.at > MAX_RECORD_BYTES:
                    raise text.too_large()
                return end - text.at
            if not text.more():
                raise text.malformed("文件在记录结束之前中断", len(text.data))


def _value_end(text: bytes, start: int) -> int | None:
    """End of the value that starts there; None: it is not in the text to its end."""
    flat = _FLAT.match(text, start)
    if flat is not None:
        return flat.end()
    if text[start] not in b"{[":
        found = _STRUCTURE.match(text, start) if text[start : start + 1] == b'"' else _SCALAR_END.search(text, start)
        if found is None or found.group() == b'"':
            return None
        return found.end() if text[start : start + 1] == b'"' else found.start()
    depth = 0
    for token in _STRUCTURE.finditer(text, start):
        mark = token.group()
        if mark in (b"{", b"["):
            depth += 1
        elif mark in (b"}", b"]"):
            depth -= 1
            if not depth:
                return token.end()
        elif mark == b'"':
            return None
    return None
