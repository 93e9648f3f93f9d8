"""Days."""

from expectations.sample_values.asked import Asked
from expectations.sample_values.moments import moment_of


def sample(asked: Asked) -> str:
    """The business date, or a birth date."""
    return moment_of(asked)
