"""From one file to record batches of strings: `open_decoder(path, contract)`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from expectations.contract import FeedContract
from expectations.decoding import Csv, Json, JsonLines
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.decode.delimited import DelimitedDecoder
from spark_jobs.intake.decode.json_lines import JsonLinesDecoder
from spark_jobs.intake.decode.json_records import JsonDecoder
from spark_jobs.intake.decode.xlsx import XlsxDecoder


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
