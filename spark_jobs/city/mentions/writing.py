"""The two files of a run, written together, in row groups of a size that several readers can share."""

from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.world.texts import Ints

_ROW_GROUP = 131_072


class Files:
    """`records.parquet` and `truth.parquet`, open for the tables of one chunk after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> "Files":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def write(self, records: pa.Table, entity: Ints, marks: Marks) -> None:
        """Add records and the truth about them."""
        truth = {"record_id": records["record_id"], "entity": pa.array(entity), "noise": marks.as_lists()}
        self._add("records.parquet", records)
        self._add("truth.parquet", pa.table(truth))

    def _add(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._folder / name, table.schema, compression="zstd")
        self._writers[name].write_table(table, row_group_size=_ROW_GROUP)
