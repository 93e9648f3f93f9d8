"""Which engine refines and verifies."""

from functools import cache

from spark_jobs.base.settings import settings
from spark_jobs.lake.engine.on_sail import OnSail
from spark_jobs.lake.engine.on_server import OnServer
from spark_jobs.lake.engine.workbench import Engine
from spark_jobs.lake.sail import process

ENGINES: dict[str, Engine] = {"sail": OnSail(), "server": OnServer()}
"""Values of `LAKE_REFINE_ENGINE`."""


def engine() -> Engine:
    """The engine that the settings name, or the one that suits this machine."""
    at = settings()
    return ENGINES[at.refine_engine or ("sail" if at.sail_isolation == "none" or _keeps_sail_apart() else "server")]


@cache
def _keeps_sail_apart() -> bool:
    return process.can_be_isolated() is None
