"""Which quarantined rows later deliveries have closed, a row each, for joins with the quarantine table."""

from typing import Any

import numpy as np
import pyarrow as pa

from spark_jobs.control import repairs
from spark_jobs.control.repairs import HOWS, Range

_SCHEMA = pa.schema(
    [("delivery_id", pa.string()), ("row_number", pa.int64()), ("how", pa.string()), ("by_delivery", pa.string())]
)


def repaired_rows(feed: str) -> pa.Table:
    """All closed rows of a feed; each once, also where two deliveries say that they closed it."""
    parts = [
        pa.table(
            {
                "delivery_id": pa.repeat(pa.scalar(repair.delivery_id), len(numbers)),
                "row_number": pa.array(numbers),
                "how": pa.repeat(pa.scalar(how), len(numbers)),
                "by_delivery": pa.repeat(pa.scalar(repair.by_delivery), len(numbers)),
            },
            _SCHEMA,
        )
        for repair in repairs.closings_of(feed)
        for how in HOWS
        for numbers in [_numbers(repair.rows.get(how, ()))]
    ]
    rows = pa.concat_tables(parts) if parts else _SCHEMA.empty_table()
    first = rows.group_by(["delivery_id", "row_number"], use_threads=False).aggregate(
        [("how", "first"), ("by_delivery", "first")]
    )
    return first.rename_columns(_SCHEMA.names)


def _numbers(ranges: Any) -> Any:
    parts: list[Any] = [np.arange(first, last + 1, dtype=np.int64) for first, last in _pairs(ranges)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _pairs(ranges: Any) -> list[Range]:
    return [(int(first), int(last)) for first, last in ranges]
