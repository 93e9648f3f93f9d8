"""What must hold of decoding any bytes: rows that add up, or a rejection that can be written."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats import Decoder, open_decoder
from spark_jobs.intake.formats.machinery.batch import contract_schema
from tests.unit.intake.formats.decoding_cases import contract_of, is_partition

Ended = tuple[pa.Table | None, str | None]
"""The rows, or the code of the rejection."""

OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "csv": (
        {"format": "csv", "encoding": "utf-8"},
        {"format": "csv", "encoding": "gb18030", "delimiter": "|"},
        {"format": "csv", "encoding": "gbk", "quote": None},
        {"format": "csv", "encoding": "utf-16", "delimiter": "\t"},
        {"format": "csv", "encoding": "utf-8", "compression": "gzip"},
    ),
    "json": (
        {"format": "json"},
        {"format": "json", "records": "data.item"},
        {"format": "json", "records": "data.item.rows.item"},
        {"format": "json", "encoding": "gb18030"},
        {"format": "json", "encoding": "utf-16"},
    ),
    "jsonl": (
        {"format": "jsonl"},
        {"format": "jsonl", "encoding": "gb18030"},
        {"format": "jsonl", "encoding": "utf-16"},
        {"format": "jsonl", "compression": "gzip"},
    ),
    "xlsx": ({"format": "xlsx"}, {"format": "xlsx", "sheet": "甲"}, {"format": "xlsx", "header_row": 2}),
}
"""Options of each format that are decoded with."""

CONTRACTS: dict[str, tuple[FeedContract, ...]] = {
    name: tuple(contract_of(each, on_unknown_column=unknown) for each in options for unknown in ("freeze", "rescue"))
    for name, options in OPTIONS.items()
}


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
    assert (contract.layout.format == "xlsx") == bool(pc.all(table["_byte_offset"].is_null()).as_py()) or not len(table)
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
