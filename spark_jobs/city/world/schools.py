"""The schools of the city: some of each county and stage, by made-up names."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from spark_jobs.city.world.places import county_names
from spark_jobs.city.world.texts import Ints

PRIMARY, JUNIOR, SENIOR = range(3)
_NAMES = (
    ("第一小学", PRIMARY),
    ("实验小学", PRIMARY),
    ("希望小学", PRIMARY),
    ("第一初级中学", JUNIOR),
    ("实验初级中学", JUNIOR),
    ("第一高级中学", SENIOR),
)
FIRST_GRADE = (1, 7, 10)
"""Of each stage."""


@dataclass(frozen=True)
class Schools:
    """Every school, one position each; those of a county stand together, in the order of the counties' codes."""

    codes: list[str]
    """Ten digits (学校标识码)."""
    names: list[str]
    stage: Ints
    county: Ints

    def of(self, county_place: Ints, stage: Ints, turn: Ints) -> Ints:
        """A school for each county and stage; those of one stage take turns."""
        first = np.array([[name for _, name in _NAMES].index(each) for each in (PRIMARY, JUNIOR, SENIOR)])
        count = np.array([sum(name == each for _, name in _NAMES) for each in (PRIMARY, JUNIOR, SENIOR)])
        found: Ints = county_place * len(_NAMES) + first[stage] + turn % count[stage]
        return found


@cache
def schools() -> Schools:
    """All of them."""
    counties = sorted(county_names().items())
    every = [(code, county[:-1] + name, stage) for code, county in counties for name, stage in _NAMES]
    return Schools(
        codes=[f"{(2, 3, 3)[stage]}142{number:06d}" for number, (_, _, stage) in enumerate(every, 1)],
        names=[name for _, name, _ in every],
        stage=np.array([stage for _, _, stage in every], np.int64),
        county=np.array([code for code, _, _ in every], np.int64),
    )
