"""Where the elements of a JSON array begin and end, by their brackets and strings alone: our own count of records."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.utf8_stream import Utf8Stream

BLOCK_BYTES = 4 << 20

_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRUCTURE = re.compile(_STRING + rb'|["{}\[\]]', re.DOTALL)
_TOKEN = re.compile(_STRING + rb'|["{}\[\]:,]|[^\s"{}\[\]:,]+', re.DOTALL)
_SCALAR_END = re.compile(rb"[,\]\s]")
_NOT_SPACE = re.compile(rb"[^ \t\r\n]")


class Element(NamedTuple):
    """One element of the array."""

    start: int
    end: int
    text: bytes


class JsonElements:
    """Iterates over an array's elements; bytes outside them are checked, so that nothing follows the document.

    Args:
        stream: the document.
        offset: where it begins in the file.
        path: where the array is, as an ijson prefix: `item`, or `data.item`.
    """

    def __init__(self, stream: Utf8Stream, offset: int, path: str) -> None:
        self._stream = stream
        self._path = path.split(".")[:-1]
        self._buffer = b""
        self._base = offset
        self._is_done = False
        self._count = 0

    @property
    def offset(self) -> int:
        """How far the document has been read; its end, once all elements are taken."""
        return self._base

    def __iter__(self) -> Iterator[Element]:
        position = self._array_start()
        head = self._buffer[:position]
        position = self._next(position)
        while self._buffer[position : position + 1] != b"]" or self._count:
            end = self._element_end(position)
            self._count += 1
            yield Element(self._base + position, self._base + end, self._buffer[position:end])
            position = self._next(end)
            separator = self._buffer[position : position + 1]
            if separator == b"]":
                break
            if separator != b",":
                raise self._malformed(position, "数组元素之间缺少逗号")
            if position > BLOCK_BYTES:
                self._drop(position)
                position = 0
            position = self._next(position + 1)
        self._check_rest(head, position)

    def _array_start(self) -> int:
        """Position after the bracket that opens the array of records."""
        while True:
            position = _find_array(self._buffer, self._path)
            if position is not None and position > 0:
                return position
            if position is not None or not self._read_more():
                raise self._malformed(0, "没有找到记录数组")

    def _next(self, position: int) -> int:
        """Position of the next character that is not white space."""
        while True:
            found = _NOT_SPACE.search(self._buffer, position)
            if found:
                return found.start()
            if not self._read_more(position):
                raise self._malformed(len(self._buffer), "文件在数组结束之前中断")

    def _element_end(self, start: int) -> int:
        while True:
            end = _value_end(self._buffer, start)
            if end is not None:
                if end == start:
                    raise self._malformed(start, "缺少数组元素")
                if end - start > MAX_RECORD_BYTES:
                    raise self._too_large(start)
                return end
            if not self._read_more(start):
                raise self._malformed(len(self._buffer), "文件在记录结束之前中断")

    def _check_rest(self, head: bytes, position: int) -> None:
        """What surrounds the array must be one JSON document."""
        self._drop(position)
        while self._read_more():
            pass
        try:
            json.loads(head + self._buffer)
        except (json.JSONDecodeError, RecursionError) as error:
            at = error.pos - len(head) if isinstance(error, json.JSONDecodeError) else 0
            raise self._malformed(max(at, 0), "数组之外的内容不合语法，或文件末尾有多余内容") from error
        self._drop(len(self._buffer))

    def _read_more(self, start: int = 0) -> bool:
        if len(self._buffer) - start > MAX_RECORD_BYTES:
            raise self._too_large(start)
        block = b"" if self._is_done else self._stream.read(BLOCK_BYTES)
        self._is_done = not block
        self._buffer += block
        return not self._is_done

    def _drop(self, count: int) -> None:
        self._buffer = self._buffer[count:]
        self._base += count

    def _malformed(self, position: int, detail: str) -> DeliveryRejected:
        return DeliveryRejected("json_malformed", offset=self._base + position, detail=detail)

    def _too_large(self, start: int) -> DeliveryRejected:
        return DeliveryRejected(
            "record_too_large", row=self._count + 1, offset=self._base + start, limit=MAX_RECORD_BYTES
        )


def _value_end(text: bytes, start: int) -> int | None:
    """End of the value that starts there; None: it is not in the text to its end."""
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


def _find_array(text: bytes, path: list[str]) -> int | None:
    """Position after the bracket that opens the array at `path`; 0: there is none; None: not to be seen yet."""
    wanted, keys = list(path), list[str]()
    key, previous = "", b""
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark == b'"':
            return None
        if not path and mark != b"[":
            return 0
        if mark == b"[":
            if [*keys, key][1:] == wanted:
                return token.end()
            if not keys:
                return 0
            keys.append(key)
            key = "[]"
        elif mark == b"{":
            keys.append(key)
        elif mark in (b"}", b"]"):
            key = keys.pop() if keys else ""
        elif mark == b":" and previous[:1] == b'"':
            key = previous[1:-1].decode()
        previous = mark
    return None
