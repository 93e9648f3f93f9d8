"""Which engine does a job."""

from functools import cache

from spark_jobs.base.settings import settings
from spark_jobs.lake.engine.on_sail import OnSail
from spark_jobs.lake.engine.on_server import OnServer
from spark_jobs.lake.engine.workbench import Engine
from spark_jobs.lake.sail import process

ENGINES: dict[str, Engine] = {"sail": OnSail(), "server": OnServer()}
"""Values of `LAKE_REFINE_ENGINE`, `LAKE_RESOLVE_ENGINE` and `LAKE_WAREHOUSE_ENGINE`."""


def engine() -> Engine:
    """What refines and verifies: the engine that the settings name, or the one that suits this machine."""
    return ENGINES[settings().refine_engine or ("sail" if _can_have_sail() else "server")]


def engine_for_joins(records: int) -> Engine:
    """What joins so many records with each other: the engine that the settings name, or the better one for so many."""
    at = settings()
    is_small = records <= at.resolve_sail_records
    return ENGINES[at.resolve_engine or ("sail" if is_small and _can_have_sail() else "server")]


def engine_for_warehouse(rows: int) -> Engine:
    """What builds the warehouse of so many rows: the engine that the settings name, or the better one for so many."""
    at = settings()
    is_small = rows <= at.warehouse_sail_rows
    return ENGINES[at.warehouse_engine or ("sail" if is_small and _may_write_on_sail() else "server")]


def _may_write_on_sail() -> bool:
    # It has no network, and what joins the whole lake is not copied for it.
    return not settings().is_s3 and _can_have_sail()


def _can_have_sail() -> bool:
    return settings().sail_isolation == "none" or _keeps_sail_apart()


@cache
def _keeps_sail_apart() -> bool:
    return process.can_be_isolated() is None
