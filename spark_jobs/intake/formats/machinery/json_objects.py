"""One JSON object to one row of strings, without loss: numbers stay as they are written."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.json_shapes import JsonShapes
from spark_jobs.intake.formats.machinery.named_values import NamedValues, NotARecordError, Number
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder


class JsonObjects:
    """Turns the text of records into rows and remembers which keys occurred."""

    def __init__(self, contract: FeedContract) -> None:
        self._values = NamedValues(contract)
        self._shapes = JsonShapes(contract, self._values)

    def batches(self, chunk: Chunk) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """Lines that become rows at once, by their places in the chunk; `add` is for the others.

        Raises:
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        return self._shapes.batches(chunk)

    def add(self, text: str, place: Place, rows: RowBuilder) -> None:
        """Add the record to `rows`, as a defect where it is not a flat object.

        Raises:
            json.JSONDecodeError: a fault of syntax.
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        try:
            record = parsed(text)
        except (NotARecordError, RecursionError):
            rows.add_defect(place, "malformed_record", text)
            return
        self._values.add(record, text, place, rows, may_be_unfit="\\" in text)

    def finish(self, accounting: Accounting) -> None:
        """Note what became of the keys, and whether they are those of rows to fix, once all records are added.

        Raises:
            DeliveryRejected: `missing_column`: no record has the key.
        """
        self._values.finish(accounting)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object, unless it has a key twice: which value is meant would be a guess (RFC 8259 section 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotARecordError
    return found


def _refuse_constant(_: str) -> None:
    """NaN and Infinity are not JSON (RFC 8259 section 6)."""
    raise NotARecordError


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=Number, parse_float=Number, parse_constant=_refuse_constant
)


def parsed(text: str) -> Any:
    """What the text says, numbers as they are written.

    Raises:
        json.JSONDecodeError: a fault of syntax.
        NotARecordError: a key twice in one object, NaN or Infinity.
        RecursionError: it is nested too deeply.
    """
    return _DECODER.decode(text)
