"""Parquet files that an engine has staged, brought into a Delta table's folder and described for its log."""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.parquet as pq
from deltalake.transaction import AddAction
from pyarrow import fs

from spark_jobs.base.settings import settings
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import Scratch


@dataclass(frozen=True)
class DataFile:
    """A file of rows in a table's folder that no commit names yet."""

    name: str
    """Its path in the table's folder."""
    size: int
    rows: int
    partition: dict[str, str]
    """Value by partition column."""
    least: dict[str, Any]
    """Of the columns by which rows are looked for, where the file has such statistics."""
    greatest: dict[str, Any]
    absent: dict[str, int]
    """How many nulls these columns have."""

    def as_added(self) -> AddAction:
        """The entry of the log that makes the file part of the table."""
        found = {
            "numRecords": self.rows,
            "minValues": _plain(self.least),
            "maxValues": _plain(self.greatest),
            "nullCount": self.absent,
        }
        now = int(datetime.now(UTC).timestamp() * 1000)
        return AddAction(self.name, self.size, dict(self.partition), now, data_change=True, stats=json.dumps(found))


def bring_in(staging: Scratch, name: str, layer: Layer, table: str, looked_for: Iterable[str]) -> list[DataFile]:
    """Move what was staged under `name` into a table's folder; what has no rows is left where it is.

    Folders of partitions (`column=value`) are kept.

    Args:
        staging: where it is.
        name: as `Scratch.keep` was given it.
        layer: of the table.
        table: its name in the layer.
        looked_for: columns whose least and greatest values the log may hold.
    """
    lake, root = lake_filesystem(settings())
    brought = []
    for source in _parquet_files(staging, name):
        described = _described(staging, name, source, tuple(looked_for))
        if described.rows:
            target = f"{root}/{layer}/{table}/{described.name}"
            if described.partition and not settings().is_s3:
                lake.create_dir(target.rpartition("/")[0], recursive=True)
            if staging.filesystem.equals(lake):
                lake.move(source.path, target)
            else:
                fs.copy_files(source.path, target, source_filesystem=staging.filesystem, destination_filesystem=lake)
            brought.append(described)
    return brought


def _parquet_files(staging: Scratch, name: str) -> Iterator[fs.FileInfo]:
    folder = fs.FileSelector(f"{staging.root}/{name}", allow_not_found=True, recursive=True)
    for file in sorted(staging.filesystem.get_file_info(folder), key=lambda each: each.path):
        if file.type == fs.FileType.File and file.extension == "parquet":
            yield file


def _described(staging: Scratch, name: str, file: fs.FileInfo, looked_for: tuple[str, ...]) -> DataFile:
    within = file.path.removeprefix(f"{staging.root}/{name}/").split("/")[:-1]
    with staging.filesystem.open_input_file(file.path) as source:
        footer = pq.read_metadata(source)
    least: dict[str, Any] = {}
    greatest: dict[str, Any] = {}
    absent: dict[str, int] = {}
    for column in _places(footer, looked_for):
        found = [_statistics(footer, group, column) for group in range(footer.num_row_groups)]
        if all(each is not None and each.has_null_count for each in found):
            label = footer.schema.column(column).path
            absent[label] = sum(each.null_count for each in found)
            valued = [each for each in found if each.has_min_max]
            if valued and all(each.has_min_max or each.num_values == 0 for each in found):
                least[label] = min(each.min for each in valued)
                greatest[label] = max(each.max for each in valued)
    target = "/".join([*within, f"part-{uuid.uuid4()}.parquet"])
    partition = dict(folder.split("=", 1) for folder in within)
    return DataFile(target, file.size, footer.num_rows, partition, least, greatest, absent)


def _places(footer: pq.FileMetaData, looked_for: tuple[str, ...]) -> list[int]:
    return [place for place in range(footer.num_columns) if footer.schema.column(place).path in looked_for]


def _statistics(footer: pq.FileMetaData, group: int, column: int) -> Any:
    return footer.row_group(group).column(column).statistics


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As the log has them (Delta transaction log protocol, "Per-file Statistics")."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
