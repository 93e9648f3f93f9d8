"""Tables as the lake server reads them: rows that lie in a few files by the list of these, others through Delta.

Spark's Delta reads a table's log by queries of its own for each new version, 0.9 CPU-seconds even where five rows come
of it; delta-rs has the list of files in 10 ms, and to read these takes 0.07.
"""

import json
import operator
import re
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import Layer, spark_table_uri, storage_options, table_uri

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FEW_FILES = 32
"""Beyond so many paths Spark looks at them by a job of its own."""
_PLAIN_PATH = re.compile(r"[\w=./-]+", re.ASCII)
"""Of a file below its table: names no other place, and is the same escaped."""
_PATTERN = re.compile(r"[][*?{}\\]")
"""What Spark would take a path for a pattern by."""
_LEAST, _GREATEST = "min._delivery_id", "max._delivery_id"


def read(
    spark: "SparkSession",
    layer: Layer,
    table: str,
    version: int | None = None,
    deliveries: Sequence[str] | None = None,
) -> "DataFrame":
    """The rows of a table, as of a version where one is given; of some deliveries at least, where they are named."""
    found = DeltaTable(table_uri(layer, table), version, storage_options())
    root = spark_table_uri(layer, table)
    files = None if _PATTERN.search(root) else _few_files(found, deliveries)
    if files is None:
        return tables.read(spark, layer, table, version)
    from pyspark.sql.types import StructType

    schema = StructType.fromJson(json.loads(found.schema().to_json()))
    if not files:
        return spark.createDataFrame([], schema)
    rows = spark.read.schema(schema).option("basePath", root).parquet(*(f"{root}/{name}" for name in files))
    return rows.select(*schema.names)


def _few_files(found: DeltaTable, deliveries: Sequence[str] | None) -> list[str] | None:
    """Names of the files in which the rows are; None where they are many, or the log says more than such a list."""
    protocol = found.protocol()
    if protocol.reader_features or protocol.min_reader_version > 1:
        return None
    files = pa.table(found.get_add_actions(flatten=True))
    if deliveries is not None and {_LEAST, _GREATEST} <= set(files.column_names):
        files = files.filter(_may_have(deliveries))
    if len(files) > FEW_FILES:
        return None
    names = files["path"].to_pylist()
    return names if all(map(_PLAIN_PATH.fullmatch, names)) else None


def _may_have(deliveries: Sequence[str]) -> pc.Expression:
    """Files that have rows of these, or do not say of whom they have."""
    least, greatest = pc.field(_LEAST), pc.field(_GREATEST)
    of_these = [(least <= name) & (greatest >= name) for name in deliveries]
    return reduce(operator.or_, of_these, least.is_null() | greatest.is_null())
