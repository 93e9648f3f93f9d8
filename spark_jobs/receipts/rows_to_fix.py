"""The quarantined rows of a delivery as files that the department can correct and send again.

They have the feed's own format, encoding and columns, with three columns before them that intake drops when a file
comes back. Texts that a spreadsheet would run as formulas are escaped by the format and restored by intake.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats import write_rows_to_fix
from spark_jobs.intake.formats.machinery.exported import NOT_PARTED, RowToFix
from spark_jobs.receipts.names import correction_name
from spark_jobs.receipts.quarantined import Quarantined, quarantined


def write(receipt: dict[str, Any], contract: FeedContract, folder: Path) -> list[Path]:
    """Write the files into `folder`; their names follow the feed's pattern, so that they can be sent as they are.

    Memory is bounded whatever the number of rows.
    """
    with quarantined(receipt["delivery_id"], contract, folder) as rows:
        return write_rows_to_fix(contract, lambda part: folder / correction_name(receipt, contract, part), _sent(rows))


def _sent(rows: Iterable[Quarantined]) -> Iterator[RowToFix]:
    for row in rows:
        # A row that could not be parted into fields: its whole text stands in the first column, and comes back as such.
        values = row.values if row.raw is None else (f"{NOT_PARTED}{row.raw}", *row.values[1:])
        yield RowToFix(row.row_number, row.reason, row.fix, values)
