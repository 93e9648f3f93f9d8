"""Many JSON lines of one shape at once: the same keys in the same order and spacing, values as they come.

What a line of such a shape says is told by its quotation marks alone, as long as it has no escape: a string ends at the
next one, and whatever else stands between two must be what stands there in the shape, but for numbers and words.
Whatever differs in the least is left to a parser that looks at each line by itself.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats.machinery.batch import contract_schema
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.json_lines import Lines, lines_of, matched, plain_lines
from spark_jobs.intake.formats.machinery.json_parser import parsed
from spark_jobs.intake.formats.machinery.json_shape import Path, Shape, shape_of
from spark_jobs.intake.formats.machinery.named_values import NamedValues, NotARecordError
from spark_jobs.intake.formats.machinery.slices import Mask

MAX_SHAPES = 32
"""Of one file; lines of further shapes are parsed by themselves."""
_FEWEST = 8
"""Lines that are worth a shape."""

Columns = tuple[Mask | None, Mapping[str, pa.Array]]
"""Which lines are rows (None: all are), and of these the contract's columns."""


@dataclass(frozen=True)
class Reading:
    """How lines of a shape become rows."""

    names: tuple[str, ...]
    """At the source, of all that such a record has."""
    columns: Callable[[list[pa.Array]], Columns]
    """Of the values of the shape's slots."""


class Records(Protocol):
    """Says what lines of a shape are."""

    fixed: Collection[Path]
    """Where values are that are part of the shape."""

    def reading(self, shape: Shape, document: Any) -> Reading | None:
        """How lines become rows that have the shape of a document; None: each by itself."""


class FlatRecords:
    """Lines that are flat objects, whose keys are the contract's."""

    fixed: Collection[Path] = ()

    def __init__(self, values: NamedValues) -> None:
        self._values = values

    def reading(self, shape: Shape, document: Any) -> Reading | None:
        """Each value is that of a column."""
        names = tuple(document) if isinstance(document, dict) else ()
        columns = self._values.columns(names)
        if not names or columns is None or shape.paths != tuple((name,) for name in names):
            return None
        of_contract = [(place, column.name) for place, column in enumerate(columns) if column.fate == "contract"]
        return Reading(names, lambda values: (None, {name: values[place] for place, name in of_contract}))


class JsonShapes:
    """Finds the shapes of a file's lines and makes columns of the lines that have one."""

    def __init__(self, contract: FeedContract, values: NamedValues, records: Records) -> None:
        self._schema = contract_schema(contract)
        self._values = values
        self._records = records
        self._shapes: dict[Shape, Reading] = {}
        self._tries = 0

    def batches(self, chunk: Chunk) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """Lines of the chunk by their places in it, and the batch that they are.

        Raises:
            DeliveryRejected: `too_many_columns`.
        """
        lines = lines_of(chunk)
        left = plain_lines(lines, chunk)
        for shape in self._shapes:
            yield from self._taken(shape, lines, left, chunk)
        while self._tries < MAX_SHAPES and int(left.sum()) >= _FEWEST:
            self._tries += 1
            line = int(np.argmax(left))
            shape_found = self._learn(bytes(chunk.text[int(lines.starts[line]) : int(lines.ends[line])]))
            if shape_found is not None:
                yield from self._taken(shape_found, lines, left, chunk)
            left[line] = False

    def _taken(
        self, shape: Shape, lines: Lines, left: Mask, chunk: Chunk
    ) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """The lines of that shape, which are then no longer left."""
        numbers = np.flatnonzero(left & (lines.counts == shape.quotes))
        if len(numbers) < _FEWEST:
            return
        numbers, values = matched(shape, lines, numbers)
        left[numbers] = False
        reading = self._shapes[shape]
        are_rows, columns = reading.columns(values)
        numbers = numbers if are_rows is None else numbers[are_rows]
        if len(numbers):
            for name in reading.names:
                self._values.column(name)
            yield numbers, self._batch(columns, chunk, numbers)

    def _batch(self, columns: Mapping[str, pa.Array], chunk: Chunk, numbers: Positions) -> pa.RecordBatch:
        found = {
            **columns,
            "_row_number": pa.array(chunk.row_numbers[numbers]),
            "_byte_offset": pa.array(chunk.raw_starts[numbers]),
            "_byte_length": pa.array((chunk.raw_ends - chunk.raw_starts)[numbers]),
        }
        arrays = [found[f.name] if f.name in found else pa.nulls(len(numbers), f.type) for f in self._schema]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)

    def _learn(self, line: bytes) -> Shape | None:
        """The shape of a line, if it is to be read by its shape."""
        try:
            document = parsed(line.decode())
        except (json.JSONDecodeError, NotARecordError, RecursionError):
            return None
        shape = shape_of(line, self._records.fixed)
        reading = self._records.reading(shape, document) if shape.slots else None
        if reading is None:
            return None
        self._shapes[shape] = reading
        return shape
