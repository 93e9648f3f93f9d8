"""A lake home for tests of what goes through ledger and store; no Spark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis

from spark_jobs.base.settings import settings
from spark_jobs.control.database import engine

hypothesis.register_profile("any machine", deadline=None)
hypothesis.load_profile("any machine")


@pytest.fixture(scope="module")
def lake_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of an embedded lake that has taken in nothing, one a module: making its ledger takes longest."""
    home = tmp_path_factory.mktemp("lake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(home))
        for name in ("LAKE_PROFILE", "LAKE_S3_ENDPOINT", "LAKE_CONTROL_URL"):
            patch.delenv(name, raising=False)
        settings.cache_clear()
        engine.cache_clear()
        yield home
    settings.cache_clear()
    engine.cache_clear()
