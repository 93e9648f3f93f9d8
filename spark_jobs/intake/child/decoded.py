"""What becomes of a delivery that a child process decodes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting


@dataclass(frozen=True)
class DecodeTask:
    """A delivery to decode: a local file that does not change, in a folder where its rows may be put beside it."""

    delivery: str
    path: Path

    @property
    def rows_path(self) -> Path:
        """Where its rows are put."""
        return self.path.with_name(f"{self.path.name}.rows")


@dataclass(frozen=True)
class DecoderFailure:
    """A fault of ours, not of the sender's: the decoder crashed, or raised what it must not."""

    what: str
    """The exception's type, or the signal that ended the process."""
    trace: str
    """Files, lines and functions, for the operator; no values of rows."""


@dataclass(frozen=True)
class Decoded:
    """The end of one delivery's decoding: `accounting` with rows, or `rejected`, or `failure`."""

    task: DecodeTask
    accounting: Accounting | None = None
    rejected: DeliveryRejected | None = None
    failure: DecoderFailure | None = None

    @property
    def delivery(self) -> str:
        """Its id."""
        return self.task.delivery

    @property
    def has_rows(self) -> bool:
        """There is something for bronze."""
        return self.accounting is not None and self.accounting.rows_parsed > 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, with the schema `accounting.batch_schema`; none where there are none. Can be read again."""
        if not self.has_rows:
            return
        with pa.memory_map(str(self.task.rows_path)) as source, pa.ipc.open_file(source) as reader:
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)

    def discard(self) -> None:
        """Delete the rows; the delivery's own file stays."""
        with suppress(FileNotFoundError):
            self.task.rows_path.unlink()
