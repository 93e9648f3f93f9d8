"""The firms as entities of the generator."""

import numpy as np

from spark_jobs.city.mentions.captures import World
from spark_jobs.city.mentions.feeds import ENTERPRISE_REGISTRATION, FIRM_HABITS, feeds
from spark_jobs.city.mentions.firm_captures import firm_columns
from spark_jobs.city.world.firms import make_firms


def firms_world(total: int, today: int, seed: int) -> World:
    """That many firms as of a day (days since 1900-01-01)."""
    firms = make_firms(total, today, seed)
    activity = np.cumsum(np.random.default_rng([seed, 3]).gamma(4.0, size=total))
    return World(
        entities=total,
        activity=activity / activity[-1],
        habits=FIRM_HABITS,
        registry=ENTERPRISE_REGISTRATION,
        roles=feeds().firm_roles,
        columns=lambda captures: firm_columns(firms, captures),
    )
