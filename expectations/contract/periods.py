"""When deliveries of a feed are due: a period of its cycle, and until when what is of it must have come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from croniter import croniter  # type: ignore[import-untyped]

from expectations.contract.feed import FeedContract
from expectations.working_days import is_working_day, working_day_from

_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAILY = frozenset({"real_time", "hour", "day"})


@dataclass(frozen=True)
class Period:
    """Business dates of which one delivery at least is due."""

    first: date
    last: date
    title: str
    """In Chinese."""

    def holds(self, day: date) -> bool:
        """A business date is of this period."""
        return self.first <= day <= self.last


def period_of(contract: FeedContract, day: date) -> Period:
    """The period that a business date is of."""
    cycle = contract.catalogue.update_cycle
    if cycle in _DAILY:
        return Period(day, day, day.isoformat())
    if cycle == "week":
        first = day - _DAY * day.weekday()
        return Period(first, first + 6 * _DAY, f"{first} 至 {first + 6 * _DAY} 一周")
    if cycle == "term":
        return _term_of(day)
    months = _MONTHS[cycle]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, _last_day(first, months), _title(cycle, first))


def _title(cycle: str, first: date) -> str:
    titles = {"month": f"{first.year}年{first.month}月", "quarter": f"{first.year}年第{first.month // 3 + 1}季度"}
    return titles.get(cycle, f"{first.year}年")


def _term_of(day: date) -> Period:
    """Spring from February, autumn from August: each with the holidays that come before it."""
    is_spring = 2 <= day.month < 8
    first = date(day.year - (day.month < 2), 2 if is_spring else 8, 1)
    return Period(first, _last_day(first, 6), f"{first.year}年{'春' if is_spring else '秋'}季学期")


def _last_day(first: date, months: int) -> date:
    place = first.month - 1 + months
    return date(first.year + place // 12, place % 12 + 1, 1) - _DAY


def periods(contract: FeedContract, start: date) -> Iterator[Period]:
    """The periods from the one that a business date is of on, whether something is due of them or not."""
    period = period_of(contract, start)
    while True:
        yield period
        period = period_of(contract, period.last + _DAY)


def is_expected(contract: FeedContract, period: Period) -> bool:
    """Something is due of the period.

    Raises:
        YearUnknown: the calendar does not know its working days.
    """
    cycle = contract.catalogue.update_cycle
    days = contract.due.days or ("working" if cycle == "day" else "calendar")
    return days == "calendar" or cycle not in _DAILY or is_working_day(period.first)


def due_on(contract: FeedContract, period: Period) -> date:
    """The last day on which what is of the period is in time, a working day.

    Expected is the business date that the first run within the period takes in: the last day that was over when it
    began. It is in time for `late_after` from that day's beginning, and a day longer where that is less than a day.

    Raises:
        YearUnknown: the calendar does not have the year of that day.
    """
    start = datetime.combine(_expected(contract.schedule, period), time())
    is_short = contract.late_after < _DAY
    return working_day_from((start + contract.late_after + (_DAY if is_short else timedelta())).date())


def _expected(schedule: str, period: Period) -> date:
    """The business date that is expected; the period's last where no run begins within it."""
    run: datetime = croniter(schedule, datetime.combine(period.first + _DAY, time()) - timedelta.resolution).get_next(
        datetime
    )
    return min(run.date() - _DAY, period.last)
