"""Pulls of a bureau's table: their windows join, nothing is read twice, and what appears late is found."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from deltalake import DeltaTable
from sqlalchemy import Engine, create_engine, text

from expectations.contract.catalogue import load_feed
from spark_jobs.base.errors import LakeError
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.channels import channel_of
from spark_jobs.jobs.collect import Collected, collect

FEED = load_feed("government_service/approval_case")


@pytest.fixture(scope="module")
def source(lake_home: Path) -> Engine:
    """The approval platform's empty table."""
    (lake_home / "sources").mkdir()
    made = create_engine(f"sqlite:///{lake_home}/sources/government_service.db")
    with made.begin() as at:
        at.execute(text(f"create table approval_case ({', '.join(f'{c.source} text' for c in FEED.columns)})"))
    return made


def change(source: Engine, number: str, updated_at: str) -> None:
    with source.begin() as at:
        values = {"number": number, "updated_at": updated_at}
        at.execute(text("insert into approval_case (case_number, updated_at) values (:number, :updated_at)"), values)


def hour(start: int) -> Interval:
    """An hour of one day, in the city's time."""
    return Interval(
        datetime.fromisoformat(f"2026-11-02T{start:02d}:00:00+08:00"),
        datetime.fromisoformat(f"2026-11-02T{start + 1:02d}:00:00+08:00"),
    )


def cases(lake_home: Path) -> list[str]:
    """Case numbers in bronze, in the order in which they came."""
    table = DeltaTable(str(lake_home / "lake" / "bronze" / FEED.table)).to_pyarrow_table()
    keys = zip(*(table[name].to_pylist() for name in ("_delivery_id", "_row_number", "case_number")), strict=True)
    order = {row.delivery_id: row.sequence for row in ledger.in_states(FEED.id, list(DeliveryState))}
    return [case for _, _, case in sorted((order[delivery], row, case) for delivery, row, case in keys)]


def test_pulls_join_look_back_and_read_nothing_twice(source: Engine, lake_home: Path) -> None:
    change(source, "A", "2026-11-02 08:30:00")
    change(source, "B", "2026-11-02 09:00:00")
    assert collect(FEED, hour(8)).rows == 1
    assert cases(lake_home) == ["A"]  # an interval's end is exclusive: 9:00 is the next one's

    change(source, "late", "2026-11-02 08:10:00")  # a transaction that was open while the first pull read
    assert collect(FEED, hour(9)).rows == 2
    assert cases(lake_home) == ["A", "late", "B"]

    assert collect(FEED, hour(9)) == Collected()
    assert collect(FEED, hour(8)) == Collected()
    windows = [(row.window_from, row.window_to) for row in ledger.in_states(FEED.id, list(DeliveryState))]
    assert [start for start, _ in windows[1:]] == [end for _, end in windows[:-1]]


def test_a_source_that_cannot_be_read_is_named_and_its_window_is_read_by_the_next_run(
    source: Engine, lake_home: Path
) -> None:
    with source.begin() as at:
        at.execute(text("alter table approval_case rename to elsewhere"))
    with pytest.raises(LakeError, match="government_service/approval_case"):
        collect(FEED, hour(12))
    with source.begin() as at:
        at.execute(text("alter table elsewhere rename to approval_case"))
    change(source, "C", "2026-11-02 12:30:00")
    change(source, "D", "2026-11-02 13:30:00")
    assert collect(FEED, hour(13)).rows == 2
    assert cases(lake_home)[-2:] == ["C", "D"]


def test_pulls_go_on_where_the_lake_has_nothing_of_the_days_that_they_read(source: Engine, lake_home: Path) -> None:
    days = [datetime.fromisoformat(f"2026-11-{day:02d}T00:00:00+08:00") for day in (8, 9, 10)]
    assert collect(FEED, Interval(days[0], days[1])).failed == 0
    change(source, "E", "2026-11-09 12:00:00")
    assert collect(FEED, Interval(days[1], days[2])).rows == 1
    assert cases(lake_home)[-1:] == ["E"]


def test_a_long_time_is_read_in_windows_that_join(lake_home: Path) -> None:
    arrival = FEED.arrival.model_copy(update={"window_days": 30})
    feed = FEED.model_copy(update={"feed": "never_pulled", "arrival": arrival})
    now = datetime.fromisoformat("2026-03-15T12:00:00+08:00")
    found = [each.window for each in channel_of(feed).find(feed, None, now)]
    moments = ["2026-01-01T00:00", "2026-01-31T00:00", "2026-03-02T00:00", "2026-03-15T12:00"]
    ends = [datetime.fromisoformat(f"{moment}:00+08:00") for moment in moments]
    assert found == list(pairwise(ends))
