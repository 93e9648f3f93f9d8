"""What must hold of decoding any bytes: rows that add up, or a rejection that can be written."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats import Decoder, open_decoder
from spark_jobs.intake.formats.machinery.batch import contract_schema
from tests.unit.intake.formats.decoding_cases import is_partition

Ended = tuple[pa.Table | None, str | None]
"""The rows, or the code of the rejection."""


def check(path: Path, contract: FeedContract) -> Ended:
    """Decode a file and assert all that must hold of it; returns how it ended."""
    try:
        decoder = open_decoder(path, contract)
        return check_decoder(decoder, path, contract), None
    except DeliveryRejected as rejected:
        _assert_writable([rejected.message, rejected.fix, rejected.details])
        return None, rejected.code


def check_decoder(decoder: Decoder, path: Path, contract: FeedContract) -> pa.Table:
    """Assert all that must hold of a decoder's rows and accounting.

    Raises:
        DeliveryRejected: as the decoder does.
    """
    batches = list(decoder.batches())
    table = pa.Table.from_batches(batches, contract_schema(contract))
    table.validate(full=True)
    accounting, size = decoder.accounting, path.stat().st_size
    assert accounting.bytes == size
    assert accounting.rows_counted == accounting.rows_parsed == table.num_rows
    _assert_balanced(accounting, size)
    _assert_writable(accounting.notes)
    assert table["_byte_offset"].null_count in {0, len(table)}
    for column in table.columns:
        if column.type == pa.string():
            assert not pc.any(pc.match_substring(column, "\ufffd")).as_py()
    return table.sort_by("_row_number")


def _assert_balanced(accounting: Accounting, size: int) -> None:
    assert is_partition(accounting.ranges, size) if size else not accounting.ranges
    assert sum(part.rows for part in accounting.ranges) == accounting.rows_counted
    if accounting.stream_bytes:
        assert is_partition(accounting.stream_ranges, accounting.stream_bytes)
        assert sum(part.rows for part in accounting.stream_ranges) == accounting.rows_counted


def _assert_writable(told: object) -> None:
    """A receipt can hold it."""
    json.dumps(told, ensure_ascii=False).encode()
