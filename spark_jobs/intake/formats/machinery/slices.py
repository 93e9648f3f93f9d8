"""Many parts of a text at once: compared with what should stand there, and taken out."""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.intake.formats.machinery.charset import Positions

Codes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def stands(codes: Codes, at: Positions, literal: bytes) -> Mask:
    """Where the literal stands at a place."""
    last = len(codes) - len(literal)
    if last < 0:
        return np.zeros(len(at), np.bool_)
    is_there: Mask = at <= last
    at = np.minimum(at, last)
    for start, width in _words(len(literal)):
        kind = np.dtype(f"<u{width}")
        words: NDArray[Any] = np.ndarray((len(codes) - width + 1,), kind, codes, strides=(1,))
        is_there &= words[at + start] == np.frombuffer(literal, kind, 1, start)[0]
    return is_there


@cache
def _words(length: int) -> list[tuple[int, int]]:
    """Places and widths of whole numbers that cover so many bytes, the last of which may overlap."""
    width = next((width for width in (8, 4, 2) if width <= length), 1)
    return [(min(start, length - width), width) for start in range(0, length, width)]


def texts_between(buffer: pa.Buffer, starts: Positions, ends: Positions) -> pa.Array:
    """The texts between these places, which are in order and apart: every other one of those between all of them."""
    edges = np.empty(2 * len(starts) + 1, np.int32)
    edges[:-1:2], edges[1::2] = starts, ends
    edges[-1] = ends[-1] if len(ends) else 0
    parts = pa.StringArray.from_buffers(2 * len(starts), pa.py_buffer(edges), buffer)
    return parts.take(pa.array(np.arange(0, 2 * len(starts), 2)))
