"""Delimited text, written."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from expectations.contract.formats.csv import Csv
from spark_jobs.intake.formats.machinery.text_file import writing


def write_delimited(path: Path, options: Csv, records: Iterable[Sequence[str]]) -> None:
    """Write records, the header among them; a value of a file without quotes holds no delimiter and no line break."""
    quoting: dict[str, Any] = {"quoting": csv.QUOTE_NONE, "quotechar": None} if options.quote is None else {}
    with writing(path, options.encoding, compressed=options.compression is not None) as text:
        csv.writer(text, delimiter=options.delimiter, lineterminator="\n", **quoting).writerows(records)
