"""One lake server for the whole ring: the tests talk to the real thing over Spark Connect."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_jobs.base.settings import settings
from spark_jobs.control.database import engine
from spark_jobs.lake.server import lifecycle as server
from spark_jobs.lake.server import session
from tests.ports import free_port


@pytest.fixture(scope="session")
def lake_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Home of an embedded lake whose server runs as long as the tests."""
    home = tmp_path_factory.mktemp("lake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(home))
        patch.setenv("LAKE_CONNECT_PORT", str(free_port()))
        patch.setenv("LAKE_DRIVER_MEMORY", "2g")
        # Small data, many plans: most of the processor's time would go to optimising code that runs once.
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m")
        for name in ("LAKE_PROFILE", "LAKE_S3_ENDPOINT", "LAKE_CONTROL_URL", "LAKE_CATALOGUE_JDBC_URL"):
            patch.delenv(name, raising=False)
        settings.cache_clear()
        engine.cache_clear()
        server.up()
        try:
            yield home
        finally:
            server.down()
    settings.cache_clear()
    engine.cache_clear()


@pytest.fixture(scope="session")
def spark(lake_home: Path) -> Iterator[SparkSession]:
    """The one session of the ring; a test that needs settings of its own opens another."""
    with session.connected("tests") as connected:
        yield connected


@pytest.fixture(scope="module")
def interpreted(spark: SparkSession) -> Iterator[None]:
    """Run a module's queries without generated code: a story of many steps on few rows is twice as fast.

    Generated code is what the other modules and rings run.
    """
    changed = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
    for name, value in changed.items():
        spark.conf.set(name, value)
    yield
    for name in changed:
        spark.conf.unset(name)
