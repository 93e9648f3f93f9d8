"""When a feed delivers: business days, and which of its rows come in which file on which day."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from spark_jobs.city.world.texts import day_number


@dataclass(frozen=True)
class Slot:
    """Which rows of a feed one file holds, and on which day it comes."""

    feed: str
    business_date: date
    file: str
    first: int
    """Position of its first row in the feed."""
    rows: int
    number: int
    """Position of the file among the feed's files."""
    files: int
    seed: int

    @property
    def business_day(self) -> int:
        """Days since 1900-01-01."""
        return day_number(self.business_date)

    def rng(self, about: str) -> np.random.Generator:
        """A source of chance that no other feed, file or matter shares: none of them changes another."""
        names = (zlib.crc32(text.encode()) for text in (self.feed, about))
        return np.random.default_rng([self.seed, *names, self.number])


def business_days(start: date, days: int) -> list[date]:
    """So many weekdays from a day on."""
    found: list[date] = []
    day = start
    while len(found) < days:
        if day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found


def slots_of(
    feed: str,
    rows: int,
    dates: Sequence[date],
    most_rows_of_file: int,
    name: Callable[[date, int, int], str],
    seed: int,
) -> Iterator[Slot]:
    """The feed's files in order; its rows spread evenly over them.

    Args:
        feed: its id.
        rows: of all files together.
        dates: the business dates of files.
        most_rows_of_file: a day with more rows comes in several files.
        name: the file of a business date, of so many parts that number.
        seed: of all chance.
    """
    parts = -(-rows // (len(dates) * most_rows_of_file)) or 1
    files = len(dates) * parts
    for number in range(files):
        first, end = rows * number // files, rows * (number + 1) // files
        day, part = dates[number // parts], number % parts
        yield Slot(feed, day, name(day, part, parts), first, end - first, number, files, seed)
