"""A listing whose store or server gives no mark that a sender cannot set: what it may and may not conclude."""

from datetime import UTC, datetime
from pathlib import Path

from spark_jobs.control import ledger
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.channels.sftp.remote import RemoteFile
from spark_jobs.intake.enter import enter
from spark_jobs.intake.faults import TRIES
from spark_jobs.intake.listing import news, sighted
from tests.unit.intake.formats.decoding_cases import CSV, contract_of

FEED = contract_of(CSV, feed="listed")
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
FILE = RemoteFile(f"{FEED.id}/example_20261101.csv", "1-1", 1, NOW)


def listing() -> int:
    """Enter what a listing with the file in it brings; how many that is."""
    found = list(news(FEED, [FILE], lambda item, row: sighted(FEED, item, row)))
    enter(FEED, found, NOW)
    return len(found)


def close(state: DeliveryState, code: str) -> None:
    """End the newest delivery."""
    newest = max(ledger.in_states(FEED.id, list(DeliveryState)), key=lambda row: row.sequence)
    ledger.change(newest.sequence, state=state, rejection={"code": code, "message": "", "fix": ""})


def test_a_file_that_was_away_is_taken_when_it_is_back_but_not_for_ever_when_it_never_is(lake_home: Path) -> None:
    assert listing() == 1
    for _ in range(TRIES - 1):
        close(DeliveryState.REJECTED, "withdrawn_before_processing")
        assert listing() == 1
    close(DeliveryState.REJECTED, "withdrawn_before_processing")
    assert listing() == 0


def test_any_other_answer_stands_while_the_file_is_the_same(lake_home: Path) -> None:
    close(DeliveryState.REJECTED, "name_not_recognised")
    assert listing() == 0
