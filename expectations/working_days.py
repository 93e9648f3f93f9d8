"""Working days of China: Monday to Friday, but for what the State Council's notice of the year says."""

import csv
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from expectations.code_tables import SEEDS

_FILE = SEEDS / "calendar" / "working_day_exceptions.csv"
_DAY = timedelta(days=1)
_SATURDAY = 5
_NEW_YEAR = (1, 1)


class YearUnknown(ValueError):  # noqa: N818  (an answer that callers pass on)
    """The calendar does not have a year, as its notice is not entered yet.

    Args:
        year: that year.
    """

    def __init__(self, year: int) -> None:
        super().__init__(f"working days of {year} are not known: add the notice's days to {_FILE.name}")
        self.year = year


class Exceptional(NamedTuple):
    """A day that the notice speaks of."""

    is_working: bool
    name: str
    """The festival."""
    notice: str


@cache
def exceptions() -> dict[date, Exceptional]:
    """All days that notices speak of, in order."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            date.fromisoformat(row["date"]): Exceptional(row["kind"] == "workday", row["name"], row["notice"])
            for row in csv.DictReader(file)
        }


@cache
def known_years() -> frozenset[int]:
    """Years whose notice is in the calendar: each has a New Year's Day."""
    return frozenset(day.year for day in exceptions() if (day.month, day.day) == _NEW_YEAR)


def is_working_day(day: date) -> bool:
    """Whether offices work on a day.

    Raises:
        YearUnknown: the calendar does not have its year.
    """
    if day.year not in known_years():
        raise YearUnknown(day.year)
    said = exceptions().get(day)
    return said.is_working if said else day.weekday() < _SATURDAY


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after it.

    Raises:
        YearUnknown: the calendar does not have its year.
    """
    while not is_working_day(day):
        day += _DAY
    return day


def working_days_after(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; 0 where `end` is not later.

    Raises:
        YearUnknown: the calendar does not have one of the years between.
    """
    days = ((start + _DAY * number) for number in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))
