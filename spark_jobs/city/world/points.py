"""Points of the city as devices measure them: WGS-84, in millionths of a degree."""

import numpy as np
import pyarrow as pa

from spark_jobs.city.world.chance import Keys, chances
from spark_jobs.city.world.places import county_place
from spark_jobs.city.world.texts import Ints, Texts, decimals

_CENTRES = np.array(
    [
        (114_322_000, 29_840_000),
        (113_939_000, 29_972_000),
        (113_816_000, 29_246_000),
        (114_040_000, 29_556_000),
        (114_482_000, 29_606_000),
        (113_900_000, 29_724_000),
    ],
    np.int64,
)
"""Of the counties, in the order of their codes."""
_AROUND = 60_000
"""How far a point is from the centre at most, some six kilometres."""


def near_county(county: Ints, keys: Keys, reach: int = _AROUND) -> tuple[Ints, Ints]:
    """Longitude and latitude of something in a county's seat, or so far from it, for each key."""
    centre = _CENTRES[county_place(county)]
    east, north = ((chances(keys, about) * 2 - 1) * reach for about in ("longitude", "latitude"))
    return centre[:, 0] + east.astype(np.int64), centre[:, 1] + north.astype(np.int64)


def degrees(millionths: Ints) -> Texts:
    """With six decimals."""
    return decimals(millionths / 1_000_000, 6)


def shortest_degrees(millionths: Ints) -> Texts:
    """With as few decimals as say the same, as JSON has them."""
    return pa.array([repr(value) for value in (millionths / 1_000_000).tolist()], pa.string())
