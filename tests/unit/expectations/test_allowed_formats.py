"""Whoever writes a date otherwise than agreed is told how it is written."""

import pytest

from expectations.allowed_formats import allowed_formats
from tests.spark.refine.frames import column, contract_of


@pytest.mark.parametrize(
    ("kind", "formats", "said"),
    [
        ("date", "yyyyMMdd", "20260905"),
        ("date", "yyyyMMdd|yyyy-M-d", "20260905 或 2026-9-5"),
        ("timestamp", "yyyy-MM-dd'T'HH:mm:ss", "2026-09-05T08:30:00"),
        ("timestamp", "yyyy年MM月dd日 H:mm", "2026年09月05日 8:30"),
    ],
)
def test_a_format_is_told_by_a_moment_written_in_it(kind: str, formats: str, said: str) -> None:
    contract = contract_of(column("day", kind, source="日期", format=formats), column("name", "string"))
    assert allowed_formats(contract) == {"day": f"“日期”可写作：{said}"}
