"""One small city for all tests."""

from pathlib import Path

import pytest

from spark_jobs.city import generate
from tests.unit.city.city_reading import RECORDS, MadeCity

DAYS, SEED = 3, 7


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> MadeCity:
    """A city with bad files."""
    out = tmp_path_factory.mktemp("city")
    return MadeCity(out, generate(RECORDS, DAYS, SEED, out, bad_files=True))


@pytest.fixture
def out(city: MadeCity) -> Path:
    """Where it is."""
    return city.out
