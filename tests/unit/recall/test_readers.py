"""Which base libraries and marts a feed's rows reach, read from the models."""

import pytest

from expectations.contract.catalogue import feed_ids, load_feed
from spark_jobs.recall.readers import tables_of


@pytest.mark.parametrize(
    ("feed", "tables"),
    [
        pytest.param("health/epidemic_daily", {"marts.mart_health__epidemic_curve"}, id="by its own rows"),
        pytest.param(
            "public_security/resident_registry",
            {
                "base.base_person",
                "base.base_marriage",
                "restricted.mart_housing__eligibility",
                "marts.mart_health__coverage",
            },
            id="and by whom they speak of",
        ),
        pytest.param(
            "market_regulation/enterprise_registration", {"base.base_legal_entity", "base.base_person"}, id="two"
        ),
    ],
)
def test_tables_that_a_feed_reaches(feed: str, tables: set[str]) -> None:
    assert tables <= set(tables_of(load_feed(feed)))


def test_a_feed_reaches_no_table_that_does_not_read_it() -> None:
    assert "marts.mart_health__epidemic_curve" not in tables_of(load_feed("public_security/resident_registry"))
    assert tables_of(load_feed("natural_resources/division")) == ["base.base_place"]


def test_every_feed_can_be_asked_for() -> None:
    layers = {table.partition(".")[0] for feed in feed_ids() for table in tables_of(load_feed(feed))}
    assert layers == {"base", "restricted", "marts"}
