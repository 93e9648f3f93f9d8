"""The rows of a table without Spark."""

from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake
from pyarrow import fs

from spark_jobs.lake.storage import arrow
from spark_jobs.lake.storage.paths import table_uri


def test_no_thread_of_arrow_calls_back_into_python(lake_home: Path) -> None:
    # It would after the answer, while Python shuts down: `lake sql … LIMIT 1` on 40 files then fell one time in four.
    write_deltalake(table_uri("silver", "arrow_rows"), pa.table({"id": [1, 2]}))
    filesystem = arrow.dataset("silver", "arrow_rows").filesystem
    while isinstance(filesystem, fs.SubTreeFileSystem):
        filesystem = filesystem.base_fs
    assert isinstance(filesystem, fs.LocalFileSystem)


def test_rows_of_a_version_and_of_the_newest(lake_home: Path) -> None:
    for number in (1, 2):
        write_deltalake(table_uri("silver", "arrow_versions"), pa.table({"id": [number]}), mode="append")
    assert arrow.dataset("silver", "arrow_versions", version=0).to_table()["id"].to_pylist() == [1]
    assert sorted(arrow.dataset("silver", "arrow_versions").to_table()["id"].to_pylist()) == [1, 2]
