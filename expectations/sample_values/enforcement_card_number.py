"""行政执法证号."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """A card of a province that does not exist."""
    return f"99{asked.number % 10**9:09d}"
