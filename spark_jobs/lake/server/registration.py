"""Enter every Delta table that storage holds into the catalogue: storage is the truth, a lost catalogue loses nothing.

Run by the keeper when the lake server starts. One listing per layer; a table that is entered already costs nothing.
"""

import sys
from typing import TYPE_CHECKING

from pyarrow import fs

from spark_jobs.base.logs import logger
from spark_jobs.base.privacy import keep_private
from spark_jobs.base.settings import settings
from spark_jobs.lake.server import session, silver_views
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import LAYERS, Layer

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

START_SECONDS = 290

log = logger("registration")


def main() -> int:
    """Register what storage holds, as soon as the lake server answers."""
    keep_private()
    spark = session.connect("registration", wait_seconds=START_SECONDS)
    for name in register_all(spark):
        log.info("registered", table=name)
    spark.stop()
    return 0


def register_all(spark: "SparkSession") -> list[str]:
    """Register every table of every layer; give those that the catalogue did not know, as `layer.table`."""
    schemas = {row[0] for row in spark.sql("SHOW SCHEMAS").collect()}
    entered = []
    for layer in LAYERS:
        if layer not in schemas:
            tables.create_schema(spark, layer)
        entered += [f"{layer}.{table}" for table in register_layer(spark, layer)]
    return entered


def register_layer(spark: "SparkSession", layer: Layer) -> list[str]:
    """Register the tables of a layer that the catalogue, which has the layer, does not know; gives their names."""
    if layer == "silver":
        return silver_views.renew(spark, stored_tables(*lake_filesystem(settings()), layer))
    stored = stored_tables(*lake_filesystem(settings()), layer)
    known = {row["tableName"] for row in spark.sql(f"SHOW TABLES IN {layer}").collect()} if stored else set()
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


if __name__ == "__main__":
    sys.exit(main())
