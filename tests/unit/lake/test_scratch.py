"""What jobs need between two steps is gone at their end; what killed ones left can be removed."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from spark_jobs.lake.storage.scratch import local_scratch, remove_left, scratch

DAY = timedelta(days=1)


@pytest.fixture
def folder(lake_home: Path) -> Path:
    return lake_home / "lake" / "scratch"


def left(folder: Path, job: str, age: timedelta = timedelta(0)) -> str:
    """What a killed job left, last written so long ago."""
    name = f"{job}-0123456789ab"
    (folder / name / "profiles").mkdir(parents=True)
    written = folder / name / "profiles" / "part-0.parquet"
    written.write_bytes(b"rows of persons")
    for path in (written, written.parent, folder / name):
        os.utime(path, (path.stat().st_mtime - age.total_seconds(),) * 2)
    return name


def test_a_folder_is_gone_at_the_end_of_its_job_also_when_it_fails(folder: Path) -> None:
    with pytest.raises(RuntimeError), scratch("resolve-person") as into:
        into.write(pa.table({"a": [1]}), "rows")
        assert into.table("rows")["a"].to_pylist() == [1]
        raise RuntimeError
    assert list(folder.iterdir()) == []


def test_what_jobs_about_one_kind_of_entity_left_is_removed(folder: Path) -> None:
    jobs = ("resolve-person", "train-person", "resolve-legal_entity", "evaluate")
    of_persons, others = (sorted(left(folder, job) for job in part) for part in (jobs[:2], jobs[2:]))
    assert sorted(remove_left("person")) == of_persons
    assert sorted(path.name for path in folder.iterdir()) == others
    assert sorted(remove_left()) == others


def test_what_such_jobs_left_on_this_machine_is_removed_too(folder: Path, lake_home: Path) -> None:
    with local_scratch("train-person") as into:
        spool = Path(into.root).parent
        assert spool.parent == lake_home
    of_person, other = left(spool, "train-person"), left(spool, "refine")
    assert remove_left() == []
    assert remove_left("person") == [of_person]
    assert [path.name for path in spool.iterdir()] == [other]
    shutil.rmtree(spool)


def test_a_young_folder_may_be_at_work(folder: Path) -> None:
    old, young = left(folder, "resolve-person", age=2 * DAY), left(folder, "resolve-firm", age=DAY / 2)
    assert remove_left(idle=DAY) == [old]
    assert [path.name for path in folder.iterdir()] == [young]
    assert remove_left() == [young]


def test_nothing_was_ever_left(folder: Path) -> None:
    assert remove_left("nobody") == []
