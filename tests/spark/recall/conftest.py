"""A lake without any server, in which files are dropped and taken through to what is published."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_jobs.lake.engine.choice import ENGINES
from tests.spark.recall.town import Town, opened


@pytest.fixture(scope="package", autouse=True)
def _one_engine() -> Iterator[None]:
    """All jobs have one Sail, and no session that others of the ring have left open."""
    from pyspark.sql.connect.session import SparkSession as ConnectSession

    active = ConnectSession._active_session
    before = getattr(active, "session", None)
    active.session = None
    with ENGINES["sail"].kept():
        yield
    active.session = before


@pytest.fixture(scope="package")
def three_days_old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of a lake that has taken in three files, see `Town.three_days`."""
    home = tmp_path_factory.mktemp("three_days")
    with opened(home, tmp_path_factory.mktemp("sent")) as town:
        town.three_days()
    return home


@pytest.fixture
def town(three_days_old: Path, tmp_path: Path) -> Iterator[Town]:
    """A copy of it."""
    shutil.copytree(three_days_old, tmp_path / "lake")
    with opened(tmp_path / "lake", tmp_path) as made:
        yield made
