"""How many records each feed gets, and which of them come in which file on which day."""

from collections.abc import Iterator
from datetime import date, timedelta

from spark_jobs.city.batch import Slot
from spark_jobs.city.world.texts import day_number
from spark_jobs.city.write.database import TABLE

RESIDENTS = "public_security/resident_registry"
SETTLEMENTS = "medical_insurance/settlement"
CASES = "government_service/approval_case"
ENTERPRISES = "market_regulation/enterprise_registration"
MARRIAGES = "civil_affairs/marriage_registration"
APPLICATIONS = "housing/affordable_housing_application"

SHARES = {RESIDENTS: 30, SETTLEMENTS: 40, CASES: 12, ENTERPRISES: 8, MARRIAGES: 7, APPLICATIONS: 3}
"""Percent of the records that each generated feed gets."""

_MAX_ROWS_OF_WORKBOOK = 200_000
"""The contract's bound on one delivery; a sheet could hold 1,048,575."""
_MAX_ROWS_OF_FILE = 500_000
"""A larger day comes in several files, so that memory does not grow with the city's size."""

_EXTENSIONS = {SETTLEMENTS: "txt.gz", APPLICATIONS: "xlsx"}


def business_days(start: date, days: int) -> list[date]:
    """So many weekdays from a day on."""
    found: list[date] = []
    day = start
    while len(found) < days:
        if day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found


def rows_of(records: int, feed: str) -> int:
    """How many records a generated feed gets; what a workbook cannot hold goes to settlements."""
    rows = {name: records * share // 100 for name, share in SHARES.items()}
    rows[APPLICATIONS] = min(rows[APPLICATIONS], _MAX_ROWS_OF_WORKBOOK)
    rows[SETTLEMENTS] += records - sum(rows.values())
    return rows[feed]


def slots(feed: str, records: int, days: list[date]) -> Iterator[tuple[Slot, date]]:
    """The feed's files in order: a weekly feed has one, on the last day; the rows of others spread over the days."""
    total = rows_of(records, feed)
    days = days[-1:] if feed == APPLICATIONS else days
    parts = 1 if feed in (CASES, APPLICATIONS) else -(-total // (len(days) * _MAX_ROWS_OF_FILE)) or 1
    files = len(days) * parts
    for number in range(files):
        first, end = total * number // files, total * (number + 1) // files
        business_date, part = days[number // parts], number % parts
        suffix = f"_{part + 1:02d}" if parts > 1 else ""
        stem = f"{feed.rpartition('/')[2]}_{business_date:%Y%m%d}{suffix}"
        file = TABLE if feed == CASES else f"{stem}.{_EXTENSIONS.get(feed, 'csv')}"
        yield Slot(feed, day_number(business_date), file, first, end - first, number, files), business_date
