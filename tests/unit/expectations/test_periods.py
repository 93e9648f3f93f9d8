"""Working days by the State Council's notices, and what a cycle makes due until when."""

from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest

from expectations.contract.feed import FeedContract
from expectations.contract.periods import due_on, is_expected, period_of, periods
from expectations.working_days import (
    YearUnknown,
    exceptions,
    is_working_day,
    known_years,
    working_day_from,
    working_days_after,
)
from tests.unit.intake.formats.decoding_cases import CSV, contract_of


def feed(cycle: str, late_after: str = "P5D", schedule: str = "0 3 * * *", **due: Any) -> FeedContract:
    catalogue = contract_of(CSV).catalogue.model_dump() | {"update_cycle": cycle}
    return contract_of(CSV, catalogue=catalogue, late_after=late_after, schedule=schedule, due=due)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param("2019-05-02", False, id="May 2019 as amended"),
        pytest.param("2019-04-28", True, id="Sunday worked for it"),
        pytest.param("2020-01-31", False, id="Spring Festival 2020 as extended"),
        pytest.param("2020-02-01", False, id="no longer worked"),
        pytest.param("2020-02-03", True, id="the first day after"),
        pytest.param("2024-02-09", True, id="New Year's Eve 2024 is a working day"),
        pytest.param("2025-02-08", True, id="Saturday worked"),
        pytest.param("2026-02-23", False, id="Monday off"),
        pytest.param("2026-02-28", True, id="Saturday worked for it"),
        pytest.param("2026-07-04", False, id="any Saturday"),
        pytest.param("2026-07-06", True, id="any Monday"),
    ],
)
def test_a_day_is_a_working_day_by_the_notice_of_its_year(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("year", "days"),
    [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year: int, days: int) -> None:
    assert working_days_after(date(year, 1, 1), date(year, 12, 31)) == days


def test_only_weekdays_are_off_and_only_weekends_are_worked_beyond_the_usual() -> None:
    for day, said in exceptions().items():
        assert not said.is_working or day.weekday() >= 5, day
    assert list(exceptions()) == sorted(exceptions())


def test_a_year_without_notice_is_said_not_guessed() -> None:
    unknown = max(known_years()) + 1
    with pytest.raises(YearUnknown, match=str(unknown)):
        is_working_day(date(unknown, 3, 1))
    with pytest.raises(YearUnknown):
        working_day_from(date(unknown - 1, 12, 31) + timedelta(days=1))
    with pytest.raises(YearUnknown):
        due_on(feed("day"), period_of(feed("day"), date(unknown - 1, 12, 30)))


@pytest.mark.parametrize(
    ("cycle", "day", "first", "last", "title"),
    [
        ("hour", "2026-07-01", "2026-07-01", "2026-07-01", "2026-07-01"),
        ("day", "2026-07-01", "2026-07-01", "2026-07-01", "2026-07-01"),
        ("week", "2026-07-05", "2026-06-29", "2026-07-05", "2026-06-29 至 2026-07-05 一周"),
        ("month", "2026-02-28", "2026-02-01", "2026-02-28", "2026年2月"),
        ("quarter", "2026-12-01", "2026-10-01", "2026-12-31", "2026年第4季度"),
        ("term", "2026-01-15", "2025-08-01", "2026-01-31", "2025年秋季学期"),
        ("term", "2026-02-01", "2026-02-01", "2026-07-31", "2026年春季学期"),
        ("year", "2026-07-01", "2026-01-01", "2026-12-31", "2026年"),
    ],
)
def test_a_business_date_is_of_a_period(cycle: str, day: str, first: str, last: str, title: str) -> None:
    period = period_of(feed(cycle), date.fromisoformat(day))
    assert (period.first.isoformat(), period.last.isoformat(), period.title) == (first, last, title)


@pytest.mark.parametrize("cycle", ["real_time", "hour", "day", "week", "month", "quarter", "term", "year"])
def test_periods_join_without_gap_or_overlap(cycle: str) -> None:
    found = list(islice(periods(feed(cycle), date(2023, 11, 20)), 40))
    for one, following in zip(found, found[1:], strict=False):
        assert following.first == one.last + timedelta(days=1)
        assert period_of(feed(cycle), one.last) == one


@pytest.mark.parametrize(
    ("cycle", "schedule", "late_after", "day", "expected"),
    [
        pytest.param("day", "0 3 * * *", "P1DT2H", "2026-07-01", "2026-07-02", id="the next day"),
        pytest.param("day", "0 3 * * *", "P1D", "2026-07-03", "2026-07-06", id="Saturday: on Monday"),
        pytest.param("day", "0 3 * * *", "P1D", "2026-02-13", "2026-02-14", id="Saturday that is worked"),
        pytest.param("day", "0 3 * * *", "P1D", "2026-02-14", "2026-02-24", id="over the Spring Festival"),
        pytest.param("hour", "10 * * * *", "PT3H", "2026-07-01", "2026-07-02", id="hourly"),
        pytest.param("week", "0 4 * * 6", "P3D", "2026-07-01", "2026-07-06", id="taken in on Saturday"),
        pytest.param("month", "0 2 2 * *", "P5D", "2026-07-15", "2026-07-06", id="taken in on the second"),
        pytest.param("month", "0 2 2 * *", "P30D", "2026-09-01", "2026-10-08", id="over the National Day"),
        pytest.param("month", "0 2 1 * *", "P5D", "2026-07-01", "2026-08-05", id="taken in on the first"),
        pytest.param("quarter", "0 2 5 1,4,7,10 *", "P10D", "2026-08-01", "2026-07-14", id="quarterly"),
        pytest.param("term", "0 5 20 3,9 *", "P15D", "2026-03-01", "2026-04-03", id="of the spring term"),
        pytest.param("year", "0 6 15 2 *", "P20D", "2026-01-01", "2026-03-06", id="yearly"),
    ],
)
def test_due_is_a_working_day(cycle: str, schedule: str, late_after: str, day: str, expected: str) -> None:
    contract = feed(cycle, late_after, schedule)
    assert due_on(contract, period_of(contract, date.fromisoformat(day))).isoformat() == expected


@pytest.mark.parametrize(
    ("cycle", "days", "expected"),
    [("day", None, False), ("day", "calendar", True), ("hour", None, True), ("month", None, True)],
)
def test_of_a_day_off_a_daily_file_is_not_due(cycle: str, days: str | None, expected: bool) -> None:
    contract = feed(cycle, days=days)
    assert is_expected(contract, period_of(contract, date(2026, 10, 1))) is expected
