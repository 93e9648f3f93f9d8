"""A small contract of any format, and what a delivery decodes to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import Accounting, ByteRange
from spark_jobs.intake.formats import open_decoder

Decoded = tuple[pa.Table, Accounting]
Decode = Callable[..., Decoded]


def contract_of(decode: dict[str, Any], **changes: Any) -> FeedContract:
    """A contract of the columns 编号 -> number and 姓名 -> person_name."""
    columns = [
        {"source": "编号", "name": "number", "type": "string", "sensitivity": "open", "title_en": "Number"},
        {"source": "姓名", "name": "person_name", "type": "string", "sensitivity": "direct", "title_en": "Name"},
    ]
    document: dict[str, Any] = {
        "agency": "civil_affairs",
        "feed": "example",
        "title": "示例",
        "title_en": "Example",
        "catalogue": {
            "category": "基础信息资源/人口",
            "code": "101001/000001",
            "provider": "市民政局",
            "provider_code": "11422300011336789X",
            "summary": "示例",
            "share_type": "unconditional",
            "is_open": False,
            "update_cycle": "day",
            "format": "file",
        },
        "legal_basis": "示例",
        "purpose": "示例",
        "owner": "desk@example.gov",
        "grain": "one row per number",
        "schedule": "0 3 * * *",
        "late_after": "PT26H",
        "arrival": {"kind": "drop", "pattern": r"example_(?P<business_date>\d{8})\..*"},
        "decode": decode,
        "columns": columns,
        "checks": {"rows": {"min": 0, "max": 1000000}},
        "write": {"mode": "append"},
    }
    return FeedContract.model_validate({**document, **changes})


CSV = {"format": "csv", "encoding": "utf-8"}


def is_partition(ranges: list[ByteRange], size: int) -> bool:
    """The ranges cover [0, size) without gap or overlap."""
    edges = [0, *(r.end for r in ranges)]
    return [r.start for r in ranges] == edges[:-1] and edges[-1] == size


def decoded(path: Path, contract: FeedContract) -> Decoded:
    """All batches of a file as one table in row order, and the accounting."""
    decoder = open_decoder(path, contract)
    batches = list(decoder.batches())
    table = pa.Table.from_batches(batches).sort_by("_row_number") if batches else pa.table({})
    return table, decoder.accounting
