"""Persons and firms of whom a comparison of departments' data must find something, beside those that chance brings."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import Ints
from spark_jobs.city.world.vehicles import vehicles

_GROUPS = 11
_CHANCE = 20_201_125
"""Tells this draw from others of the same seed."""


@dataclass(frozen=True)
class Cases:
    """Uids by what they are to be found for; nobody is in two groups but those who represent operators of vehicles."""

    dead_applicants: Ints
    owning_applicants: Ints
    buying_applicants: Ints
    running_applicants: Ints
    dead_poor: Ints
    owning_poor: Ints
    buying_poor: Ints
    running_poor: Ints
    dead_patients: Ints
    patients_apart: Ints
    """Treated in two counties at once."""
    patients_twice: Ints
    dead_holders: Ints
    insured_twice: Ints
    inspected: Ints
    """Companies that are inspected three times a year."""

    @property
    def applicants(self) -> Ints:
        """Of affordable housing."""
        return np.concatenate(
            [self.dead_applicants, self.owning_applicants, self.buying_applicants, self.running_applicants]
        )

    @property
    def poor(self) -> Ints:
        """On the poverty register."""
        return np.concatenate([self.dead_poor, self.owning_poor, self.buying_poor, self.running_poor])

    @property
    def dead(self) -> Ints:
        """Whose death the registry has."""
        return np.concatenate([self.dead_applicants, self.dead_poor, self.dead_patients, self.dead_holders])

    @property
    def owners(self) -> Ints:
        """Of real estate."""
        return np.concatenate([self.owning_applicants, self.owning_poor])

    @property
    def buyers(self) -> Ints:
        """Of dwellings that are being built."""
        return np.concatenate([self.buying_applicants, self.buying_poor])


@lru_cache(maxsize=1)
def planted(city: City) -> Cases:
    """As many of each kind as the city is to have, fewer where it has not as many people."""
    rng = np.random.default_rng([city.seed, _CHANCE])
    pool = rng.permutation(np.intersect1d(city.reachable, city.persons.residents))
    each = min(city.cases, len(pool) // _GROUPS)
    groups = [pool[place * each : (place + 1) * each] for place in range(_GROUPS)]
    running = np.unique(city.companies.representative[np.unique(vehicles(city).runner)])
    firms = rng.permutation(city.companies.with_uscc)[:each]
    return Cases(
        dead_applicants=groups[0],
        owning_applicants=groups[1],
        buying_applicants=groups[2],
        running_applicants=running[: 2 * each : 2],
        dead_poor=groups[3],
        owning_poor=groups[4],
        buying_poor=groups[5],
        running_poor=running[1 : 2 * each : 2],
        dead_patients=groups[6],
        patients_apart=groups[7],
        patients_twice=groups[8],
        dead_holders=groups[9],
        insured_twice=groups[10],
        inspected=firms,
    )
