"""Where the elements of JSON arrays begin and end, by their brackets and strings alone: our own count of records."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from spark_jobs.intake.formats.json.path import JsonPath
from spark_jobs.intake.formats.json.text import JsonText
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES

# Groups are not possessive: before 3.11.5 Python does not go back from one that fails half-way (gh-106052).
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*"'
_STRUCTURE = re.compile(_STRING + rb'|["{}\[\]]', re.DOTALL)
_OBJECT = rb'\{[^"{}\[\]]*+(?:"[^"\\]*+"[^"{}\[\]]*+)*\}'
_FLAT, _FLAT_AND_COMMA = re.compile(_OBJECT), re.compile(rb"[ \t\r\n]*+(" + _OBJECT + rb")[ \t\r\n]*+,")
"""An object of scalars, without escapes: found at one go."""
_SCALAR_END = re.compile(rb"[,\]\s]")
_NOT_SPACE = re.compile(rb"[^ \t\r\n]")


class Element(NamedTuple):
    """One element of an array of records."""

    start: int
    end: int
    text: bytes
    is_first: bool
    """Of its array: what lies between it and the element before is not that array's."""


class JsonElements:
    """Iterates over the elements of all addressed arrays; bytes outside them are checked to be one JSON document.

    Args:
        text: the document.
        records: where the arrays are, as an ijson prefix: `item`, or `data.item`.
    """

    def __init__(self, text: JsonText, records: str) -> None:
        self._text = text
        self._path = JsonPath(self._text, records)

    @property
    def offset(self) -> int:
        """How far the document has been read; its end, once all elements are taken."""
        return self._text.offset

    @property
    def others(self) -> int:
        """Objects in arrays that are not addressed, of which no record is made."""
        return self._path.others

    def __iter__(self) -> Iterator[Element]:
        for _ in self._path.arrays():
            yield from self._elements()

    def _elements(self) -> Iterator[Element]:
        """Elements from behind the opening bracket to behind the closing one."""
        text, is_first = self._text, True
        while self._next() != b"]" or not is_first:
            for element in self._flat(is_first):
                is_first = False
                yield element
            self._next()
            text.row += 1
            start, length = text.offset, self._length()
            yield Element(start, start + length, text.data[text.at : text.at + length], is_first)
            text.at += length
            is_first = False
            separator = self._next()
            if separator == b"]":
                break
            if separator != b",":
                raise text.malformed("数组元素之间缺少逗号")
            text.at += 1
        text.at += 1

    def _flat(self, is_first: bool) -> Iterator[Element]:
        """Objects of scalars that follow one another, each with the comma behind it, as far as they are in the text."""
        text = self._text
        while (found := _FLAT_AND_COMMA.match(text.data, text.at)) and found.end(1) - found.start(
            1
        ) <= MAX_RECORD_BYTES:
            text.row += 1
            start = text.offset + found.start(1) - text.at
            text.at = found.end()
            yield Element(start, start + found.end(1) - found.start(1), found[1], is_first)
            is_first = False

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
