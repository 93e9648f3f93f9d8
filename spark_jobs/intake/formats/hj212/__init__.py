"""Frames of HJ 212-2017 and -2025."""

from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.hj212 import Hj212
from spark_jobs.intake.formats.csv.to_fix import (
    begins_as_corrections,
    decoder_of_corrections,
    locate_correction,
    write_corrections,
)
from spark_jobs.intake.formats.hj212.decode import Hj212Decoder, may_be_frames
from spark_jobs.intake.formats.hj212.write import write_frames
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Decoder, Format
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES, refuse_other_than_text
from spark_jobs.intake.formats.machinery.text_file import text_at


class Hj212Format(Format[Hj212]):
    """Frames of HJ 212-2017 and -2025, and their rows to fix as CSV."""

    def sniff(self, head: bytes, options: Hj212) -> None:
        """Refuse what has no frame, nor is rows to fix that come back; or is not gzip where that is declared."""
        if not begins_as_corrections(head):
            refuse_other_than_text(head, options, may_be_frames)

    def decoder(self, path: Path, contract: FeedContract, options: Hj212) -> Decoder:
        """Frames counted by their lines and factors, parsed field by field."""
        if _are_corrections(path):
            return decoder_of_corrections(path, contract, "hj212")
        return Hj212Decoder(path, contract, options)

    def locate(self, path: Path, contract: FeedContract, options: Hj212, place: Place) -> str:
        """The frame."""
        if _are_corrections(path):
            return locate_correction(path, place)
        return text_at(path, options.encoding, place, compressed=options.compression is not None)

    def write_sample(self, path: Path, options: Hj212, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """Frames with right lengths and checks."""
        write_frames(path, options, header, rows)

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: Hj212, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """One table."""
        return write_corrections(path_of, sources, rows)


def _are_corrections(path: Path) -> bool:
    with path.open("rb") as file:
        return begins_as_corrections(file.read(HEAD_BYTES))
