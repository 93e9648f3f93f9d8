"""Where villages lie on the map: a made-up centre within each one's county, and places around it (CGCS2000)."""

from functools import cache

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.world.chance import chances, keys_of
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.points import near_county
from spark_jobs.city.world.texts import Ints, Texts, joined, numbers

_REACH, _AROUND = 150_000, 6_000
"""Millionths of a degree: from a county's seat to its villages, and from a village to the places in it."""


@cache
def village_positions() -> tuple[Ints, Ints]:
    """Longitude and latitude of each village, in millionths of a degree."""
    return near_county(villages().counties, keys_of(0, np.arange(len(villages().codes))), _REACH)


def positions_of(village: Ints, which: Ints, seed: int) -> tuple[Ints, Ints]:
    """Longitude and latitude of things in those villages, in millionths of a degree; the same thing stays put."""
    east, north = village_positions()
    keys = keys_of(seed, village, which)
    return east[village] + _offset(keys, "east", _AROUND), north[village] + _offset(keys, "north", _AROUND)


def degrees(millionths: Ints) -> Texts:
    """Positive degrees with six decimals."""
    whole, fraction = numbers(millionths // 1_000_000), numbers(millionths % 1_000_000)
    return joined(whole, ".", pc.utf8_lpad(fraction, 6, padding="0"))


def _offset(keys: np.ndarray[tuple[int], np.dtype[np.uint64]], about: str, reach: int) -> Ints:
    found: Ints = ((chances(keys, about) * 2 - 1) * reach).astype(np.int64)
    return found
