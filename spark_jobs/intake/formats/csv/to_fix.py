"""Rows to fix as CSV, of formats whose own files nobody corrects by hand."""

from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.csv import Csv
from spark_jobs.intake.formats.csv.decode import DelimitedDecoder
from spark_jobs.intake.formats.csv.write import write_rows_to_fix
from spark_jobs.intake.formats.machinery.correction import OnlyCorrections
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.text_file import text_at

_FORM = Csv(format="csv", encoding="utf-8")
_BEGINNINGS = tuple(f"{mark}{quote}{FIX_COLUMNS[0]}".encode() for mark in ("\ufeff", "") for quote in ("", '"'))


def begins_as_corrections(head: bytes) -> bool:
    """A file that begins so is rows to fix that come back, as they were given out."""
    return head.startswith(_BEGINNINGS)


def decoder_of_corrections(path: Path, contract: FeedContract, expected: str) -> OnlyCorrections:
    """The decoder of rows to fix that come back.

    Args:
        path: the file.
        contract: the feed's contract.
        expected: what deliveries are, for whoever sends a table that is no rows to fix.
    """
    return OnlyCorrections(DelimitedDecoder(path, contract, _FORM), expected, "csv")


def locate_correction(path: Path, place: Place) -> str:
    """The record's line."""
    return text_at(path, _FORM.encoding, place, compressed=False)


def write_corrections(path_of: Callable[[int], Path], sources: list[str], rows: Iterable[RowToFix]) -> list[Path]:
    """One file."""
    write_rows_to_fix(path_of(1), _FORM, sources, rows)
    return [path_of(1)]
