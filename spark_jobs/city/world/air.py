"""Air as stations measure it, and the index that the standard makes of it (HJ 633-2026, hourly)."""

import numpy as np

from spark_jobs.city.world.chance import Floats, chances, keys_of
from spark_jobs.city.world.texts import Ints

NODES = (0, 50, 100, 150, 200, 300, 400, 500)
"""Values of the index between which it grows evenly."""
BREAKPOINTS: dict[str, tuple[float, ...]] = {
    "PM2.5": (0, 35, 60, 115, 150, 250, 350, 500),
    "PM10": (0, 50, 120, 250, 350, 420, 500, 600),
    "SO2": (0, 150, 500, 650, 800),
    "NO2": (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    "CO": (0, 5, 10, 35, 60, 90, 120, 150),
    "O3": (0, 160, 200, 300, 400, 800, 1000, 1200),
}
"""Concentrations of an hour at the nodes: µg/m³, of CO mg/m³. That of SO2 ends at 200."""
_USUAL = {"PM2.5": 32.0, "PM10": 58.0, "SO2": 8.0, "NO2": 24.0, "CO": 0.8, "O3": 92.0}


def concentrations(seed: int, station: Ints, hour: Ints) -> dict[str, Floats]:
    """Of each pollutant; some nights are bad everywhere."""
    haze = np.where(chances(keys_of(seed, hour // 24), "haze") < 0.2, 2.2, 1.0)
    return {
        name: np.round(
            usual * haze * np.exp(chances(keys_of(seed, hour, station), name) - 0.5), 1 if name == "CO" else 0
        )
        for name, usual in _USUAL.items()
    }


def index_of(name: str, concentration: Floats) -> Ints:
    """The pollutant's own index, rounded up."""
    points = BREAKPOINTS[name]
    exact = np.interp(concentration, points, NODES[: len(points)])
    return np.ceil(np.round(exact, 6)).astype(np.int64)
