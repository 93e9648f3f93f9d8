"""Resident numbers as codes of the county of first registration, birth date and sequence (GB 11643-1999)."""

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.places import ELSEWHERE_CODES, OLD_COUNTY_CODES, villages
from spark_jobs.city.world.texts import Ints, calendar_numbers

_PERMITS = (810000, 820000, 830000)
"""Residence permits of Hong Kong, Macau, Taiwan."""
_CARDS = (942840, 942392, 942410, 942826, 942250, 942643)
"""Permanent residence cards of 2023: 9, province, numeric country code."""
_SLOTS = 480


def is_of_foreigner(prefixes: Ints) -> Mask:
    """Where the number is that of a permanent residence card."""
    found: Mask = prefixes // 100_000 == 9
    return found


def is_of_citizen(prefixes: Ints) -> Mask:
    """Where the number is a citizen's, neither of a residence permit nor of a card."""
    found: Mask = prefixes // 100_000 < 8
    return found


def draw_prefixes(village: Ints, birth: Ints, today: int, others: float, rng: np.random.Generator) -> Ints:
    """First six digits; a number keeps a county's code after the code was retired.

    Args:
        village: position in `villages` of each one's first home.
        birth: days since 1900-01-01.
        today: likewise.
        others: share of adults who are no citizens with a resident id.
        rng: source of chance.
    """
    rows = len(village)
    chance, county = rng.random(rows), villages().counties[village]
    codes = np.array(list(OLD_COUNTY_CODES), np.int64)
    old = np.array(list(OLD_COUNTY_CODES.values()), np.int64)[np.searchsorted(codes, county)]
    year = calendar_numbers(birth) // 10_000
    retired = np.where((year < 1983) & (chance < 0.1), old[:, 1], old[:, 0])
    prefix = np.where((year < 1998) & (chance < 0.85), retired, county)
    prefix = np.where(chance > 0.95, rng.choice(np.array(ELSEWHERE_CODES, np.int64), rows), prefix)
    is_other = (rng.random(rows) < others) & (birth < today - 20 * 366)
    return np.where(is_other, rng.choice(np.array(_PERMITS + _CARDS, np.int64), rows), prefix)


def sequences(prefix: Ints, birth: Ints, sex: NDArray[np.int64]) -> Ints:
    """Sequence numbers, odd for men, neighbouring ones for twins; none is a multiple of 100.

    A number that ends in three zeros could not be told from one that a spreadsheet has damaged.
    """
    group = (prefix * 100_000 + birth) * 2 + (sex - 1)
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    is_first = np.ones(len(group), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    firsts = np.flatnonzero(is_first)
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - firsts[np.cumsum(is_first) - 1]
    slot = (rank + (prefix * 31 + birth * 17) % 479) % _SLOTS
    slot += slot // 49
    return np.where(sex == 1, 2 * slot + 1, 2 * slot + 2)
