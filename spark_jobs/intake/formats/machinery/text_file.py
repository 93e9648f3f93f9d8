"""Text files of any charset, compressed or not: written, and read again at one place."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from expectations.contract.format_options import Encoding
from spark_jobs.intake.formats.machinery.charset import Charset, charset_of
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES
from spark_jobs.intake.formats.machinery.utf8_stream import Utf8Stream

_BLOCK = 1 << 20

WITH_BOM = {"utf-8": "utf-8-sig"}
"""Codecs that write a byte order mark, by charset; the one of UTF-16 does so anyway."""


@contextmanager
def writing(path: Path, codec: str, *, compressed: bool, unfit: str = "strict") -> Iterator[TextIO]:
    """A new file for text, line breaks as they are given; equal text gives equal bytes.

    Args:
        path: the file.
        codec: Python's name of the charset.
        compressed: by gzip.
        unfit: the handler of encoding errors, for characters that the charset lacks.
    """
    with path.open("wb") as file:
        packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) if compressed else file
        with io.TextIOWrapper(cast(BinaryIO, packed), encoding=codec, errors=unfit, newline="") as text:
            yield text


def text_at(path: Path, encoding: Encoding, place: Place, *, compressed: bool) -> str:
    """The text at a place that is counted in the bytes of the file, or of the stream that is compressed in it.

    Raises:
        ValueError: the place has no bytes.
    """
    with gzip.open(path) if compressed else path.open("rb") as file:
        charset = charset_of(file.read(HEAD_BYTES), encoding)
        return read_at(cast(BinaryIO, file), charset, place)


def document_text_at(path: Path, encoding: Encoding, place: Place, *, compressed: bool) -> str:
    """As `text_at`, of a text whose places are counted in UTF-8, whatever its encoding.

    Raises:
        ValueError: the place has no bytes.
    """
    with gzip.open(path) if compressed else path.open("rb") as opened:
        file = cast(BinaryIO, opened)
        charset = charset_of(file.read(HEAD_BYTES), encoding)
        if charset.codec == "utf-8":
            return read_at(file, charset, place)
        file.seek(charset.bom_length)
        return _part(Utf8Stream(file, charset), place.byte_offset or 0, place.byte_length or 0).decode()


def _part(stream: Utf8Stream, start: int, length: int) -> bytes:
    """Bytes `start` to `start + length` of a stream, reading no more of it into memory."""
    position, found = 0, b""
    while len(found) < length and (block := stream.read(_BLOCK)):
        found += block[max(start - position, 0) :][: length - len(found)]
        position += len(block)
    return found


def read_at(file: BinaryIO, charset: Charset, place: Place) -> str:
    """The text at a place of an open file.

    Raises:
        ValueError: the place has no bytes.
    """
    if place.byte_offset is None or place.byte_length is None:
        raise ValueError(f"record {place.row_number} has no place in bytes")
    file.seek(place.byte_offset)
    return str(bytes(charset.to_utf8(file.read(place.byte_length), place.byte_offset)), "utf-8")
