"""Byte ranges of a delivery."""

import pytest

from spark_jobs.intake import accounting
from spark_jobs.intake.accounting import Accounting, ByteRange


def test_ranges_past_the_most_that_a_receipt_lists_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounting, "MAX_RANGES", 3)
    books = Accounting(bytes=100)
    for start in range(0, 100, 10):
        books.add("records", start, start + 5, 2)
        books.add("defective", start + 5, start + 10, 1)
    assert books.ranges == [
        ByteRange("records", 0, 5, 2),
        ByteRange("defective", 5, 10, 1),
        ByteRange("mixed", 10, 100, 27),
    ]
    assert books.notes == ["字节区间超过 3 段，其后合并为一段"]
