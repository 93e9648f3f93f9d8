"""Mobile numbers."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """A number beginning with 154, which is no operator's."""
    return f"154{asked.number % 100_000_000:08d}"
