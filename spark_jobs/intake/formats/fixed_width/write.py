"""Lines of fixed width, written."""

import gzip
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from expectations.contract.formats.fixed_width import FixedWidth

_COMPRESSION = 6


@contextmanager
def writing_lines(path: Path, options: FixedWidth) -> Iterator[Callable[[bytes], object]]:
    """A new file, compressed as the contract says; equal lines give equal bytes."""
    with path.open("wb") as file:
        if options.compression is None:
            yield file.write
        else:
            with gzip.GzipFile("", "wb", _COMPRESSION, cast(BinaryIO, file), mtime=0) as packed:
                yield packed.write


def line_of(options: FixedWidth, row: Mapping[str, str]) -> bytes:
    """A row by its source columns as a line; a field that the row has no value for is empty.

    Raises:
        ValueError: a value does not fit its field, or could not be told from the padding around it.
        UnicodeEncodeError: a value holds a character that the encoding lacks.
    """
    fields = [_field(options, name, width, row.get(name, "")) for name, width in options.fields.items()]
    return b"".join(fields) + b"\n"


def _field(options: FixedWidth, name: str, width: int, value: str) -> bytes:
    raw = value.encode(options.encoding)
    if len(raw) > width:
        raise ValueError(f"{name}: a value of {len(raw)} bytes does not fit a field of {width}")
    if value.strip(options.padding) != value or "\n" in value or "\r" in value:
        raise ValueError(f"{name}: a value that begins or ends like padding, or holds a line break, fits no field")
    return raw.ljust(width, options.padding.encode())
