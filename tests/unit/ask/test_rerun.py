"""Deliveries are done again beside the lake: what comes out is the same, or it is a finding."""

from pathlib import Path

import pytest

from spark_jobs.ask.audit.rerun import rerun
from spark_jobs.base.errors import LakeError
from spark_jobs.jobs.collect import collect
from spark_jobs.jobs.refine import refine
from tests.e2e import files
from tests.e2e.files import REGISTRY
from tests.unit.ask import small_lake
from tests.unit.ask.small_lake import FEED, SmallLake

EMPTY = "resident_registry_20261120.csv"


@pytest.fixture
def with_empty(lake: SmallLake, tmp_path: Path) -> SmallLake:
    """The lake with a delivery of a header alone, which refine closes without Spark."""
    small_lake.drop(lake.home, files.registry(tmp_path, EMPTY, []))
    collect(FEED)
    refine(FEED)
    return lake


def test_what_earlier_code_closed_is_not_done_again(lake: SmallLake) -> None:
    with pytest.raises(LakeError, match=r"no delivery was closed by today's contracts and code \(2 by earlier ones\)"):
        rerun(5, REGISTRY)


def test_doing_it_again_is_the_same_and_writes_nothing_into_the_lake(with_empty: SmallLake) -> None:
    before = written(with_empty.home)
    report = rerun(5)
    assert report.findings == []
    assert report.scope[1] == f"done again: {REGISTRY} {with_empty.delivery(EMPTY)}"
    assert written(with_empty.home) == before


def written(home: Path) -> dict[Path, bytes]:
    """All that a home holds, but for the marks that SQLite's readers make."""
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".db-shm"}


def test_a_receipt_that_says_something_else_is_a_finding(with_empty: SmallLake) -> None:
    with_empty.edit_json("receipt", EMPTY, "$.notes", ["something else"])
    (found,) = rerun(5).findings
    assert (found.invariant, found.place) == ("I9", f"{REGISTRY} {with_empty.delivery(EMPTY)}")
    assert found.what == "the receipts differ in notes"


def test_rows_that_are_there_and_not_when_done_again_are_a_finding(with_empty: SmallLake) -> None:
    delivery = with_empty.delivery(EMPTY)
    small_lake.append("silver", small_lake.rows_of("silver", delivery), [delivery])
    assert [found.what for found in rerun(5).findings] == ["silver differs: 1 rows there, 0 when done again"]
