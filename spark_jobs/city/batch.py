"""A part of one delivery in the making: clean columns, who is mentioned, and what the writer must do to single rows."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.city.world.texts import NOBODY, Ints, Texts

__all__ = ["CELL_KINDS", "NOBODY", "Batch", "LineFault", "Mentioned"]

CELL_KINDS = ("text", "number", "error", "date")
"""What a workbook's cell holds; positions are used as codes."""

LineFault = Literal["too_few_fields", "crlf", "frame_crc", "frame_length", "frame_lower_crc", "axes_swapped"]


@dataclass(frozen=True)
class Mentioned:
    """Who a role of each row is."""

    role: str
    entity: Literal["person", "legal_entity"]
    uids: Ints
    """NOBODY where the row has none."""


@dataclass
class Batch:
    """Rows of one file as text, ready to be written."""

    columns: dict[str, Texts]
    """Source name -> text as it stands in the file, quotes included."""
    mentions: list[Mentioned]
    cells: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    """Workbooks only: source name -> position in CELL_KINDS of each row's cell."""
    faults: dict[int, LineFault] = field(default_factory=dict)
    """Rows whose line is written wrongly."""
    has_byte_order_mark: bool = False
    """Text in UTF-8 only: the file begins with U+FEFF, as Windows programs write it."""

    @property
    def rows(self) -> int:
        """How many records."""
        return len(next(iter(self.columns.values())))

    def take(self, index: NDArray[np.int64]) -> "Batch":
        """The rows at those positions, in that order."""
        positions = pa.array(index)
        return Batch(
            columns={name: texts.take(positions) for name, texts in self.columns.items()},
            mentions=[Mentioned(m.role, m.entity, m.uids[index]) for m in self.mentions],
            cells={name: kinds[index] for name, kinds in self.cells.items()},
            has_byte_order_mark=self.has_byte_order_mark,
        )

    def with_columns(self, mentions: list[Mentioned], **columns: Texts) -> "Batch":
        """The batch with other columns and mentions in place of its own.

        Args:
            mentions: of the same roles and entities, or fewer; those of other roles stay.
            columns: by their source names.
        """
        changed = {(each.role, each.entity): each for each in mentions}
        return Batch(
            columns=self.columns | columns,
            mentions=[changed.get((each.role, each.entity), each) for each in self.mentions],
            cells=self.cells,
            has_byte_order_mark=self.has_byte_order_mark,
        )

    def followed_by(self, other: "Batch") -> "Batch":
        """The rows of both."""
        return Batch(
            columns={n: pa.concat_arrays([texts, other.columns[n]]) for n, texts in self.columns.items()},
            mentions=[
                Mentioned(m.role, m.entity, np.concatenate([m.uids, o.uids]))
                for m, o in zip(self.mentions, other.mentions, strict=True)
            ],
            cells={name: np.concatenate([kinds, other.cells[name]]) for name, kinds in self.cells.items()},
            has_byte_order_mark=self.has_byte_order_mark,
        )
