"""What every format can do; its class is the one place that knows how the format works."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.format_options import FormatOptions
from expectations.outline import Outline
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample

Options = TypeVar("Options", bound=FormatOptions)


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


class Format(ABC, Generic[Options]):
    """One file format; `options` are always those of the contract at hand."""

    @abstractmethod
    def sniff(self, head: bytes, options: Options) -> None:
        """Refuse a file that begins with `head`, where that is not how such files begin; before anything is parsed.

        Raises:
            DeliveryRejected: `content_mismatch`.
        """

    @abstractmethod
    def decoder(self, path: Path, contract: FeedContract, options: Options) -> Decoder:
        """The decoder of a local file that does not change, which counts its records and accounts for its bytes.

        Raises:
            DeliveryRejected: the file is not what the contract says.
        """

    @abstractmethod
    def locate(self, path: Path, contract: FeedContract, options: Options, place: Place) -> str:
        """The text of one record as it stands in the delivery.

        Args:
            path: the delivery, which was decoded once.
            contract: the feed's contract.
            options: those that it was decoded by.
            place: the provenance that decoding gave the record.
        """

    @abstractmethod
    def write_sample(self, path: Path, options: Options, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """Write rows by their source columns as a delivery."""

    @abstractmethod
    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: Options, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """Write rows to fix as a delivery that the decoder takes and that gives the same values again, streaming.

        Args:
            path_of: where the first file goes, and the second, if one file cannot hold all rows, and so on from 1.
            options: those of the contract.
            sources: source columns of the values, in their order.
            rows: the rows.

        Returns:
            The files.
        """

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of files such as this one would say; None where it is another format's, or does not say.

        Raises:
            DeliveryRejected: the file is damaged.
        """
        return None
