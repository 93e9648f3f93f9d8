"""The lake without Spark: its file system and the rows of a table, for PyArrow and DuckDB."""

from typing import Any

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
