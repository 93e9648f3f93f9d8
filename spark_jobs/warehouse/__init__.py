"""The government warehouse: base libraries and marts, built by dbt over published silver and the resolved entities."""

from spark_jobs.warehouse.building import WarehouseOutcome, build, engine_of, render_docs
from spark_jobs.warehouse.dbt_run import LEASE

__all__ = ["LEASE", "WarehouseOutcome", "build", "engine_of", "render_docs"]
