"""Real-estate unit numbers."""

from expectations.sample_values.asked import COUNTIES, Asked


def sample(asked: Asked) -> str:
    """A dwelling on state-owned land of a county of Xianning, in a cadastral district that no county has."""
    return f"{COUNTIES[asked.number % 6]}999999GB{asked.number // 10_000 % 100_000:05d}F0001{asked.number % 10_000:04d}"
