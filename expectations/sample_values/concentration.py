"""Measured concentrations."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """Milligrams a litre; every fifth is below a limit."""
    return "0.01L" if asked.number % 5 == 4 else f"0.{asked.number % 90 + 10}"
