"""When records arrive: business dates over some years, and chunks of dates that fit into memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.texts import Ints, day_number

FIRST_DAY, LAST_DAY = "2021-01-04", "2026-10-30"
_CHUNK = 400_000
"""Records in memory at once, about."""
_FEWEST_DATES = 60


@dataclass(frozen=True)
class Chunk:
    """Consecutive dates."""

    number: int
    dates: NDArray[np.int64]
    """Position of each record's date among the dates, growing."""
    last_record: int
    """How many records there are up to the end of this chunk."""


@dataclass(frozen=True)
class Schedule:
    """All dates, with the number of records on each."""

    days: Ints
    """Days since 1900-01-01, growing."""
    records: Ints

    @classmethod
    def of(cls, records: int) -> "Schedule":
        """Dates for that many records, the same number on each but for one."""
        first, last = (day_number(date.fromisoformat(day)) for day in (FIRST_DAY, LAST_DAY))
        dates = min(max(_FEWEST_DATES, -(-records // _CHUNK)), last - first)
        days = np.linspace(first, last, dates).astype(np.int64)
        ends = np.arange(1, dates + 1) * records // dates
        return cls(days, np.diff(ends, prepend=0))

    def chunks(self) -> Iterator[Chunk]:
        """Runs of dates with about as many records as fit into memory."""
        ends = np.cumsum(self.records)
        group = (ends - 1) // _CHUNK
        for number, start in enumerate(np.unique(group)):
            dates = np.flatnonzero(group == start)
            yield Chunk(number, np.repeat(dates, self.records[dates]), int(ends[dates[-1]]))

    def times(self, dates: NDArray[np.int64]) -> NDArray[np.float64]:
        """Share of the years that had passed at those dates."""
        found: NDArray[np.float64] = (dates + 0.5) / len(self.days)
        return found
