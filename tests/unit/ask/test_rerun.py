"""Deliveries are done again beside the lake: what comes out is the same, or it is a finding."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spark_jobs.ask.audit import rerun as rerun_module
from spark_jobs.ask.audit.likeness import NotDoneAgain
from spark_jobs.ask.audit.rerun import rerun
from spark_jobs.base.errors import LakeError
from spark_jobs.jobs.collect import collect
from spark_jobs.jobs.refine import refine
from tests.e2e import files
from tests.e2e.files import REGISTRY
from tests.processes import children_of, is_running, wait_until
from tests.source_tree import PROJECT
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
    assert [found.what for found in rerun(5).findings] == ["silver differs: 1 row there, 0 when done again"]


def test_what_fails_beside_the_lake_is_no_finding_about_it(
    with_empty: SmallLake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(rerun_module, "_worked", lambda home, output: 0)
    with pytest.raises(NotDoneAgain, match=f"{with_empty.delivery(EMPTY)} was not closed"):
        rerun(5)
    assert list(tmp_path.glob("lake-rerun-*")), "kept for a look"


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_who_interrupts_it_leaves_nothing_behind(told: signal.Signals, with_empty: SmallLake, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.mkdir()
    env = os.environ | {"PYTHONPATH": str(PROJECT), "TMPDIR": str(beside)}
    command = [sys.executable, "-m", "spark_jobs.cli", "audit", "--rerun", "1"]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as audit:
        assert wait_until(lambda: bool(list(beside.glob("lake-rerun-*/rerun.log"))) and bool(children_of(audit.pid)))
        (worker,) = children_of(audit.pid)
        audit.send_signal(told)
    assert audit.returncode != 0
    assert not is_running(worker)
    assert list(beside.iterdir()) == []
