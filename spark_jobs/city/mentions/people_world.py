"""The people as entities of the generator."""

import numpy as np

from spark_jobs.city.mentions.captures import World
from spark_jobs.city.mentions.feeds import PERSON_HABITS, RESIDENT_REGISTRY, feeds
from spark_jobs.city.mentions.person_captures import person_columns
from spark_jobs.city.world.people import make_people


def people_world(total: int, today: int, seed: int) -> World:
    """That many people as of a day (days since 1900-01-01)."""
    people = make_people(total, today, seed)
    activity = np.cumsum(np.random.default_rng([seed, 3]).gamma(4.0, size=total))
    return World(
        entities=total,
        activity=activity / activity[-1],
        habits=PERSON_HABITS,
        registry=RESIDENT_REGISTRY,
        roles=feeds().roles,
        columns=lambda captures: person_columns(people, captures),
    )
