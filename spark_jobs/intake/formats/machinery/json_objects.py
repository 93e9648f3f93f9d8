"""One JSON object to one row of strings, without loss: numbers stay as they are written."""

from collections.abc import Iterator

import pyarrow as pa

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.json_parser import parsed
from spark_jobs.intake.formats.machinery.json_shapes import FlatRecords, JsonShapes
from spark_jobs.intake.formats.machinery.named_values import NamedValues, NotARecordError
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder


class JsonObjects:
    """Turns the text of records into rows and remembers which keys occurred."""

    def __init__(self, contract: FeedContract) -> None:
        self._values = NamedValues(contract)
        self._shapes = JsonShapes(contract, self._values, FlatRecords(self._values))

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
