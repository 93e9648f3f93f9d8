"""Small tables that are written at each build beside those of dbt; their logs hold no values of rows."""

from typing import Literal

import pyarrow as pa
from deltalake import write_deltalake

from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.delta_commits import Signed
from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri
from spark_jobs.lake.storage.table_properties import WRITER


def replace(
    layer: Layer, table: str, rows: pa.Table, signed: Signed, mode: Literal["overwrite", "append"] = "overwrite"
) -> None:
    """Make rows all that a table holds, or add them to it; it is made where it is not there."""
    delta_commits.create(layer, table, rows.schema, ())
    write_deltalake(
        table_uri(layer, table),
        rows,
        mode=mode,
        schema_mode="overwrite" if mode == "overwrite" else None,
        writer_properties=WRITER,
        commit_properties=signed.properties(),
        storage_options=storage_options(),
    )
