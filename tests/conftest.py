"""What every ring has: no test leaves the next one its settings."""

import gc
import os
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

from spark_jobs.base.settings import settings
from tests import workers

# Tests and what they import stay to the end: to look for garbage among them takes a twelfth of the unit ring.
gc.set_threshold(100_000, 20, 50)
# The lineage follows from the code alone: drawn once for all lakes of all rings, it costs the suite some ten seconds.
os.environ.setdefault("LAKE_LINEAGE_FOLDER", f"{tempfile.gettempdir()}/lake-lineage-{os.getuid()}")


@pytest.fixture(autouse=True)
def _settings_of_its_own() -> Iterator[None]:
    """Settings are read once a process: what a test has set for itself is forgotten when its environment is given back.

    Set up before `monkeypatch` of any test, therefore torn down after it.
    """
    yield
    settings.cache_clear()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> workers.Files:
    """Tests to workers as `tests.workers` says."""
    return workers.scheduler(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first."""
    items[:] = workers.in_order(items)
