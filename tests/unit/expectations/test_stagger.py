"""When DAGs of feeds start: not all at once, and on no other day."""

from collections import Counter

import pytest

from expectations.contract.catalogue import load_feed, load_feeds, load_table
from expectations.contract.feed import FeedContract
from expectations.contract.stagger import staggered

FEED = load_feed("health/epidemic_daily")


def due(schedule: str, feed: str = "epidemic_daily") -> FeedContract:
    return FEED.model_copy(update={"schedule": schedule, "feed": feed})


@pytest.mark.parametrize("feed", load_feeds(), ids=lambda feed: feed.id)
def test_a_feed_starts_within_the_hour_of_its_contract_and_not_before_its_minute(feed: FeedContract) -> None:
    (minute, *rest), (said, *same) = staggered(feed).split(), feed.schedule.split()
    assert rest == same
    assert minute == said or int(said) <= int(minute) <= 59


def test_the_same_name_starts_at_the_same_minute() -> None:
    assert staggered(due("0 3 * * *")) == staggered(due("0 3 * * *"))


def test_a_catalogue_of_1325_feeds_due_at_three_starts_evenly() -> None:
    minutes = Counter(staggered(due("0 3 * * *", f"feed_{number}")).split()[0] for number in range(1325))
    assert len(minutes) == 60
    assert max(minutes.values()) <= 3 * 1325 / 60


@pytest.mark.parametrize("schedule", ["*/10 * * * *", "0,30 * * * *", "10-20 4 * * *"])
def test_what_fires_more_than_once_an_hour_stays_as_it_is(schedule: str) -> None:
    assert staggered(due(schedule)) == schedule


def test_the_last_minute_of_an_hour_has_no_later_one() -> None:
    assert staggered(due("59 23 * * *")) == "59 23 * * *"


@pytest.mark.parametrize("feed", load_feeds(), ids=lambda feed: feed.id)
def test_a_contract_is_found_by_the_name_of_its_tables(feed: FeedContract) -> None:
    assert load_table(feed.table) == feed


@pytest.mark.parametrize("table", ["warehouse", "health__", "__", "health__no_such", "no__such"])
def test_what_names_no_tables_finds_no_contract(table: str) -> None:
    assert load_table(table) is None
