"""Decimal numbers."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """From 0.5 to 99.5."""
    return f"{asked.number % 100}.5"
