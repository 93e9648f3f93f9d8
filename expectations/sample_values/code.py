"""Codes of closed lists."""

from expectations.code_tables import codes_of
from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """One of the codes, in turn."""
    column = asked.column
    codes = tuple(column.values) if column.values else codes_of(column.code_table or "")
    return codes[asked.number % len(codes)]
