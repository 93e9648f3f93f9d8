"""Delimiter and header of delimited text that nobody has described."""

import csv
import io
from collections import Counter
from itertools import islice
from pathlib import Path

from expectations.outline import Outline, are_names
from spark_jobs.intake.formats.machinery.sample_text import sample_text

_DELIMITERS = ",|\t;"
_LOOKED_AT = 20
"""Records from the beginning, by which the usual number of fields is found."""
_OTHER_FORMATS = ("{", "[", "<")
_GAP = "  "
"""Between the fields of a line of fixed width; in no name."""


def outline_of(path: Path) -> Outline | None:
    """What a contract of it would say; None where no line can be its header.

    The header is the first record that has as many fields as most have: what stands above it is a title.
    """
    found = sample_text(path)
    if found is None or found.text.lstrip().startswith(_OTHER_FORMATS):
        return None
    delimiter, records = max(
        ((mark, _records(found.text, mark)) for mark in _DELIMITERS), key=lambda each: _usual_width(each[1])
    )
    width = _usual_width(records)
    for number, fields in enumerate(records, 1):
        if len(fields) == width and are_names(fields) and not any(_GAP in name.strip() for name in fields):
            title = {"header_row": number} if number > 1 else {}
            decode = found.options("csv", delimiter=delimiter, **title)
            return Outline(decode, [name.strip() for name in fields], found.suffix(".csv"))
        if len(fields) == width:
            break
    return None


def _records(text: str, delimiter: str) -> list[list[str]]:
    return list(islice((each for each in csv.reader(io.StringIO(text), delimiter=delimiter) if each), _LOOKED_AT))


def _usual_width(records: list[list[str]]) -> int:
    """Of the numbers of fields the most frequent, of several the greatest."""
    counts = Counter(map(len, records))
    return max(counts, key=lambda width: (counts[width], width), default=0)
