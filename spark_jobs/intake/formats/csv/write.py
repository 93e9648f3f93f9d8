"""Delimited text, written; a file of rows to fix holds any value, whatever its charset and quoting."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from expectations.contract.formats.csv import Csv
from spark_jobs.intake.formats.machinery.charset import GB18030_2022
from spark_jobs.intake.formats.machinery.exported import RowToFix, header_to_fix
from spark_jobs.intake.formats.machinery.text_file import WITH_BOM, writing
from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS, NOTATION, UNDERSCORE, escape_unfit


def write_delimited(path: Path, options: Csv, records: Iterable[Sequence[str]]) -> None:
    """Write records, the header among them; a value of a file without quotes holds no delimiter and no line break."""
    with writing(path, options.encoding, compressed=options.compression is not None) as text:
        csv.writer(text, lineterminator="\n", **_dialect(options)).writerows(records)


def write_rows_to_fix(path: Path, options: Csv, sources: Sequence[str], rows: Iterable[RowToFix]) -> None:
    """Write rows to fix; what the file cannot hold stands in it as `_xHHHH_`, which decoding restores.

    A charset with a byte order mark gets one, for Excel to know it.
    """
    codec = WITH_BOM.get(options.encoding, options.encoding)
    with writing(path, codec, compressed=options.compression is not None, unfit=NOTATION) as text:
        csv.writer(text, lineterminator="\r\n", **_dialect(options)).writerows(_records(options, sources, rows))


def _records(options: Csv, sources: Sequence[str], rows: Iterable[RowToFix]) -> Iterator[list[str]]:
    unfit = unfit_for(options)
    yield header_to_fix(sources)
    for row in rows:
        yield [escape_unfit(cell or "", unfit) for cell in row.cells()]


@cache
def unfit_for(options: Csv) -> re.Pattern[str]:
    """What a value may not hold in such a file, but for characters that its charset lacks.

    Control characters and a carriage return alone make a record a defect; without quotes, a delimiter or a line break
    would part it; U+FFFD says that a text was damaged before.
    """
    marks = f"{re.escape(options.delimiter)}\r\n" if options.quote is None else ""
    if options.encoding in {"gbk", "gb18030"}:
        marks += "".join(map(chr, GB18030_2022))
    return re.compile(f"{UNDERSCORE}|\r(?!\n)|[{CONTROLS}\ufffd{marks}]")


def _dialect(options: Csv) -> dict[str, Any]:
    quoting = csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE
    return {"delimiter": options.delimiter, "quotechar": options.quote, "quoting": quoting}
