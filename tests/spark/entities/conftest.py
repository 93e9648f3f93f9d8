"""Deliveries of a small city for all stories of resolution, and ten firms for those of evaluation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_jobs.base.settings import settings
from spark_jobs.control.database import engine
from spark_jobs.lake.engine.choice import ENGINES
from spark_jobs.lake.engine.workbench import Workbench
from tests.spark.entities.deliveries import Mentions
from tests.spark.entities.files import FIRM_OF, FIRMS, write


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A lake of a module's own, in which Sail resolves; that the lake server does the same is a test of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(tmp_path_factory.mktemp("resolved")))
        patch.setenv("LAKE_CONNECT_PORT", "1")
        patch.setenv("LAKE_RESOLVE_ENGINE", "sail")
        settings.cache_clear()
        engine.cache_clear()
        with ENGINES["sail"].joining("tests") as opened:
            yield opened
    settings.cache_clear()
    engine.cache_clear()


@pytest.fixture(scope="module")
def mentions(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    """Six hundred mentions of persons."""
    return Mentions(bench, tmp_path_factory.mktemp("mentions"), 600, 11)


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
