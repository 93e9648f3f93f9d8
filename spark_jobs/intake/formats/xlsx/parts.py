"""A workbook's parts as XML events; whatever is wrong with archive or XML is a rejection."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Protocol
from xml.parsers import expat

from expectations.rejections import DeliveryRejected

ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What `zipfile` raises for archives that are damaged, encrypted or not what their directory says."""

_BLOCK = 1 << 18
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]


class Events(Protocol):
    """What is told of a part. Names come with their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Character data; an element's may come in pieces."""


def parse(part: IO[bytes], what: str, events: Events) -> Iterator[None]:
    """Tell a part's events, pausing after each block.

    Args:
        part: its bytes.
        what: its name in messages, in Chinese.
        events: who is told.

    Raises:
        DeliveryRejected: `compression_damaged`, `workbook_invalid`, or `content_mismatch` where there is a DTD, which a
            part may not have (ECMA-376 part 2, 8.1.4), before anything of it is read.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = events.start
    parser.EndElementHandler = events.end
    parser.CharacterDataHandler = events.text
    block = b"-"
    while block:
        block = _read(part, what)
        try:
            parser.Parse(block, not block)
        except expat.ExpatError as error:
            if error.code == _NO_MEMORY:
                raise MemoryError from error
            raise invalid(f"{what}：XML 第 {error.lineno} 行有误") from error
        except (ValueError, LookupError) as error:
            raise invalid(f"{what}：XML 编码不是 UTF-8 或 UTF-16") from error
        yield


def parse_all(part: IO[bytes], what: str, events: Events) -> None:
    """Tell all of a part's events; see `parse`."""
    for _ in parse(part, what, events):
        pass


def invalid(detail: str) -> DeliveryRejected:
    """The rejection of a workbook that does not follow its standard."""
    return DeliveryRejected("workbook_invalid", detail=detail)


def over(detail: str) -> DeliveryRejected:
    """The rejection of a workbook that is more than it may be."""
    return DeliveryRejected("archive_limits", detail=detail)


def _read(part: IO[bytes], what: str) -> bytes:
    try:
        return part.read(_BLOCK)
    except ARCHIVE_ERRORS as error:
        raise DeliveryRejected("compression_damaged", detail=what) from error


def _refuse_doctype(*_: object) -> None:
    raise DeliveryRejected("content_mismatch", expected="xlsx", actual="含有 DTD 或实体声明的 XML")
