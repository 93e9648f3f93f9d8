"""Rows gathered one by one into batches, for formats that no columnar parser reads."""

from typing import Any, NamedTuple

import pyarrow as pa

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import PROVENANCE
from spark_jobs.intake.formats.machinery.batch import contract_schema

BATCH_ROWS = 20_000
BATCH_CHARACTERS = 32 << 20


class Place(NamedTuple):
    """Where a record is in the delivery."""

    row_number: int
    byte_offset: int | None = None
    byte_length: int | None = None


class RowBuilder:
    """Gathers rows; `take` gives them as a batch."""

    def __init__(self, contract: FeedContract) -> None:
        self._schema = contract_schema(contract)
        self._nothing: tuple[None, ...] = (None,) * (len(self._schema) - len(PROVENANCE))
        self._rows: list[tuple[Any, ...]] = []
        self._characters = 0
        self.defects = 0
        """How many defective rows were added so far, those of earlier batches included."""

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def is_full(self) -> bool:
        """Enough for a batch."""
        return len(self._rows) >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS

    def add(
        self, place: Place, values: tuple[str | None, ...], rescued: str | None, corrects: int | None = None
    ) -> None:
        """A row that was parted into its fields, `values` being in the contract's order."""
        self._characters += sum(map(len, filter(None, values)))
        self._rows.append((*values, *place, None, None, rescued, corrects))

    def add_defect(self, place: Place, defect: str, raw: str) -> None:
        """A row that was not, with its text."""
        self.defects += 1
        self._characters += len(raw)
        self._rows.append((*self._nothing, *place, defect, raw, None, None))

    def take(self) -> pa.RecordBatch:
        """The rows gathered since the last batch."""
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self._schema)
        arrays = [pa.array(column, f.type) for column, f in zip(columns, self._schema, strict=True)]
        self._rows, self._characters = [], 0
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)
