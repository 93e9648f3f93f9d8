"""Telephone numbers: mobiles by the heads that are in use, and those of clerks and agents, which many share."""

import numpy as np

from spark_jobs.city.world.chance import Keys, choices
from spark_jobs.city.world.texts import Ints

_HEADS = np.array([130, 133, 135, 136, 138, 139, 150, 158, 166, 177, 181, 187, 189, 191, 198], np.int64)


def draw_mobiles(rows: int, rng: np.random.Generator) -> Ints:
    """Mobile numbers of eleven digits."""
    return rng.choice(_HEADS, rows) * 10**8 + rng.integers(0, 10**8, rows)


def phone_of(keys: Keys, whose: str) -> Ints:
    """The mobile of a clerk, an agent or a firm."""
    return 13_300_000_000 + choices(keys, f"phone of {whose}", 600_000_000) // 7 * 7
