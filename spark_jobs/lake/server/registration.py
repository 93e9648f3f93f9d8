"""Enter Delta tables that storage holds into the lake server's catalogue, which lives as long as the server.

Storage is the truth: only who needs tables by name, as dbt does, has them entered, and what is entered costs nothing.
"""

from typing import TYPE_CHECKING

from pyarrow import fs

from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer

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


def stored_tables(filesystem: fs.FileSystem, root: str, layer: Layer) -> list[str]:
    """Names of the folders of a layer that hold a Delta log, sorted."""
    folders = filesystem.get_file_info(fs.FileSelector(f"{root}/{layer}", allow_not_found=True))
    names = sorted(folder.base_name for folder in folders if folder.type == fs.FileType.Directory)
    logs = filesystem.get_file_info([f"{root}/{layer}/{name}/_delta_log" for name in names])
    return [name for name, found in zip(names, logs, strict=True) if found.type == fs.FileType.Directory]
