"""The quarantined rows of a delivery as files that the department can correct and send again.

They have the feed's own format, encoding and columns, with three columns before them that intake drops when a file
comes back. Texts that a spreadsheet would run as formulas are escaped by the format and restored by intake.
"""

import tempfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats import write_rows_to_fix
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.receipts.in_order import in_order
from spark_jobs.receipts.names import correction_name

_COLUMNS = ["_delivery_id", "_row_number", "breaches", "record", "_raw"]
RESCUED = "_rescued"
"""Key of `record` for what the contract does not know, as JSON; it is there where the contract says `rescue`."""
_BATCH_ROWS = 2_048
_UNIT, _RECORD = "\x1f", "\x1e"
"""Between the parts of a breach, and between breaches: control characters, which no text of a contract holds."""


def write(receipt: dict[str, Any], contract: FeedContract, folder: Path) -> list[Path]:
    """Write the files into `folder`; their names follow the feed's pattern, so that they can be sent as they are.

    Memory is bounded whatever the number of rows.
    """
    with tempfile.TemporaryDirectory(dir=folder) as runs:
        found = (_plain(batch, contract) for batch in _quarantined(receipt["delivery_id"], contract))
        rows = _explained(in_order(found, "number", Path(runs)), contract)
        return write_rows_to_fix(contract, lambda part: folder / correction_name(receipt, contract, part), rows)


def _quarantined(delivery: str, contract: FeedContract) -> Iterator[pa.RecordBatch]:
    """The delivery's rows in the order of the table's files, a few at a time.

    The dataset's own scanner takes whole row groups, of 128 MB and more.
    """
    wanted = pc.field("_delivery_id") == delivery
    for fragment in dataset("quarantine", contract.table).get_fragments(filter=wanted):
        groups = [group.id for group in fragment.subset(wanted).row_groups]
        with fragment.filesystem.open_input_file(fragment.path) as source:
            file = pq.ParquetFile(source, pre_buffer=False, buffer_size=1 << 16)
            for batch in file.iter_batches(_BATCH_ROWS, row_groups=groups, columns=_COLUMNS, use_threads=False):
                yield batch.filter(pc.equal(batch["_delivery_id"], delivery))


def _plain(batch: pa.RecordBatch, contract: FeedContract) -> pa.RecordBatch:
    """Row number, breaches as one text, whole text, and the value of each source column and what is beyond them."""
    keys = [column.source for column in contract.columns]
    if contract.on_unknown_column == "rescue":
        keys.append(RESCUED)
    values = {f"value{place}": pc.map_lookup(batch["record"], key, "first") for place, key in enumerate(keys)}
    breaches = {"breaches": _joined(batch["breaches"])}
    return pa.RecordBatch.from_pydict({"number": batch["_row_number"], **breaches, "raw": batch["_raw"], **values})


def _joined(breaches: pa.ListArray) -> pa.Array:
    """Field, message and advice of every breach of a row in one text."""
    each = breaches.flatten()
    parts = [pc.fill_null(pc.struct_field(each, name), "") for name in ("field", "message", "fix")]
    texts = pc.binary_join_element_wise(*parts, _UNIT)
    lengths = pc.fill_null(pc.list_value_length(breaches), 0).to_pylist()
    offsets = pa.array([0, *accumulate(lengths)], pa.int32())
    return pc.binary_join(pa.ListArray.from_arrays(offsets, texts), _RECORD)


def _explained(rows: Iterator[tuple[Any, ...]], contract: FeedContract) -> Iterator[RowToFix]:
    sources = {column.name: column.source for column in contract.columns}
    reasons = lru_cache(4_096)(lambda breaches: _reasons(breaches, sources))
    for number, breaches, raw, *values in rows:
        reason, fix = reasons(breaches)
        # A row that could not be parted into fields: its whole text stands in the first column.
        yield RowToFix(number, reason, fix, tuple(values) if raw is None else (raw, *values[1:]))


def _reasons(breaches: str, sources: dict[str, str]) -> tuple[str, str]:
    """What is wrong with a row, and what to do."""
    parts = [breach.split(_UNIT) for breach in breaches.split(_RECORD)]
    reasons = [f"{sources[field]}：{message}" if field in sources else message for field, message, _ in parts]
    return "；".join(dict.fromkeys(reasons)), "；".join(dict.fromkeys(fix for *_, fix in parts))
