"""The lake without Spark: its file system and the rows of a table, for PyArrow and DuckDB."""

from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from pyarrow import fs

from spark_jobs.base.settings import Settings, settings
from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri, zone_uri


def lake_filesystem(at: Settings) -> tuple[fs.FileSystem, str]:
    """The file system of the lake and the root of the lake zone in it."""
    root = zone_uri("lake", "s3", at).removeprefix("s3://")
    if at.s3_endpoint is None or at.s3_access_key is None or at.s3_secret_key is None:
        return fs.LocalFileSystem(), root
    scheme, _, host = at.s3_endpoint.partition("://")
    store = fs.S3FileSystem(
        access_key=at.s3_access_key,
        secret_key=at.s3_secret_key.get_secret_value(),
        region=at.s3_region,
        scheme=scheme,
        endpoint_override=host,
    )
    return store, root


def dataset(layer: Layer, table: str, version: int | None = None) -> Any:
    """The rows of a table as a `pyarrow.dataset.Dataset`, as of a version where one is given.

    Read by the file system of Arrow: the one of delta-rs calls back into Python. Threads of Arrow still read
    ahead when a question has its answer, and such a call takes the process along as Python shuts down.
    """
    filesystem, root = lake_filesystem(settings())
    delta = DeltaTable(table_uri(layer, table), version=version, storage_options=storage_options())
    return delta.to_pyarrow_dataset(filesystem=fs.SubTreeFileSystem(f"{root}/{layer}/{table}", filesystem))


def has_int96(layer: Layer, table: str, opened: DeltaTable) -> bool:
    """Files of a table, which is open, keep moments as INT96, as Spark does by default.

    Those after 2262-04-11 have more nanoseconds than 64 bits hold: delta-rs reads other moments, and would write these.
    """
    filesystem, root = lake_filesystem(settings())
    if not any("timestamp" in str(field.type) for field in opened.schema().fields):
        return False
    names = pa.table(opened.get_add_actions())["path"].to_pylist()
    return any(_is_int96(filesystem, f"{root}/{layer}/{table}/{unquote(name)}") for name in names)


def _is_int96(filesystem: fs.FileSystem, path: str) -> bool:
    with filesystem.open_input_file(path) as source:
        columns = pq.read_metadata(source).schema
    return any(columns.column(place).physical_type == "INT96" for place in range(len(columns)))
