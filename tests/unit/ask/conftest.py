"""A small lake that a test may tamper with; it is built once a module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_jobs.base.settings import settings
from spark_jobs.control.database import engine
from tests import pages_lake as invented
from tests.unit.ask import small_lake


@pytest.fixture(scope="module")
def pristine(lake_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a lake in which every promise holds."""
    small_lake.build(lake_home, tmp_path_factory.mktemp("sent"))
    engine().dispose()
    return lake_home


@pytest.fixture
def lake(pristine: Path, tmp_path: Path) -> Iterator[small_lake.SmallLake]:
    """A copy of it."""
    home = tmp_path / "lake"
    shutil.copytree(pristine, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(home))
        yield small_lake.opened_at(home)
        engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


@pytest.fixture(scope="module")
def pages_lake(lake_home: Path) -> Path:
    """A lake with one mart that pages are made of."""
    invented.build(lake_home)
    return lake_home
