"""Moments."""

from expectations.sample_values.asked import Asked
from expectations.sample_values.moments import moment_of


def sample(asked: Asked) -> str:
    """A moment of the business date."""
    return moment_of(asked)
