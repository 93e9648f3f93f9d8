"""Deliveries of a small city for all stories of resolution, and ten firms for those of evaluation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_jobs.base.settings import settings
from tests.spark.entities.deliveries import Mentions
from tests.spark.entities.files import FIRM_OF, FIRMS, write


@pytest.fixture(scope="session")
def mentions(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    """Six hundred mentions of persons."""
    return Mentions(spark, tmp_path_factory.mktemp("mentions"), 600, 11)


@pytest.fixture
def without_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A lake home of the test's own, in which Sail resolves."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAKE_CONNECT_PORT", "1")
    monkeypatch.setenv("LAKE_RESOLVE_ENGINE", "sail")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def firms(tmp_path: Path) -> tuple[Path, Path]:
    """Files of their records and of the truth."""
    names = ("id", "company_name", "address", "city", "zip", "phone", "url")
    records = write(tmp_path / "firms.csv", [dict(zip(names, firm, strict=True)) for firm in FIRMS])
    return records, write(tmp_path / "truth.csv", [{"id": i, "cluster": c} for i, c in FIRM_OF.items()])
