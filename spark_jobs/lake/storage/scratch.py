"""Folders for what a job needs between two of its steps; gone at its end."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow import fs

from spark_jobs.base.settings import settings
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import zone_uri

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_KEPT = {
    # PyArrow and Spark disagree on lz4 in Parquet; snappy is the fastest that both read.
    "compression": "snappy",
    # Dictionaries cost a fifth of the write and save a fifteenth of the bytes, of rows that are read a few times and
    # thrown away.
    "parquet.enable.dictionary": "false",
    # By statistics Sail takes a column of one value for that value, and its xxhash64 of values alone panics where there
    # are two rows.
    "statistics_enabled": "none",
}
"""How rows are written that a job needs again; each engine passes over the other's words."""


@dataclass(frozen=True)
class Scratch:
    """One job's folder, for Spark and for PyArrow.

    Args:
        spark_root: the folder as Spark wants it.
        filesystem: the file system it is in.
        root: the folder as PyArrow wants it.
    """

    spark_root: str
    filesystem: fs.FileSystem
    root: str

    def folder(self, name: str) -> "Scratch":
        """A folder of the folder, for a step with names of its own; what it had is gone."""
        self.clear(name)
        inside = Scratch(f"{self.spark_root}/{name}", self.filesystem, f"{self.root}/{name}")
        inside.filesystem.create_dir(inside.root)
        return inside

    def keep(self, rows: "DataFrame", name: str) -> "DataFrame":
        """Write rows and give them as read back: computed once, whatever follows."""
        path = f"{self.spark_root}/{name}"
        rows.write.mode("overwrite").options(**_KEPT).parquet(path)
        if not self._files(name):
            # Of no rows Sail makes no file, and of no file nobody could tell the columns.
            self.write(rows.limit(0).toArrow(), name)
        return self.read(rows.sparkSession, name)

    def stage(self, rows: "DataFrame", name: str, *partition_by: str) -> None:
        """Write rows as the files of a table are, in a folder for each value of the partition columns."""
        writer = rows.write.mode("overwrite").option("compression", "zstd")
        writer.partitionBy(*partition_by).parquet(f"{self.spark_root}/{name}")

    def clear(self, *names: str) -> None:
        """Remove what was written under names, if anything was."""
        for name in names:
            folder = f"{self.root}/{name}"
            if self.filesystem.get_file_info(folder).type == fs.FileType.Directory:
                self.filesystem.delete_dir(folder)

    def batches(self, name: str, schema: pa.Schema, *partition_by: str) -> pa.RecordBatchReader:
        """Rows that were staged, in these columns; an engine may have made no file of no rows."""
        folder = f"{self.root}/{name}"
        files = self._files(name)
        if not files:
            return pa.RecordBatchReader.from_batches(schema, [])
        parts = pa.schema([schema.field(column) for column in partition_by])
        found = ds.dataset(
            files,
            filesystem=self.filesystem,
            format="parquet",
            schema=schema,
            partitioning=ds.partitioning(parts, flavor="hive") if partition_by else None,
            partition_base_dir=folder if partition_by else None,
        )
        return found.scanner().to_reader()

    def count(self, name: str) -> int:
        """How many rows were staged or kept under a name."""
        return sum(pq.read_metadata(path, filesystem=self.filesystem).num_rows for path in self._files(name))

    def _files(self, name: str) -> list[str]:
        """By name: discovery passes over folders that begin with an underscore, as our partitions do."""
        folder = fs.FileSelector(f"{self.root}/{name}", allow_not_found=True, recursive=True)
        inside = self.filesystem.get_file_info(folder)
        return sorted(each.path for each in inside if each.is_file and each.extension == "parquet")

    def read(self, spark: "SparkSession", name: str) -> "DataFrame":
        """Rows that were kept, or written by `write`."""
        return spark.read.parquet(f"{self.spark_root}/{name}")

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Rows that Spark kept, for NumPy."""
        return ds.dataset(f"{self.root}/{name}", filesystem=self.filesystem, format="parquet").to_table(columns)

    def write(self, rows: pa.Table | pa.RecordBatchReader, name: str, to_stage: bool = False) -> None:
        """Rows that NumPy or a reader made, for Spark; no rows are a file as well.

        Args:
            rows: what is written.
            name: where.
            to_stage: it is to be a file of a table, as by `stage`, whose log wants statistics.
        """
        self.filesystem.create_dir(f"{self.root}/{name}", recursive=True)
        path = f"{self.root}/{name}/part-0.parquet"
        with pq.ParquetWriter(path, rows.schema, filesystem=self.filesystem, write_statistics=to_stage) as file:
            if isinstance(rows, pa.Table):
                # Several row groups, so that all cores read.
                file.write_table(rows, row_group_size=1 << 20)
                return
            for batch in rows:
                file.write_batch(batch)


@contextmanager
def scratch(job: str) -> Iterator[Scratch]:
    """A new folder in the lake's storage, removed at the end of the block."""
    at = settings()
    name = f"scratch/{job}-{uuid.uuid4().hex[:12]}"
    filesystem, root = lake_filesystem(at)
    folder = Scratch(f"{zone_uri('lake', 's3a', at)}/{name}", filesystem, f"{root}/{name}")
    filesystem.create_dir(folder.root, recursive=True)
    try:
        yield folder
    finally:
        filesystem.delete_dir(folder.root)


@contextmanager
def local_scratch(job: str) -> Iterator[Scratch]:
    """A new folder of this machine, readable by the lake's user alone and removed at the end of the block."""
    path = _spool() / f"{job}-{uuid.uuid4().hex[:12]}"
    path.mkdir(parents=True, mode=0o700)
    try:
        yield Scratch(str(path), fs.LocalFileSystem(), str(path))
    finally:
        shutil.rmtree(path, ignore_errors=True)


def remove_left(jobs_of: str = "", idle: timedelta = timedelta(0)) -> list[str]:
    """Remove what killed jobs left, which may be rows about persons; gives the names of the folders.

    Args:
        jobs_of: only jobs of this subject, such as a kind of entity: those whose name ends in it.
        idle: only where nothing was written for so long; a younger folder may be at work.
    """
    removed = []
    for filesystem, folder in left(jobs_of):
        if datetime.now(UTC) - _last_written(filesystem, folder) >= idle:
            filesystem.delete_dir(folder.path)
            removed.append(folder.base_name)
    return removed


def left(jobs_of: str = "") -> Iterator[tuple[fs.FileSystem, fs.FileInfo]]:
    """Folders of jobs that are at work or were killed, with their file system: those of a subject, if one is named.

    Without a subject those in the lake's storage alone: others than these jobs have folders on this machine too.
    """
    lake, root = lake_filesystem(settings())
    places = [(lake, f"{root}/scratch")]
    if jobs_of:
        places.append((fs.LocalFileSystem(), str(_spool())))
    for filesystem, place in places:
        for folder in filesystem.get_file_info(fs.FileSelector(place, allow_not_found=True)):
            if not jobs_of or folder.base_name.rpartition("-")[0].endswith(f"-{jobs_of}"):
                yield filesystem, folder


def _spool() -> Path:
    return settings().home.absolute() / "spool"


def _last_written(filesystem: fs.FileSystem, folder: fs.FileInfo) -> datetime:
    """When something was last written below a folder; a store of objects knows no time of folders."""
    inside = filesystem.get_file_info(fs.FileSelector(folder.path, recursive=True))
    times: list[datetime] = [each.mtime for each in (folder, *inside) if each.mtime is not None]
    return max(times, default=datetime.now(UTC))
