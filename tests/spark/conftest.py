"""One lake server for the whole ring: the tests talk to the real thing over Spark Connect."""

import os
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace

import pytest
from pyspark.sql import SparkSession

from spark_jobs.base.settings import Settings, settings
from spark_jobs.control.database import engine
from spark_jobs.lake.engine import dbt_run
from spark_jobs.lake.engine.choice import ENGINES
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.sail import process
from spark_jobs.lake.sail import session as sail_session
from spark_jobs.lake.server import lifecycle as server
from spark_jobs.lake.server import session
from spark_jobs.lake.storage import tables
from tests import workers
from tests.java_options import INTERPRETED, QUICK_JAVA
from tests.ports import free_port
from tests.spark import forked_dbt
from tests.spark.active_session import active_session


@pytest.fixture(scope="session", autouse=True)
def _dbt_with_its_imports_done() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dbt_run, "subprocess", SimpleNamespace(run=forked_dbt.run, CompletedProcess=CompletedProcess))
        yield


@pytest.fixture(scope="session")
def lake_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Home of an embedded lake whose server runs as long as the tests: of the one worker that has those that ask it."""
    asking = os.environ["PYTEST_CURRENT_TEST"]
    assert workers.asks_the_server(asking), f"OF_THE_SERVER of tests/workers.py leaves out {asking}"
    home = tmp_path_factory.mktemp("lake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(home))
        patch.setenv("LAKE_CONNECT_PORT", str(free_port()))
        patch.setenv("LAKE_DRIVER_MEMORY", "2g")
        patch.setenv("JDK_JAVA_OPTIONS", f"{QUICK_JAVA} {INTERPRETED}")
        for name in ("LAKE_PROFILE", "LAKE_S3_ENDPOINT", "LAKE_CONTROL_URL"):
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
def server_session(lake_home: Path) -> Iterator[SparkSession]:
    """The one session of the ring on the lake server; a test that needs settings of its own opens another."""
    with session.connected("tests") as connected:
        tables.create_schema(connected, "silver")
        yield connected


@pytest.fixture(scope="session")
def spark(server_session: SparkSession) -> SparkSession:
    """A session of the engine that the tests of a folder run on: the lake server."""
    return server_session


@pytest.fixture(scope="session", params=sorted(ENGINES))
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine that refines and verifies, one after the other."""
    return str(request.param)


@pytest.fixture(scope="session")
def sail_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session on a Sail that runs as long as the tests."""
    home = tmp_path_factory.mktemp("sail")
    with process.running(Settings(home=home), home) as sail, sail_session.connected(sail.door) as connected:
        yield connected


@pytest.fixture(scope="session")
def session_of_engine(engine_name: str, request: pytest.FixtureRequest) -> SparkSession:
    """A session of the engine, for expressions and frames."""
    found: SparkSession = request.getfixturevalue("server_session" if engine_name == "server" else "sail_spark")
    return found


@pytest.fixture
def lake_of_engine(
    engine_name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Path]:
    """Home of a lake that this engine refines: the lake server's own, or a new one without any server."""
    if engine_name == "server":
        home: Path = request.getfixturevalue("lake_home")
    else:
        home = tmp_path
        monkeypatch.setenv("LAKE_HOME", str(home))
        monkeypatch.setenv("LAKE_CONNECT_PORT", "1")
    monkeypatch.setenv("LAKE_REFINE_ENGINE", engine_name)
    settings.cache_clear()
    engine.cache_clear()
    yield home
    settings.cache_clear()
    engine.cache_clear()


@pytest.fixture
def bench(engine_name: str, lake_of_engine: Path) -> Iterator[Workbench]:
    """A workbench of the engine."""
    # Jobs have only one session, which is the active one.
    with ENGINES[engine_name].opened("tests") as opened, active_session(opened.spark):
        yield opened


@pytest.fixture(scope="module")
def serverless_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench on a new lake without any server."""
    home: Path = tmp_path_factory.mktemp("serverless")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "LAKE_HOME", str(home))
        patch.setenv("LAKE_REFINE_ENGINE", "sail")
        settings.cache_clear()
        engine.cache_clear()
        with ENGINES["sail"].opened("tests") as opened, active_session(opened.spark):
            yield opened
        engine().dispose()
    settings.cache_clear()
    engine.cache_clear()
