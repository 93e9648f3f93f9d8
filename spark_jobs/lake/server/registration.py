"""Enter Delta tables that storage holds into the lake server's catalogue, which lives as long as the server.

Storage is the truth: only who needs tables by name, as dbt does, has them entered, and what is entered costs nothing.
"""

from typing import TYPE_CHECKING

from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.stored import stored_tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def register_layer(spark: "SparkSession", layer: Layer) -> list[str]:
    """Register the tables of a layer that the catalogue does not know; gives their names."""
    stored = stored_tables(*lake_filesystem(settings()), layer)
    if not stored:
        return []
    tables.create_schema(spark, layer)
    known = {row["tableName"] for row in spark.sql(f"SHOW TABLES IN {layer}").collect()}
    new = [table for table in stored if table not in known]
    for table in new:
        tables.register(spark, layer, table)
    return new
