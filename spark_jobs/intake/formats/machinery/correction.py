"""Rows to fix that come back in another form than that of deliveries."""

from collections.abc import Iterator

import pyarrow as pa

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.format import Decoder


class OnlyCorrections:
    """Decodes a file of rows to fix, and refuses any other file of its form.

    Args:
        decoder: of that form.
        expected: what deliveries are, for the department.
        actual: what the file is.
    """

    def __init__(self, decoder: Decoder, expected: str, actual: str) -> None:
        self._decoder = decoder
        self._expected = expected
        self._actual = actual

    @property
    def accounting(self) -> Accounting:
        """See Decoder."""
        return self._decoder.accounting

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows.

        Raises:
            DeliveryRejected: as the decoder does; `content_mismatch`: it has not the columns of rows to fix.
        """
        for batch in self._decoder.batches():
            self._require()
            yield batch
        self._require()

    def _require(self) -> None:
        if self.accounting.bytes and not self.accounting.is_correction:
            raise DeliveryRejected("content_mismatch", expected=self._expected, actual=self._actual)
