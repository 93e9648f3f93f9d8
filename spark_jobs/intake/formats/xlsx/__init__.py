"""Worksheets of a workbook."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xlsx import Xlsx
from expectations.outline import Outline
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import refuse_foreign_content
from spark_jobs.intake.formats.xlsx.decode import XlsxDecoder
from spark_jobs.intake.formats.xlsx.outline import outline_of
from spark_jobs.intake.formats.xlsx.sample import write_sample
from spark_jobs.intake.formats.xlsx.to_fix import write_rows_to_fix


class XlsxFormat(Format[Xlsx]):
    """Worksheets of a workbook."""

    def sniff(self, head: bytes, options: Xlsx) -> None:
        """Refuse what is no zip archive."""
        refuse_foreign_content(head, "xlsx", lambda head, _: head.startswith(b"PK\x03\x04"))

    def decoder(self, path: Path, contract: FeedContract, options: Xlsx) -> XlsxDecoder:
        """Two passes, one that counts and one that reads."""
        return XlsxDecoder(path, contract, options)

    def locate(self, path: Path, contract: FeedContract, options: Xlsx, place: Place) -> str:
        """The row's cells as a JSON array, null where one is empty: a row of a worksheet has no text of its own."""
        return json.dumps(XlsxDecoder(path, contract, options).cells_of(place.row_number), ensure_ascii=False)

    def write_sample(self, path: Path, options: Xlsx, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """All cells are texts, in as many worksheets, header rows and blocks as the contract says."""
        write_sample(path, options, header, rows)

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: Xlsx, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """As many workbooks as rows need; a text that one cell cannot hold goes on in columns behind the others."""
        return write_rows_to_fix(path_of, options, sources, rows)

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of such files would say."""
        return outline_of(sample)
