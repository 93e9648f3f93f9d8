"""The quarantined rows of a delivery, in its own order, with what is wrong and what to do."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.feed import FeedContract
from spark_jobs.receipts.in_order import in_order
from spark_jobs.receipts.quarantine_files import batches

_COLUMNS = ["_delivery_id", "_row_number", "breaches", "record", "_raw"]
RESCUED = "_rescued"
"""Key of `record` for what the contract does not know, as JSON; it is there where the contract says `rescue`."""
_UNIT, _RECORD = "\x1f", "\x1e"
"""Between the parts of a breach, and between breaches: control characters, which no text of a contract holds."""


class Quarantined(NamedTuple):
    """One row of which nothing is used until it is corrected."""

    row_number: int
    reason: str
    fix: str
    raw: str | None
    """Its whole text, where it could not be parted into fields."""
    values: tuple[str | None, ...]
    """As delivered, in the order of the contract; last what is beyond it, where the contract says `rescue`."""


@contextmanager
def quarantined(delivery: str, contract: FeedContract, folder: Path) -> Iterator[Iterator[Quarantined]]:
    """The rows, whatever the order of the table's files; memory is bounded, `folder` takes what is beyond."""
    with tempfile.TemporaryDirectory(dir=folder) as runs:
        found = (_plain(batch, contract) for batch in batches(contract.table, [delivery], _COLUMNS))
        yield _explained(in_order(found, "number", Path(runs)), contract)


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


def _explained(rows: Iterator[tuple[Any, ...]], contract: FeedContract) -> Iterator[Quarantined]:
    sources = {column.name: column.source for column in contract.columns}
    reasons = lru_cache(4_096)(lambda breaches: _reasons(breaches, sources))
    for number, breaches, raw, *values in rows:
        yield Quarantined(number, *reasons(breaches), raw, tuple(values))


def _reasons(breaches: str, sources: dict[str, str]) -> tuple[str, str]:
    """What is wrong with a row, and what to do."""
    parts = [breach.split(_UNIT) for breach in breaches.split(_RECORD)]
    reasons = [f"{sources[field]}：{message}" if field in sources else message for field, message, _ in parts]
    return "；".join(dict.fromkeys(reasons)), "；".join(dict.fromkeys(fix for *_, fix in parts))
