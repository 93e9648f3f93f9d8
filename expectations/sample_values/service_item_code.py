"""Implementation codes of government-service items."""

from expectations.sample_values.asked import Asked
from expectations.sample_values.uscc import uscc


def sample(asked: Asked) -> str:
    """An item of county level."""
    return f"{uscc(asked.number)}4{asked.number % 10**12:012d}"
