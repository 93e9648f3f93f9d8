"""How a date or time may be written, as a clerk is told who has written it otherwise."""

from datetime import datetime

from expectations.contract.feed import Column, FeedContract
from expectations.sample_values.moments import spark_datetime

RULES = ("date_format", "timestamp_format")
"""Breaches that follow from the format."""
_EXAMPLE = datetime(2026, 9, 5, 8, 30)  # noqa: DTZ001  as departments write it
"""Digits that tell day from month, and whether a nought stands before them."""


def allowed_formats(contract: FeedContract) -> dict[str, str]:
    """For each column of dates or times, by its name: in Chinese, one moment in each of its formats."""
    return {column.name: _told(column) for column in contract.columns if column.format is not None}


def _told(column: Column) -> str:
    examples = (spark_datetime(_EXAMPLE, pattern) for pattern in str(column.format).split("|"))
    return f"“{column.source}”可写作：{' 或 '.join(examples)}"
