"""Which data intervals cover given business dates, for each rhythm of a contract."""

from datetime import UTC, date, datetime

import pytest

from expectations.contract.catalogue import load_feed
from infra.airflow.intervals import have_all_ended, logical_dates, midnight
from infra.airflow.requests import Backfill, Trigger, covering

MONDAY, FRIDAY = date(2026, 11, 2), date(2026, 11, 6)


@pytest.mark.parametrize(
    ("schedule", "earliest"),
    [
        pytest.param("30 2 * * *", "2026-11-02T00:00:00+08:00", id="daily: the day itself"),
        pytest.param("5 * * * *", "2026-11-02T00:00:00+08:00", id="hourly: all of the day"),
        pytest.param("0 4 * * 6", "2026-10-31T04:00:00+08:00", id="weekly: the week that holds it"),
        pytest.param("0 4 * * 1", "2026-11-02T00:00:00+08:00", id="weekly, begun on that day"),
        pytest.param("0 2 5 1,4,7,10 *", "2026-10-05T02:00:00+08:00", id="quarterly: the quarter that holds it"),
    ],
)
def test_an_interval_that_began_before_and_holds_the_first_date_counts(schedule: str, earliest: str) -> None:
    first, last = logical_dates(schedule, MONDAY, FRIDAY)
    assert first == datetime.fromisoformat(earliest)
    assert last == datetime.fromisoformat("2026-11-06T23:59:59+08:00")


@pytest.mark.parametrize(
    ("schedule", "now", "ended"),
    [
        pytest.param("30 2 * * *", "2026-11-07T02:31:00+08:00", True, id="the next morning's tick has passed"),
        pytest.param("30 2 * * *", "2026-11-07T02:29:00+08:00", False, id="not yet"),
        pytest.param("0 4 * * 6", "2026-11-07T04:01:00+08:00", True, id="week over"),
        pytest.param("0 2 5 1,4,7,10 *", "2026-12-31T00:00:00+08:00", False, id="quarter still open"),
    ],
)
def test_an_interval_is_over_when_the_next_one_begins(schedule: str, now: str, ended: bool) -> None:
    assert have_all_ended(schedule, FRIDAY, datetime.fromisoformat(now)) is ended


def test_a_daily_feed_is_backfilled() -> None:
    feed = load_feed("health/epidemic_daily")
    assert covering(feed, date(2020, 1, 20), date(2020, 3, 31)) == Backfill(feed, date(2020, 1, 20), date(2020, 3, 31))


def test_an_hourly_feed_takes_days_in_one_run() -> None:
    conf = {"from": "2020-11-02T00:00:00+08:00", "to": "2020-11-07T00:00:00+08:00"}
    feed = load_feed("government_service/approval_case")
    request = covering(feed, date(2020, 11, 2), date(2020, 11, 6))
    assert request == Trigger("government_service__approval_case", conf=conf)


def test_a_date_whose_interval_is_still_open_is_covered_by_one_run() -> None:
    today = datetime.now(UTC).date()
    assert isinstance(covering(load_feed("health/medical_institution"), today, today), Trigger)


def test_a_business_date_begins_at_midnight_in_the_city() -> None:
    assert midnight(MONDAY).astimezone(UTC) == datetime(2026, 11, 1, 16, tzinfo=UTC)
