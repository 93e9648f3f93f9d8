"""What is true about the city, beside what its departments send: for tests and for measuring entity resolution."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage.planting import Planted
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.texts import Ints, repeated

_DEFECTS = pa.schema(
    [
        ("feed", pa.string()),
        ("file", pa.string()),
        ("row_number", pa.int64()),
        ("kind", pa.string()),
        ("column", pa.string()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
    ]
)
_MENTIONS = pa.schema(
    [
        ("feed", pa.string()),
        ("file", pa.string()),
        ("row_number", pa.int64()),
        ("role", pa.string()),
        ("person_uid", pa.int64()),
        ("company_uid", pa.int64()),
    ]
)
_DELIVERIES = pa.schema(
    [
        ("feed", pa.string()),
        ("file", pa.string()),
        ("business_date", pa.string()),
        ("rows", pa.int64()),
        ("accepted", pa.int64()),
        ("quarantined", pa.int64()),
    ]
)
_FILES = pa.schema([("feed", pa.string()), ("file", pa.string()), ("kind", pa.string()), ("rejection", pa.string())])


def _number(row: int, numbers: Ints) -> int:
    """The number of a record, or of the header, which is counted back from the first."""
    return int(numbers[row] if row >= 0 else numbers[0] + row)


class Truth:
    """Writes `<folder>/*.parquet` as the files of the city are made."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._mentions = pq.ParquetWriter(folder / "mentions.parquet", _MENTIONS)
        self._defects: list[dict[str, Any]] = []
        self._deliveries: list[dict[str, Any]] = []
        self._files: list[dict[str, Any]] = []

    def __enter__(self) -> "Truth":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mentions.close()
        if error is None:
            pq.write_table(pa.Table.from_pylist(self._defects, _DEFECTS), self._folder / "defects.parquet")
            pq.write_table(pa.Table.from_pylist(self._deliveries, _DELIVERIES), self._folder / "deliveries.parquet")
            pq.write_table(pa.Table.from_pylist(self._files, _FILES), self._folder / "files.parquet")

    def add_delivery(self, feed: str, file: str, business_date: str, rows: int, quarantined: int = 0) -> None:
        """A good file, how many records it has and how many of them go to quarantine."""
        counts = {"rows": rows, "accepted": rows - quarantined, "quarantined": quarantined}
        self._deliveries.append({"feed": feed, "file": file, "business_date": business_date, **counts})

    def add_defects(self, slot: Slot, planted: Sequence[Planted], numbers: Ints) -> None:
        """Defects of single rows.

        Args:
            slot: the file.
            planted: the defects.
            numbers: row number of each of the batch's records, as bronze counts.
        """
        for defect in sorted(planted, key=lambda d: d.row):
            where = {"feed": slot.feed, "file": slot.file, "row_number": _number(defect.row, numbers)}
            what = {"kind": defect.kind, "column": defect.column, "outcome": defect.outcome, "reason": defect.reason}
            self._defects.append({**where, **what})

    def add_mentions(self, slot: Slot, batch: Batch, numbers: Ints) -> None:
        """Who each row speaks of."""
        for mention in batch.mentions:
            known = np.flatnonzero(mention.uids >= 0)
            uids = pa.array(mention.uids[known])
            absent = pa.nulls(len(known), pa.int64())
            is_person = mention.entity == "person"
            columns = [
                repeated(slot.feed, len(known)),
                repeated(slot.file, len(known)),
                pa.array(numbers[known]),
                repeated(mention.role, len(known)),
                uids if is_person else absent,
                absent if is_person else uids,
            ]
            self._mentions.write_table(pa.table(columns, schema=_MENTIONS))

    def add_bad_file(self, feed: str, file: str, kind: str, rejection: str) -> None:
        """A file that must be rejected whole, and with which code of rejections.yml."""
        self._files.append({"feed": feed, "file": file, "kind": kind, "rejection": rejection})

    def write_entities(self, persons: pa.Table, companies: pa.Table) -> None:
        """Everybody and every company as they truly are."""
        pq.write_table(persons, self._folder / "persons.parquet")
        pq.write_table(companies, self._folder / "companies.parquet")
