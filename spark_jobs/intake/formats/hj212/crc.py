"""The check of HJ 212 frames (HJ 212-2017 and -2025, annex A), of many at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0xA001


def _table() -> NDArray[np.uint16]:
    """What eight shifts make of each byte."""
    found = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        found = np.where(found & 1, (found >> 1) ^ _POLYNOMIAL, found >> 1).astype(np.uint16)
    return found


_TABLE = _table()
_OF_ONE = _TABLE.tolist()


def crcs(text: bytes, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """The check of each part of `text`.

    Unlike that of Modbus, each byte is combined with the high byte of the register, not with the low one.
    """
    if not starts:
        return []
    codes = np.frombuffer(text, np.uint8)
    first = np.array(starts, np.int64)
    lengths = np.array(ends, np.int64) - first
    order = np.argsort(-lengths, kind="stable")
    first, lengths = first[order], lengths[order]
    register = np.full(len(first), 0xFFFF, np.uint16)
    for place in range(int(lengths[0])):
        longer = int(np.searchsorted(-lengths, -place, side="left"))
        register[:longer] = _TABLE[(register[:longer] >> 8) ^ codes[first[:longer] + place]]
    found = np.empty(len(first), np.int64)
    found[order] = register
    return [int(each) for each in found]


def crc(text: bytes) -> int:
    """The check of a single data segment: byte by byte, as arrays of one element cost fifty times as much."""
    register = 0xFFFF
    for byte in text:
        register = _OF_ONE[(register >> 8) ^ byte]
    return register
