"""One Apache Parquet file."""

from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.parquet import Parquet
from expectations.outline import Outline
from spark_jobs.intake.formats.csv.to_fix import decoder_of_corrections, locate_correction, write_corrections
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Decoder, Format
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import PARQUET, refuse_foreign_content
from spark_jobs.intake.formats.parquet.decode import ParquetDecoder
from spark_jobs.intake.formats.parquet.outline import outline_of
from spark_jobs.intake.formats.parquet.write import write_texts, write_to_fix

_MAGIC = b"PAR1"


class ParquetFormat(Format[Parquet]):
    """One Apache Parquet file."""

    def sniff(self, head: bytes, options: Parquet) -> None:
        """Refuse what is no Parquet file, nor may be rows to fix that come back."""
        kinds = {PARQUET, None} if options.rows_to_fix == "csv" else {PARQUET}
        refuse_foreign_content(head, "parquet", lambda _, kind: kind in kinds)

    def decoder(self, path: Path, contract: FeedContract, options: Parquet) -> Decoder:
        """Counted by its footer, its values made texts; or rows to fix that come back as CSV."""
        if _is_parquet(path):
            return ParquetDecoder(path, contract, options)
        return decoder_of_corrections(path, contract, "parquet")

    def locate(self, path: Path, contract: FeedContract, options: Parquet, place: Place) -> str:
        """The row's texts as a JSON object: a row of a Parquet file has no text of its own."""
        if _is_parquet(path):
            return ParquetDecoder(path, contract, options).text_of(place.row_number)
        return locate_correction(path, place)

    def write_sample(self, path: Path, options: Parquet, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """All columns are texts."""
        write_texts(path, header, ([row[name] for name in header] for row in rows))

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: Parquet, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """One file, in the form that the contract names."""
        if options.rows_to_fix == "csv":
            return write_corrections(path_of, sources, rows)
        write_to_fix(path_of(1), sources, rows)
        return [path_of(1)]

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of such files would say."""
        return outline_of(sample)


def _is_parquet(path: Path) -> bool:
    """It begins as one does, or is empty."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) in {_MAGIC, b""}
