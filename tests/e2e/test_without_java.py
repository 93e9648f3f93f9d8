"""Where nothing runs and no Java is, a bureau's file of each format ends in its receipt, silver and quarantine.

What the receipt says was known before the file was sent, to whoever checked it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import settings
from spark_jobs.jobs.check_file import check_file
from spark_jobs.lake.sail import kept
from tests.e2e.conftest import Lake, resting_lake

SAID = (
    "status",
    "business_date",
    "rows_counted",
    "accepted",
    "quarantined",
    "reasons",
    "warnings",
    "normalised",
    "notes",
)


def feeds_of_each_format() -> dict[str, FeedContract]:
    """A feed that is dropped, for each format that has one."""
    return {feed.layout.format: feed for feed in load_feeds() if not feed.arrival.is_pulled}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake whose commands find no Java, beside a city of a day."""
    home = tmp_path_factory.mktemp("without-java")
    folders = [folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "java").exists()]
    with resting_lake(home / "lake", PATH=os.pathsep.join(folders), JAVA_HOME="") as made:
        made.run("city", "--records", "2000", "--days", "1", "--seed", "7", "--out", str(home / "city"))
        yield made


@pytest.fixture(scope="module", autouse=True)
def _checking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Sail for all checks, in a home where no lake is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(tmp_path_factory.mktemp("no-lake")))
        settings.cache_clear()
        with kept.kept():
            yield
    settings.cache_clear()


@pytest.fixture(scope="module")
def warm_lake(lake: Lake) -> Iterator[Lake]:
    """The same, its commands with their imports done."""
    with lake.warm():
        yield lake


FEEDS = feeds_of_each_format()


def test_a_file_is_received_where_nothing_runs(lake: Lake) -> None:
    is_received(lake, FEEDS["csv"])
    assert not (lake.home / "warm.json").exists()


@pytest.mark.parametrize("name", sorted(FEEDS.keys() - {"csv"}))
def test_a_file_of_each_format_is_received(warm_lake: Lake, name: str) -> None:
    is_received(warm_lake, FEEDS[name])


def is_received(lake: Lake, feed: FeedContract) -> None:
    """What was told before it was sent is what its receipt says, and what the tables hold."""
    folder = lake.home.parent / "city" / "inbox" / feed.id
    path = next(path for path in sorted(folder.iterdir()) if not path.name.endswith(".manifest.json"))
    told = check_file(feed, path).receipt
    (receipt,) = lake.receive(feed.id, path)
    assert {name: told[name] for name in SAID} == {name: receipt[name] for name in SAID}
    assert receipt["rows_counted"] == receipt["accepted"] + receipt["quarantined"]
    assert receipt["accepted"] > 0
    for layer, expected in (("silver", receipt["accepted"]), ("quarantine", receipt["quarantined"])):
        table = DeltaTable(str(lake.home / "lake" / layer / feed.table))
        assert table.to_pyarrow_table(columns=["_delivery_id"]).num_rows == expected
    assert not lake.has_server()
