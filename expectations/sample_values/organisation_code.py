"""Organisation codes."""

from expectations.sample_values.asked import Asked
from expectations.sample_values.uscc import uscc


def sample(asked: Asked) -> str:
    """Of the firm whose social credit code the row has."""
    return uscc(asked.number)[8:17]
