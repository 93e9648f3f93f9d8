"""Chance without a state: every draw is a function of the seed, of whom it is about, and of what it decides.

A record repeated in another chunk therefore comes out the same, and chunks can be made in any order.
"""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
"""One number for each thing that chance decides about."""
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1


def keys_of(seed: int, *parts: Any) -> Keys:
    """Keys for whole columns of integers; the same integers under the same seed have the same key."""
    state = np.uint64((seed * _GOLDEN + 1) & _MASK)
    mixed: Keys = np.zeros(1, np.uint64)
    for part in parts:
        mixed = _mix(np.asarray(part).astype(np.uint64) + state + mixed * np.uint64(_GOLDEN))
    return mixed


def chances(keys: Keys, about: str) -> Floats:
    """A number in [0, 1) for each key; draws about different matters are independent."""
    salt = np.uint64((zlib.crc32(about.encode()) * _GOLDEN) & _MASK)
    drawn: Floats = (_mix(keys ^ salt) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return drawn


def happens(keys: Keys, about: str, share: Any) -> Mask:
    """Where it happens; `share` is one number or one a key."""
    hit: Mask = chances(keys, about) < share
    return hit


def choices(keys: Keys, about: str, count: Any) -> NDArray[np.int64]:
    """One of `count` (one number, or one a key), all alike."""
    chosen: NDArray[np.int64] = (chances(keys, about) * count).astype(np.int64)
    return chosen


def weighted(keys: Keys, about: str, weights: Any) -> NDArray[np.int64]:
    """One position of the weights, which need not add up to one."""
    bounds = np.cumsum(np.asarray(weights, np.float64))
    found: NDArray[np.int64] = np.searchsorted(bounds, chances(keys, about) * bounds[-1], side="right").astype(np.int64)
    return found


def _mix(values: Keys) -> Keys:
    """The finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
