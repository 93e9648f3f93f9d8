"""What every ring has: no test leaves the next one its settings."""

from collections.abc import Iterator

import pytest

from spark_jobs.base.settings import settings


@pytest.fixture(autouse=True)
def _settings_of_its_own() -> Iterator[None]:
    """Settings are read once a process: what a test has set for itself is forgotten when its environment is given back.

    Set up before `monkeypatch` of any test, therefore torn down after it.
    """
    yield
    settings.cache_clear()
