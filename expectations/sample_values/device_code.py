"""Codes of video devices."""

from expectations.sample_values.asked import COUNTIES, Asked


def sample(asked: Asked) -> str:
    """A network camera of a county, industry 00, network 0."""
    return f"{COUNTIES[asked.number % 6]}00001320{asked.number % 99_999 + 1:06d}"
