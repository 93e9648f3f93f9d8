"""Lines of fixed width in bytes."""

from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.fixed_width import FixedWidth
from spark_jobs.intake.formats.fixed_width.decode import FixedWidthDecoder
from spark_jobs.intake.formats.fixed_width.to_fix import write_rows_to_fix
from spark_jobs.intake.formats.fixed_width.write import line_of, writing_lines
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sniff import refuse_other_than_text
from spark_jobs.intake.formats.machinery.text_file import text_at


class FixedWidthFormat(Format[FixedWidth]):
    """Lines of fixed width in bytes, without a header."""

    def sniff(self, head: bytes, options: FixedWidth) -> None:
        """Refuse what is not text, or not gzip where that is declared."""
        refuse_other_than_text(head, options)

    def decoder(self, path: Path, contract: FeedContract, options: FixedWidth) -> FixedWidthDecoder:
        """Lines counted by their line breaks, their fields cut out of the bytes of whole columns."""
        return FixedWidthDecoder(path, contract, options)

    def locate(self, path: Path, contract: FeedContract, options: FixedWidth, place: Place) -> str:
        """The record's line, padding and all."""
        return text_at(path, options.encoding, place, compressed=options.compression is not None)

    def write_sample(self, path: Path, options: FixedWidth, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """A line a row, values at the left of their fields.

        Raises:
            ValueError: a value does not fit its field; the message names the column, not the value.
            UnicodeEncodeError: a value holds a character that the encoding lacks.
        """
        with writing_lines(path, options) as write:
            for row in rows:
                write(line_of(options, row))

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: FixedWidth, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """Files whose first line says how wide the fields of that file are."""
        return write_rows_to_fix(path_of, options, sources, rows)
