"""Where villages lie on the map: a made-up centre within each one's county, and places around it (CGCS2000)."""

from functools import cache

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.world.chance import chances, keys_of
from spark_jobs.city.world.places import county_place, villages
from spark_jobs.city.world.texts import Ints, Texts, joined, numbers

_CENTRES = np.array(
    [
        [114_320_000, 29_870_000],
        [113_930_000, 29_970_000],
        [113_820_000, 29_250_000],
        [114_040_000, 29_550_000],
        [114_500_000, 29_600_000],
        [113_900_000, 29_730_000],
    ],
    np.int64,
)
"""The seat of each county, to a hundredth of a degree; longitude and latitude in millionths of a degree."""
_REACH, _AROUND = 150_000, 6_000
"""Millionths of a degree: from a county's seat to its villages, and from a village to the places in it."""


@cache
def village_positions() -> tuple[Ints, Ints]:
    """Longitude and latitude of each village, in millionths of a degree."""
    rows = np.arange(len(villages().codes))
    centre = _CENTRES[county_place(villages().counties)]
    keys = keys_of(0, rows)
    return centre[:, 0] + _offset(keys, "east", _REACH), centre[:, 1] + _offset(keys, "north", _REACH)


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
