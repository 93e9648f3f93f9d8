"""Which engine refines and verifies."""

from spark_jobs.base.settings import settings
from spark_jobs.lake.engine.on_sail import OnSail
from spark_jobs.lake.engine.on_server import OnServer
from spark_jobs.lake.engine.workbench import Engine

ENGINES: dict[str, Engine] = {"sail": OnSail(), "server": OnServer()}
"""Values of `LAKE_REFINE_ENGINE`."""


def engine() -> Engine:
    """The engine that the settings name."""
    return ENGINES[settings().refine_engine]
