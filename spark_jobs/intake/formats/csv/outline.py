"""Delimiter and header of delimited text that nobody has described."""

import csv
import io
from collections import Counter
from itertools import islice

from expectations.contract.catalogue import ContractError
from expectations.outline import Outline, are_names, may_name_columns, why_no_names
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sample_names import without_empty

_DELIMITERS = ",|\t;"
_LOOKED_AT = 20
"""Records from the beginning, by which the usual number of fields is found."""
_OTHER_FORMATS = ("{", "[", "<")
_GAP = "  "
"""Between the fields of a line of fixed width; in no name."""


def outline_of(sample: Sample) -> Outline | None:
    """What a contract of it would say; None where it is no delimited text.

    The header is the first record that has as many fields as most have and names them; what stands above it is a title.

    Raises:
        ContractError: that record does not name each of its fields.
    """
    found = sample.text
    if found is None or found.text.lstrip().startswith(_OTHER_FORMATS):
        return None
    delimiter, records = max(
        ((mark, _records(found.text, mark)) for mark in _DELIMITERS), key=lambda each: _usual_width(each[1])
    )
    width = _usual_width(records)
    for number, fields in enumerate(records, 1):
        if len(fields) != width or not may_name_columns(fields):
            continue
        names = without_empty(fields, records[number:])
        if any(_GAP in name for name in names) or (width == 1 and not are_names(names)):
            return None
        if not are_names(names):
            raise ContractError(f"{sample.path}:{number}: this line looks like the header, but {why_no_names(names)}")
        title = {"header_row": number} if number > 1 else {}
        return Outline(found.options("csv", delimiter=delimiter, **title), names, found.suffix(".csv"))
    return None


def _records(text: str, delimiter: str) -> list[list[str]]:
    return list(islice((each for each in csv.reader(io.StringIO(text), delimiter=delimiter) if each), _LOOKED_AT))


def _usual_width(records: list[list[str]]) -> int:
    """Of the numbers of fields the most frequent, of several the greatest."""
    counts = Counter(map(len, records))
    return max(counts, key=lambda width: (counts[width], width), default=0)
