"""Which runs of a feed cover given business dates."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter  # type: ignore[import-untyped]

from expectations.contract.feed import FeedContract

CITY_TIME = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """The start of a business date."""
    return datetime.combine(day, time(), CITY_TIME)


def logical_dates(schedule: str, first: date, last: date) -> tuple[datetime, datetime]:
    """The earliest and latest start of the data intervals that cover business dates `first` to `last`.

    A monthly interval that began before `first` and holds it counts; so do all 24 intervals of an hourly day.
    """
    start = _tick_until(schedule, midnight(first + DAY))
    latest = midnight(last + DAY) - timedelta(seconds=1)
    return (start if start < midnight(first) else midnight(first)), latest


def have_all_ended(schedule: str, last: date, now: datetime | None = None) -> bool:
    """Whether the data interval that covers business date `last` is over; Airflow backfills no other."""
    final = _tick_until(schedule, midnight(last + DAY))
    return bool(croniter(schedule, final).get_next(datetime) < (now or datetime.now(UTC)))


def is_finer_than_a_day(feed: FeedContract) -> bool:
    """Whether a day has more than one data interval."""
    return feed.catalogue.update_cycle in {"real_time", "hour"}


def _tick_until(schedule: str, moment: datetime) -> datetime:
    """The last time before `moment` at which the schedule fires."""
    found: datetime = croniter(schedule, moment).get_prev(datetime)
    return found
