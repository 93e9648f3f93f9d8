"""Deliveries that must be rejected whole: how one comes about from a good file."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass

Change = Callable[[bytes], bytes]

_LINES = 200


@dataclass(frozen=True)
class BadFile:
    """One kind of bad file."""

    kind: str
    rejection: str
    """Code of rejections.yml."""
    change: Change
    suffix: str = ""
    """Put into the good file's name, before its extension."""
    name: str | None = None
    """The whole name, where it is the name that is bad."""
    denied_by_manifest: bool = False
    """A manifest beside it states another hash: it was changed after it was listed."""


def unchanged(content: bytes) -> bytes:
    """The same bytes again."""
    return content


def nothing(content: bytes) -> bytes:
    """No bytes."""
    return b""


def first_part(numerator: int, denominator: int) -> Change:
    """As much of the bytes as a broken transfer leaves."""
    return lambda content: content[: len(content) * numerator // denominator]


def decompressed(content: bytes) -> bytes:
    """The plain text under a name that promises gzip."""
    return gzip.decompress(content)


def compressed_in_gbk(content: bytes) -> bytes:
    """Some lines in another encoding than was agreed."""
    text = gzip.decompress(content).decode("utf-8", errors="ignore")
    lines = "".join(text.splitlines(keepends=True)[:_LINES])
    return gzip.compress(lines.encode("gbk", errors="ignore"), mtime=0)


def in_gb18030(content: bytes) -> bytes:
    """First lines in the encoding of the bureau's other files."""
    return some_lines(content).decode("utf-8").encode("gb18030")


def as_plain_text(content: bytes) -> bytes:
    """A table of text under a name that promises a workbook."""
    return "编号,姓名\n1,样例\n".encode("gb18030")


def with_entities(content: bytes) -> bytes:
    """An XML document that declares entities."""
    head, mark, rest = content.partition(b"?>")
    return head + mark + b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>' + rest


def some_lines(content: bytes) -> bytes:
    """Header and first records."""
    return b"".join(content.splitlines(keepends=True)[:_LINES])


def header_only(content: bytes) -> bytes:
    """The first line."""
    return content.splitlines(keepends=True)[0]


def without_header(content: bytes) -> bytes:
    """First records without the line that names their fields."""
    return b"".join(content.splitlines(keepends=True)[1:_LINES])


def with_column(name: str, separator: str, encoding: str) -> Change:
    """One column more, at the end."""

    def change(content: bytes) -> bytes:
        header, *lines = some_lines(content).splitlines()
        added = f"{separator}{name}".encode(encoding), f"{separator}0".encode(encoding)
        return b"".join([header + added[0] + b"\n", *(line + added[1] + b"\n" for line in lines)])

    return change


def without_first_column(separator: str) -> Change:
    """One column less."""
    mark = separator.encode()
    return lambda content: b"".join(line.partition(mark)[2] for line in some_lines(content).splitlines(keepends=True))


def with_open_quote(content: bytes) -> bytes:
    """A quote before the last of a few lines, and none after it."""
    lines = content.splitlines(keepends=True)[:20]
    return b"".join([*lines, b'"', lines[-1]])
