"""From one file to record batches of strings: `open_decoder(path, contract)`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats import Csv, Json, JsonLines
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.csv.decode import DelimitedDecoder
from spark_jobs.intake.formats.json.decode import JsonDecoder
from spark_jobs.intake.formats.jsonl import JsonLinesDecoder
from spark_jobs.intake.formats.xlsx.decode import XlsxDecoder


class Decoder(Protocol):
    """Streams one delivery."""

    @property
    def accounting(self) -> Accounting:
        """Complete once the batches are exhausted."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All records once, with the schema `accounting.batch_schema`; memory stays bounded.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """


def open_decoder(path: Path, contract: FeedContract) -> Decoder:
    """The decoder of a local file that does not change, by the contract's format.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """
    decoding = contract.decode
    if isinstance(decoding, Csv):
        return DelimitedDecoder(path, contract, decoding)
    if isinstance(decoding, Json):
        return JsonDecoder(path, contract, decoding)
    if isinstance(decoding, JsonLines):
        return JsonLinesDecoder(path, contract, decoding)
    return XlsxDecoder(path, contract, decoding)
