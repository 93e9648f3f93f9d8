"""Enterprises that authorities watch: the 59 polluters with instruments, and those with major hazards."""

import numpy as np

from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.companies import Companies
from spark_jobs.city.world.texts import Ints, Texts, joined, numbers

POLLUTERS = 59
"""Enterprises under automatic monitoring, by the study of 2020."""
_HAZARDS_PER_FIRM, _FEWEST_HAZARDS = 0.01, 90


def polluters(companies: Companies) -> Ints:
    """Company uid of each polluter; where the city has fewer enterprises, some have several outlets."""
    firms = companies.enterprises
    return firms[np.arange(POLLUTERS) * max(len(firms) // POLLUTERS, 1) % len(firms)]


def discharges_water(polluter: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Three of five are watched for their waste water, the others for their waste gas."""
    is_water: np.ndarray[tuple[int], np.dtype[np.bool_]] = polluter % 5 < 3
    return is_water


def device_numbers(polluter: Ints) -> Texts:
    """MN of the instrument of each polluter, 24 characters (HJ 212-2017, 6.3.3)."""
    return joined("421200XN", numbers(polluter + 1, 16))


def hazards(companies: Companies, seed: int) -> Ints:
    """Company uid of each major hazard, in order; a firm may have several, and polluters have some."""
    firms = companies.enterprises
    many = max(int(len(firms) * _HAZARDS_PER_FIRM), _FEWEST_HAZARDS)
    of_others = firms[choices(keys_of(seed, np.arange(many)), "hazard", len(firms))]
    return np.concatenate([polluters(companies)[: many // 4], of_others[many // 4 :]])
