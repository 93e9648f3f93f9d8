"""Longitudes and latitudes."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """A place between the villages of Xianning."""
    return f"{114 if 'longitude' in asked.column.name else 29}.{asked.number % 100_000:05d}1"
