"""The vehicles that carry people, goods and earth for hire: who runs them, who drives them, what reports their way."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.world.chance import choices, happens, keys_of, weighted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.identifiers import vehicle_numbers
from spark_jobs.city.world.texts import Ints, Texts, calendar_numbers, joined, numbers, taken

COACH, CHARTER, TAXI, BUS, TRUCK, HAZARDOUS, MUCK = range(7)
"""Kinds: coaches on a line, chartered ones, taxis, city buses, trucks, those of dangerous goods, muck trucks."""
_KIND_SHARES = (0.16, 0.06, 0.18, 0.10, 0.30, 0.08, 0.12)
YELLOW, BLUE, GREEN = 2, 1, 5
"""Colours of plates (JT/T 697.7)."""
_ELECTRIC_SHARES = (0.05, 0.0, 0.5, 0.6, 0.02, 0.0, 0.1)
"""Of each kind, those of new energy."""
_PER_RECORD, _FEWEST = 0.02, 80
_LETTERS = list("ABCDEFGHJKLMNPQRSTUVWXYZ")
_SIGNS = [*"0123456789", *_LETTERS]
_RUNNERS = 7
"""Vehicles of one firm, on average."""


@dataclass(frozen=True)
class Vehicles:
    """Every vehicle, one position each."""

    kind: Ints
    plate: Texts
    colour: Ints
    vin: Texts
    runner: Ints
    """Company uid."""
    driver: Ints
    """Person uid."""
    terminal: Texts
    """Number of the device's telephone, twelve digits (JT/T 808)."""
    registered: Ints
    """Days since 1900-01-01."""

    def __len__(self) -> int:
        return len(self.kind)

    def of_kinds(self, *kinds: int) -> Ints:
        """Positions of the vehicles of those kinds."""
        return np.flatnonzero(np.isin(self.kind, kinds))


@lru_cache(maxsize=1)
def vehicles(city: City) -> Vehicles:
    """The vehicles of a city; their number follows from its records alone."""
    total = max(int(city.records * _PER_RECORD), _FEWEST)
    every = np.arange(total)
    keys = keys_of(city.seed, every)
    kind = weighted(keys, "kind of vehicle", _KIND_SHARES)
    kind[: len(_KIND_SHARES)] = np.arange(len(_KIND_SHARES))  # each kind is there, however small the city
    is_electric = happens(keys, "new energy", np.array(_ELECTRIC_SHARES)[kind])
    registered = city.today - 30 - choices(keys, "age of vehicle", 10 * 365)
    fleets = city.companies.with_uscc[: max(total // _RUNNERS, 1)]
    return Vehicles(
        kind=kind,
        plate=_plates(every, is_electric),
        colour=np.where(is_electric, GREEN, np.where(kind == TAXI, BLUE, YELLOW)),
        vin=vehicle_numbers(b"LXN", 10_000 + kind, calendar_numbers(registered) // 10_000, every % 1_000_000),
        runner=fleets[every // _RUNNERS % len(fleets)],
        driver=city.reachable[choices(keys, "driver", len(city.reachable))],
        terminal=numbers(64_000_000_000 + every, 12),
        registered=registered,
    )


def _plates(every: Ints, is_electric: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Texts:
    """Five signs on ordinary plates; a D and five digits on those of new energy (GA 36-2018)."""
    scattered = every * 7_919 % (len(_LETTERS) * len(_SIGNS) * 1000)
    letter, sign = scattered // 1000 // len(_SIGNS), scattered // 1000 % len(_SIGNS)
    ordinary = joined("鄂L", taken(_LETTERS, letter), taken(_SIGNS, sign), numbers(scattered % 1000, 3))
    return pc.if_else(pa.array(is_electric), joined("鄂LD", numbers(every % 100_000, 5)), ordinary)
