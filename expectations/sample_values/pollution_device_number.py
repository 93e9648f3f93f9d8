"""污染源监测设备唯一标识."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """A device of a city that does not exist."""
    return f"999900XN{asked.number % 10**16:016d}"
