"""How a date or time may be written, as a clerk is told who has written it otherwise."""

import re

from expectations.contract.feed import Column, FeedContract

RULES = ("date_format", "timestamp_format")
"""Breaches that follow from the format."""
_PARTS = re.compile(r"yyyy|MM?|dd?|HH?|mm|ss|'([^']*)'|.")
_EXAMPLE = {"yyyy": "2026", "MM": "09", "M": "9", "dd": "05", "d": "5", "HH": "08", "H": "8", "mm": "30", "ss": "00"}


def allowed_formats(contract: FeedContract) -> dict[str, str]:
    """For each column of dates or times, by its name: in Chinese, one moment in each of its formats."""
    return {column.name: _told(column) for column in contract.columns if column.format is not None}


def _told(column: Column) -> str:
    return f"“{column.source}”可写作：{' 或 '.join(map(example, str(column.format).split('|')))}"


def example(pattern: str) -> str:
    """The fifth of September 2026, half past eight, in a format of a contract."""
    return _PARTS.sub(lambda part: _EXAMPLE.get(part[0], part[0] if part[1] is None else part[1]), pattern)
