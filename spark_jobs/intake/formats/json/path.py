"""A JSON document outside its records: every token checked by the grammar, every addressed array found."""

import json
import re
from collections.abc import Iterator
from enum import Enum, auto

from spark_jobs.intake.formats.json.text import JsonText

MAX_DEPTH = 1_000
"""Objects and arrays in one another, outside records."""

# Possessive within, so that a string that does not end costs one pass; groups are not, for before 3.11.5 Python does
# not go back from one that fails half-way (gh-106052). RFC 8259 sections 2, 3, 6 and 7.
_SPACE = rb"[ \t\r\n]*+"
_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*"'
_NUMBER = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
_TOKEN = re.compile(
    _SPACE + rb"(?:(?P<string>" + _STRING + rb")|(?P<scalar>" + _NUMBER + rb"|true|false|null)|(?P<mark>[{}\[\]:,]))"
)
_NO_SPACE = re.compile(rb"[^ \t\r\n]")


class _Expects(Enum):
    VALUE = auto()
    VALUE_OR_END = auto()
    """Of an array."""
    KEY = auto()
    KEY_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()
    NOTHING = auto()


class JsonPath:
    """Walks through a document and stops behind the bracket of each array whose elements are records.

    Args:
        text: the document.
        records: what is addressed, as an ijson prefix: `item`, `data.item`, `data.item.rows.item`.
    """

    def __init__(self, text: JsonText, records: str) -> None:
        self._text = text
        self._path = records.split(".")
        self._open: list[tuple[bytes, int]] = []
        """The bracket of each open object or array, and how much of the path leads to it, -1 if it is off the path."""
        self._here = 0
        """How much of the path leads to the value that comes next."""
        self._expects = _Expects.VALUE
        self._found = 0
        self.others = 0
        """Objects in arrays that are not addressed."""

    def arrays(self) -> Iterator[None]:
        """Stops behind each opening bracket; what stopped goes on behind the closing one.

        Raises:
            DeliveryRejected: `json_malformed`, `record_too_large`.
        """
        while self._expects is not _Expects.NOTHING:
            if self._take(*self._token()):
                self._found += 1
                yield
                self._after_value()
        self._check_end()
        if not self._found:
            raise self._text.malformed("没有找到记录数组")

    def _token(self) -> tuple[str, bytes]:
        """The next token and its kind; a number or word is taken only when what follows it is there to be seen."""
        text = self._text
        while True:
            found = _TOKEN.match(text.data, text.at)
            if found and (found.end() < len(text.data) or text.is_done or found.lastgroup != "scalar"):
                text.at = found.end()
                return str(found.lastgroup), found[str(found.lastgroup)]
            if not text.more():
                raise text.malformed(*self._fault())

    def _fault(self) -> tuple[str, int]:
        found = _NO_SPACE.search(self._text.data, self._text.at)
        return ("不是合法的 JSON", found.start()) if found else ("文件中断", len(self._text.data))

    def _take(self, kind: str, token: bytes) -> bool:
        """Take a token by the grammar; True: it opens an addressed array."""
        expects = self._expects
        if kind == "mark" and token in b"}]":
            self._close(token)
        elif kind == "mark" and token in b":,":
            self._separate(token)
        elif expects in {_Expects.KEY, _Expects.KEY_OR_END} and kind == "string":
            self._here = self._below(json.loads(token))
            self._expects = _Expects.COLON
        elif expects not in {_Expects.VALUE, _Expects.VALUE_OR_END}:
            raise self._unexpected(token)
        elif kind == "mark":
            return self._opens(token)
        else:
            self._refuse_other_than_array(token != b"null")
            self._after_value()
        return False

    def _opens(self, bracket: bytes) -> bool:
        is_addressed = self._here == len(self._path) - 1
        if is_addressed and bracket == b"[":
            return True
        self._refuse_other_than_array(True)
        if len(self._open) >= MAX_DEPTH:
            raise self._text.malformed(f"嵌套超过 {MAX_DEPTH} 层")
        self.others += bracket == b"{" and self._is_in_array and self._here < 0
        self._open.append((bracket, self._here))
        self._expects = _Expects.KEY_OR_END if bracket == b"{" else _Expects.VALUE_OR_END
        if bracket == b"[":
            self._here = self._below("item")
        return False

    @property
    def _is_in_array(self) -> bool:
        return bool(self._open) and self._open[-1][0] == b"["

    def _below(self, step: str) -> int:
        """How much of the path leads to the value at that step of the innermost object or array."""
        here = self._open[-1][1]
        return here + 1 if 0 <= here < len(self._path) and self._path[here] == step else -1

    def _refuse_other_than_array(self, is_value: bool) -> None:
        if is_value and self._here == len(self._path) - 1:
            raise self._text.malformed("记录所在之处不是数组")

    def _close(self, bracket: bytes) -> None:
        may_end = {_Expects.COMMA_OR_END, _Expects.KEY_OR_END if bracket == b"}" else _Expects.VALUE_OR_END}
        if self._expects not in may_end or not self._open or self._open[-1][0] != (b"{" if bracket == b"}" else b"["):
            raise self._unexpected(bracket)
        self._open.pop()
        self._after_value()

    def _separate(self, mark: bytes) -> None:
        if mark == b":" and self._expects is _Expects.COLON:
            self._expects = _Expects.VALUE
        elif mark == b"," and self._expects is _Expects.COMMA_OR_END:
            self._expects = _Expects.VALUE if self._is_in_array else _Expects.KEY
            if self._is_in_array:
                self._here = self._below("item")
        else:
            raise self._unexpected(mark)

    def _after_value(self) -> None:
        self._expects = _Expects.COMMA_OR_END if self._open else _Expects.NOTHING

    def _check_end(self) -> None:
        """Nothing but white space follows the document."""
        text = self._text
        while True:
            found = _NO_SPACE.search(text.data, text.at)
            if found:
                raise text.malformed("文件末尾有多余内容", found.start())
            text.at = len(text.data)
            if not text.more():
                return

    def _unexpected(self, token: bytes) -> Exception:
        return self._text.malformed("不合语法", self._text.at - len(token))
