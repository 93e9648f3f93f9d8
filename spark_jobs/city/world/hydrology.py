"""Hydrological stations of the city (SL 323, ST_STBPRP_B), and the weather that they all measure."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from spark_jobs.city.world.chance import Floats, chances, keys_of
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints

_HOUR = 3600


@dataclass(frozen=True)
class Stations:
    """The stations of some kinds."""

    codes: list[str]
    """STCD, eight digits; some of the last built have a letter."""
    names: list[str]
    base: Floats
    """Usual level, metres above the datum of 1985."""
    alarm: Floats
    """Warning level of rivers, flood-limit level of reservoirs."""
    capacity: Floats
    """Of reservoirs, 10⁶ m³ at the warning level."""

    def __len__(self) -> int:
        return len(self.codes)


@cache
def stations(*kinds: str) -> Stations:
    """Stations of those kinds (STTP), such as ZQ and ZZ of rivers, RR of reservoirs, PP of rain."""
    rows = [row for row in read_table("hydrology_stations.csv") if row["type"] in kinds]

    def of(name: str) -> Floats:
        return np.array([float(row[name] or 0) for row in rows])

    return Stations(
        [row["code"] for row in rows], [row["name"] for row in rows], of("base"), of("alarm"), of("capacity")
    )


def rainfall(seed: int, station: Ints, day: int, seconds: Ints) -> Floats:
    """Millimetres in the hour that ends then: the same rain wherever it is asked for; most hours are dry."""
    hour = day * 24 + seconds // _HOUR
    is_wet = chances(keys_of(seed, hour // 5), "it rains") < 0.2
    amount = -np.log(1 - chances(keys_of(seed, hour, station), "rain")) * 2.5
    return np.where(is_wet, np.round(amount, 1), np.float64(0))


def swell(seed: int, station: Ints, day: int, seconds: Ints) -> Floats:
    """How far a level is above its usual one, in metres: the slow rise and fall of a week and a little noise."""
    hour = day * 24.0 + seconds / _HOUR
    phase = chances(keys_of(seed, station), "phase") * 2 * np.pi
    wave = 1.2 * np.sin(hour * 2 * np.pi / (7 * 24) + phase)
    return wave + 0.02 * chances(keys_of(seed, station, day * 86_400 + seconds), "ripple")
