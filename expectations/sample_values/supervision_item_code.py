"""Codes of entries of the supervision list."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """An entry of a department that no list has."""
    return f"9999{asked.number % 10**10:010d}"
