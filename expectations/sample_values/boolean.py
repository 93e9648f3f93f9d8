"""Yes or no."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """No."""
    return "0"
