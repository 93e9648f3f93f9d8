"""One small city, taken through the lake once, for every test that compares what came of it with the truth."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from expectations.contract.catalogue import feed_ids
from tests.e2e.city.city_rows import CityRows, Place
from tests.e2e.conftest import Lake, resting_lake
from tests.truth_files import file_of

RECORDS, DAYS, SEED, CASES = 4000, 3, 11, 5
COME_LATER = ("ecology/water_quality", "urban_management/muck_truck")
"""Feeds whose last files come when the warehouse is built: one that names nobody, one with firms and persons."""


@dataclass
class BuiltCity:
    """A lake whose warehouse is built of a generated city, and what the city truly is."""

    lake: Lake
    rows: CityRows
    followed: str
    """What the second build said that it followed."""
    untouched: dict[str, int]
    """Versions of tables after the first build."""
    _files: dict[str, tuple[str, str]] = field(default_factory=dict)

    def place(self, feed: str | None, delivery_id: str | None, row_number: int | None) -> Place | None:
        """The row by the truth's names; None where the mart names none."""
        if delivery_id is None or row_number is None:
            return None
        if not self._files:
            for delivery, of_feed, key in self.lake.ledger("select delivery_id, feed, object_key from delivery"):
                self._files[delivery] = (of_feed, file_of(of_feed, key))
        of_feed, file = self._files[delivery_id]
        assert of_feed == feed
        return Place(of_feed, file, row_number)

    def sql(self, text: str) -> list[dict[str, Any]]:
        """Rows of a query."""
        return self.lake.sql(text)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltCity]:
    """The city, all of it on Sail: built, and built again of what came later, which all answers are asked of."""
    with resting_lake(tmp_path_factory.mktemp("city_lake")) as lake, lake.warm():
        size = ("--records", str(RECORDS), "--days", str(DAYS), "--seed", str(SEED), "--cases", str(CASES))
        lake.run("city", *size, "--out", str(lake.home))
        with ExitStack() as held:
            for feed in COME_LATER:
                held.enter_context(lake.held_back(feed))
            built(lake, *feed_ids())
            untouched = lake.versions()
        followed = built(lake, *COME_LATER)
        yield BuiltCity(lake, CityRows(lake.home), followed, untouched)


def built(lake: Lake, *feeds: str) -> str:
    """Deliver feeds, resolve and build; what the build said."""
    with lake.bureaus():
        for feed in feeds:
            lake.run("deliver", feed)
    for entity in ("person", "legal_entity"):
        lake.run("resolve", "--entity", entity)
    return lake.run("warehouse", "build").stdout
