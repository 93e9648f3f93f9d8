"""Delimited text."""

from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.csv import Csv
from expectations.outline import Outline
from spark_jobs.intake.formats.csv.decode import DelimitedDecoder
from spark_jobs.intake.formats.csv.outline import outline_of
from spark_jobs.intake.formats.csv.write import write_delimited, write_rows_to_fix
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import refuse_other_than_text
from spark_jobs.intake.formats.machinery.text_file import text_at


class CsvFormat(Format[Csv]):
    """Delimited text with one header line."""

    def sniff(self, head: bytes, options: Csv) -> None:
        """Refuse what is not text, or not gzip where that is declared."""
        refuse_other_than_text(head, options)

    def decoder(self, path: Path, contract: FeedContract, options: Csv) -> DelimitedDecoder:
        """Tokenised for the count, parsed by PyArrow for the values."""
        return DelimitedDecoder(path, contract, options)

    def locate(self, path: Path, contract: FeedContract, options: Csv, place: Place) -> str:
        """The record's line or lines, quotes and all, without the last line break."""
        return text_at(path, options.encoding, place, compressed=options.compression is not None)

    def write_sample(self, path: Path, options: Csv, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """Quotes only where they are needed; blank lines above the header, where it is not the first."""
        above: list[list[str]] = [[]] * (options.header_row - 1)
        write_delimited(path, options, [*above, header, *([row[name] for name in header] for row in rows)])

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: Csv, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """One file; a value that its dialect or charset cannot hold is in the notation of workbooks."""
        write_rows_to_fix(path_of(1), options, sources, rows)
        return [path_of(1)]

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of such files would say."""
        return outline_of(sample)
