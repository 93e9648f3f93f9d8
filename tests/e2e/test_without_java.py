"""Where nothing runs and no Java is, a sample of each format ends in its receipt, silver and quarantine."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.samples import sample_rows
from spark_jobs.intake.formats import FORMATS, write_sample
from tests.e2e.conftest import Lake, resting_lake

DAY = date(2026, 7, 1)
ROWS = 30


def feeds_of_each_format() -> dict[str, FeedContract]:
    """A feed that is dropped, for each format that has one, with a column in which a value can be missed."""
    dropped = [feed for feed in load_feeds() if not feed.arrival.is_pulled]
    return {feed.layout.format: feed for feed in dropped if required(feed)}


def required(feed: FeedContract) -> list[str]:
    """Columns of its files that may not be empty."""
    return [column.source for column in feed.columns if column.required]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """A lake whose commands find no Java."""
    folders = [folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "java").exists()]
    with resting_lake(tmp_path / "lake", PATH=os.pathsep.join(folders), JAVA_HOME="") as made:
        yield made


@pytest.mark.parametrize("feed", [pytest.param(feed, id=name) for name, feed in feeds_of_each_format().items()])
def test_a_sample_is_received(lake: Lake, feed: FeedContract, tmp_path: Path) -> None:
    rows = sample_rows(feed, ROWS, business_date=DAY)
    rows[3][required(feed)[0]] = ""
    path = write_sample(feed, tmp_path, business_date=DAY)
    FORMATS[feed.layout.format].write_sample(path, feed.layout, list(rows[0]), rows)
    (receipt,) = lake.receive(feed.id, path)
    assert (receipt["rows_counted"], receipt["quarantined"]) == (ROWS, 1)
    for layer, expected in (("silver", receipt["accepted"]), ("quarantine", 1)):
        table = DeltaTable(str(lake.home / "lake" / layer / feed.table))
        assert table.to_pyarrow_table(columns=["_delivery_id"]).num_rows == expected
    assert not (lake.home / "lake-server.pid.json").exists()
