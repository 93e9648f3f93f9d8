"""A lake without any server, in which files are dropped and taken through to what is published."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spark_jobs.base.settings import settings
from spark_jobs.control.database import engine
from spark_jobs.lake.engine.choice import ENGINES
from tests.spark.recall.town import Town


@contextmanager
def opened(home: Path, folder: Path) -> Iterator[Town]:
    """The lake of a home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "LAKE_HOME", str(home))
        patch.setenv("LAKE_REFINE_ENGINE", "sail")
        for name in ("LAKE_PROFILE", "LAKE_S3_ENDPOINT", "LAKE_CONTROL_URL"):
            patch.delenv(name, raising=False)
        settings.cache_clear()
        engine.cache_clear()
        yield Town(home, folder)
        engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


@pytest.fixture(scope="package", autouse=True)
def _one_engine() -> Iterator[None]:
    """All jobs have one Sail."""
    with ENGINES["sail"].kept():
        yield


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
