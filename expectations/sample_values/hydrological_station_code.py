"""水文测站编码."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """A station of a basin that does not exist."""
    return f"999{asked.number % 100_000:05d}"
