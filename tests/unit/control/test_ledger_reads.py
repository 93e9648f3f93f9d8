"""What steps read of the ledger: of thousands of closed deliveries neither receipts nor byte ranges."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from expectations.contract.catalogue import load_feed
from spark_jobs.control import ledger
from spark_jobs.control.database import engine
from spark_jobs.control.ledger import Interval
from spark_jobs.control.overdue import look
from spark_jobs.control.provenance import refine_fingerprint
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.jobs.collect import collect
from spark_jobs.jobs.refine import refine
from spark_jobs.jobs.sweep import sweep
from spark_jobs.verify import verify

FEED = load_feed("health/epidemic_daily")
NOW = datetime(2020, 1, 24, tzinfo=UTC)
WEEK = Interval(datetime(2020, 1, 20, tzinfo=UTC), datetime(2020, 1, 27, tzinfo=UTC))
HEAVY = {"receipt", "accounting"}


def closed(day: int, fingerprint: str) -> Delivery:
    """A delivery that has its receipt, and no rows."""
    return Delivery(
        delivery_id=f"{day:020}",
        feed=FEED.id,
        state=DeliveryState.COMMITTED,
        object_key=f"{FEED.id}/2020-01-{day}.csv",
        object_version="1",
        sight=1,
        bytes=10,
        modified_at=NOW,
        first_seen_at=NOW,
        unchanged_since=NOW,
        business_date=date(2020, 1, day),
        accounting={"ranges": [[0, 10]]},
        outcome={"accepted": 0},
        refine_fingerprint=fingerprint,
        receipt={"status": "accepted", "business_date": f"2020-01-{day}"},
        claim_epoch=0,
        attempts=0,
    )


@pytest.fixture(scope="module", autouse=True)
def _deliveries(lake_home: Path) -> None:
    ledger.add(*(closed(day, refine_fingerprint(FEED)) for day in (20, 21, 22)))


@pytest.fixture
def loaded() -> Iterator[list[set[str]]]:
    """Columns of each row that is loaded meanwhile."""
    seen: list[set[str]] = []

    def note(row: Delivery, _context: Any) -> None:
        seen.append(set(vars(row)))

    event.listen(Delivery, "load", note)
    yield seen
    event.remove(Delivery, "load", note)


def test_steps_with_nothing_new_load_no_receipt_and_no_byte_ranges(loaded: list[set[str]]) -> None:
    assert sweep([FEED]) == []
    collect(FEED, WEEK)
    assert refine(FEED, WEEK) == []
    assert not verify(FEED, WEEK).published
    assert [columns & HEAVY for columns in loaded if columns & HEAVY] == []
    ledger.in_states(FEED.id, [DeliveryState.COMMITTED])
    assert [columns & HEAVY for columns in loaded if columns & HEAVY] == [HEAVY] * 3, "a whole row would have shown"


def test_what_is_overdue_of_all_feeds_costs_the_ledger_what_one_feed_does() -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        look(date(2020, 2, 20))
        of_all = len(asked)
        look(date(2020, 2, 20), [FEED])
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    assert (of_all, len(asked)) == (2, 4)


def test_what_was_not_read_cannot_be_asked_for(lake_home: Path) -> None:
    row, *_ = ledger.in_states(FEED.id, [DeliveryState.COMMITTED], only=("delivery_id", "outcome"))
    assert row.outcome == {"accepted": 0}
    with pytest.raises(SQLAlchemyError):
        _ = row.receipt


def test_only_what_other_code_or_contract_refined_is_refined_again(lake_home: Path) -> None:
    assert ledger.refined_otherwise(FEED.id, WEEK, refine_fingerprint(FEED)) == []
    found = ledger.refined_otherwise(FEED.id, WEEK, "of another contract")
    assert [row.business_date for row in found] == [date(2020, 1, day) for day in (20, 21, 22)]
    one_day = Interval(datetime(2020, 1, 21, tzinfo=UTC), datetime(2020, 1, 21, 12, tzinfo=UTC))
    assert len(ledger.refined_otherwise(FEED.id, one_day, "of another contract")) == 1


def test_feeds_with_a_complete_delivery_are_found_by_one_query(lake_home: Path) -> None:
    assert ledger.feeds_in(DeliveryState.COMMITTED) == {FEED.id}
    assert ledger.feeds_in(DeliveryState.STABLE) == frozenset()


def test_receipts_are_listed_newest_first_without_their_deliveries(loaded: list[set[str]]) -> None:
    assert [receipt["business_date"] for receipt in ledger.receipts(FEED.id, 2)] == ["2020-01-22", "2020-01-21"]
    assert loaded == []
