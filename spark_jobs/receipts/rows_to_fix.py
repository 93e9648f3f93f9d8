"""The quarantined rows of a delivery as files that the department can correct and send again.

They have the feed's own format, encoding and columns, with three columns before them that intake drops when a file
comes back. Texts that a spreadsheet would run as formulas are escaped by the format and restored by intake.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats import write_rows_to_fix
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.receipts.names import correction_name

SORT_MEMORY = "256MB"
"""What sorting takes, however many rows there are; the rest goes to files."""
_SCAN = {"batch_size": 8_192, "batch_readahead": 1, "fragment_readahead": 1}
_BATCH_ROWS = 8_192
_UNIT, _RECORD = "\x1f", "\x1e"
"""Between the parts of a breach, and between breaches: control characters, which no text of a contract holds."""


def write(receipt: dict[str, Any], contract: FeedContract, folder: Path) -> list[Path]:
    """Write the files into `folder`; their names follow the feed's pattern, so that they can be sent as they are.

    Memory is bounded whatever the number of rows.
    """
    with _rows(receipt["delivery_id"], contract, folder) as rows:
        return write_rows_to_fix(contract, lambda part: folder / correction_name(receipt, contract, part), rows)


@contextmanager
def _rows(delivery: str, contract: FeedContract, folder: Path) -> Iterator[Iterator[RowToFix]]:
    """The quarantined rows in the order of the delivery, whatever the order of the table's files."""
    names = ["_delivery_id", "_row_number", "breaches", "record", "_raw"]
    table = dataset("quarantine", contract.table)
    found = table.scanner(columns=names[1:], filter=pc.field("_delivery_id") == delivery, **_SCAN).to_reader()
    connection = duckdb.connect(
        config={"memory_limit": SORT_MEMORY, "temp_directory": str(folder / "sorting"), "threads": 1}
    )
    try:
        connection.register("quarantined", found)
        ordered = connection.execute(_query(contract), [column.source for column in contract.columns])
        yield _read(ordered.to_arrow_reader(_BATCH_ROWS), contract)
    finally:
        connection.close()


def _query(contract: FeedContract) -> str:
    """Row number, breaches as one text, whole text, and the value of each source column."""
    values = ", ".join(f"record[${place}]" for place, _ in enumerate(contract.columns, start=1))
    breach = "concat_ws(chr(31), coalesce(breach.field, ''), breach.message, breach.fix)"
    breaches = f"array_to_string(list_transform(breaches, lambda breach: {breach}), chr(30))"
    return f"select _row_number, {breaches}, _raw, {values} from quarantined order by _row_number"


def _read(batches: pa.RecordBatchReader, contract: FeedContract) -> Iterator[RowToFix]:
    sources = {column.name: column.source for column in contract.columns}
    nothing = (None,) * (len(contract.columns) - 1)
    explained = cache(lambda breaches: _explained(breaches, sources))
    for batch in batches:
        for number, breaches, raw, *values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            reason, fix = explained(breaches)
            # A row that could not be parted into fields: its whole text stands in the first column.
            yield RowToFix(number, reason, fix, tuple(values) if raw is None else (raw, *nothing))


def _explained(breaches: str, sources: dict[str, str]) -> tuple[str, str]:
    """What is wrong with a row, and what to do."""
    parts = [breach.split(_UNIT) for breach in breaches.split(_RECORD)]
    reasons = [f"{sources[field]}：{message}" if field in sources else message for field, message, _ in parts]
    return "；".join(dict.fromkeys(reasons)), "；".join(dict.fromkeys(fix for *_, fix in parts))
