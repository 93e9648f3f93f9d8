"""Batch numbers of exchanged tables."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """The first run of the day."""
    return f"{asked.business_date:%Y%m%d}00001"
