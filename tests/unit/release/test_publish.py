"""What stands in `restricted` is released to `marts`, and what never was a release goes from there."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from expectations.protection import Cells, load_protections
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import Layer, table_uri
from spark_jobs.release.publish import _is_due, publish

MART = "mart_health__coverage"
CELLS = load_protections()[MART]
EVIDENCE = "mart_comparison__housing_eligibility"


def put(layer: Layer, mart: str, residents: int = 30) -> None:
    """A mart of one cell, as a build leaves it."""
    write_deltalake(table_uri(layer, mart), _cell(residents))


def _cell(residents: int) -> pa.Table:
    assert isinstance(CELLS, Cells)
    texts = dict.fromkeys(CELLS.by, pa.array(["421202"]))
    return pa.table(texts | dict.fromkeys(CELLS.counts, pa.array([residents])))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A lake home of each test's own."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_a_mart_that_is_built_is_released_and_others_are_not(home: Path) -> None:
    put("restricted", MART)
    put("restricted", EVIDENCE)
    publish()
    assert [path.name for path in (home / "lake" / "marts").iterdir()] == [MART]
    (row,) = DeltaTable(table_uri("marts", MART)).to_pyarrow_table().to_pylist()
    assert (row["residents"], row["insured"]) == (30, None)


def test_what_has_not_changed_since_it_was_released_is_left_as_it_is(home: Path) -> None:
    put("restricted", MART)
    publish()
    before = tables.version("marts", MART)
    write_deltalake(table_uri("restricted", MART), _cell(residents=40), mode="overwrite")
    publish(anew={"mart_of_others"})
    assert tables.version("marts", MART) == before
    publish(anew={MART})
    assert tables.version("marts", MART) > before


def test_what_is_counted_within_another_mart_is_released_with_it() -> None:
    within = [each for each in load_protections().values() if isinstance(each, Cells) and each.within == MART]
    assert within
    for cells in within:
        assert _is_due("elders", cells, {MART})
        assert not _is_due("elders", cells, {"mart_of_others"})


def test_what_was_built_before_the_mart_was_protected_goes_with_its_versions(home: Path) -> None:
    put("marts", MART, residents=3)
    put("marts", EVIDENCE)
    put("restricted", MART)
    assert publish() == [EVIDENCE, MART]
    assert not tables.exists("marts", EVIDENCE)
    versions = range(DeltaTable(table_uri("marts", MART)).version() + 1)
    seen = [DeltaTable(table_uri("marts", MART), version).to_pyarrow_table() for version in versions]
    assert [each["residents"].to_pylist() for each in seen if each.num_rows] == [[30]]
    assert publish() == []
