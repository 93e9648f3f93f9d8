"""Division codes."""

from expectations.sample_values.asked import COUNTIES, Asked


def sample(asked: Asked) -> str:
    """A county of Xianning."""
    return COUNTIES[asked.number % 6]
