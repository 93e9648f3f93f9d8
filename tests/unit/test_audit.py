"""What the audit says about a lake whose landing was touched by others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_jobs.audit import Finding, audit
from spark_jobs.control.database import engine
from spark_jobs.lake.settings import settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home of an embedded lake that has taken in nothing."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    engine.cache_clear()
    yield tmp_path
    settings.cache_clear()
    engine.cache_clear()


@pytest.mark.parametrize("key", ["x.csv", "health/epidemic_daily/ab/" + "ab" * 32, "a/b/c/d/e/f"])
def test_an_object_in_landing_that_no_delivery_brought_is_a_finding(home: Path, key: str) -> None:
    path = home / "landing" / key
    path.parent.mkdir(parents=True)
    path.write_bytes(b"rows")
    assert audit() == [Finding("I1", key, "no ledger row has these bytes")]
