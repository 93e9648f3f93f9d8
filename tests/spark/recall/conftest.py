"""A lake without any server, in which files are dropped and taken through to what is published."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_jobs.lake.engine.choice import ENGINES
from tests.spark.active_session import no_active_session
from tests.spark.recall.town import Town, opened


@pytest.fixture(scope="package", autouse=True)
def _one_engine() -> Iterator[None]:
    """All jobs have one Sail."""
    with ENGINES["sail"].kept():
        yield


@pytest.fixture(autouse=True)
def _own_session() -> Iterator[None]:
    """Jobs find no session that others of the ring have left open, whose tests may run between two of these."""
    with no_active_session():
        yield


@pytest.fixture(scope="package")
def three_days_old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of a lake that has taken in three files, see `Town.three_days`."""
    home = tmp_path_factory.mktemp("three_days")
    with no_active_session(), opened(home, tmp_path_factory.mktemp("sent")) as town:
        town.three_days()
    return home


@pytest.fixture
def town(three_days_old: Path, tmp_path: Path) -> Iterator[Town]:
    """A copy of it."""
    shutil.copytree(three_days_old, tmp_path / "lake")
    with opened(tmp_path / "lake", tmp_path) as made:
        yield made
