"""The quarantined rows of a pull as a list: what was read from a bureau's own system is corrected there.

Rows are named by the source's key columns and update time, not repeated. The list is CSV in UTF-8 with a byte order
mark, as Excel wants it; texts that a spreadsheet would run as formulas are escaped, and what a file cannot hold stands
there as `_xHHHH_`.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats.machinery.formula_text import escape_formula
from spark_jobs.intake.formats.machinery.text_file import WITH_BOM, writing
from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS, NOTATION, UNDERSCORE, escape_unfit
from spark_jobs.receipts.quarantined import Quarantined, quarantined

ROW_NUMBER, REASON, FIX = "本次同步行号", "错误原因", "处理建议"
_UNFIT = re.compile(f"{UNDERSCORE}|\r(?!\n)|[{CONTROLS}\ufffd]")


def write(delivery: str, contract: FeedContract, to: Path) -> None:
    """Write the list of a delivery; memory is bounded whatever the number of rows.

    A row without a key is named by its place in what was read, and by the values that it has in the key's columns.
    """
    named_by = contract.arrival.row_names() or _silver_key(contract)
    with (
        quarantined(delivery, contract, to.parent) as rows,
        writing(to, WITH_BOM["utf-8"], compressed=False, unfit=NOTATION) as text,
    ):
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([*named_by, ROW_NUMBER, REASON, FIX])
        for row in rows:
            writer.writerow(map(_cell, _entry(row, named_by, contract)))


def _silver_key(contract: FeedContract) -> tuple[str, ...]:
    """What tells rows apart in the lake, in the words of the source."""
    return tuple(contract.column(name).source for name in contract.write.key)


def _entry(row: Quarantined, named_by: Sequence[str], contract: FeedContract) -> Iterator[str]:
    values = dict(zip((column.source for column in contract.columns), row.values, strict=False))
    if row.raw is not None:
        values = json.loads(row.raw)
    yield from (values.get(name) or "" for name in named_by)
    yield from (str(row.row_number), row.reason, row.fix)


def _cell(text: str) -> str:
    return escape_unfit(escape_formula(text), _UNFIT)
