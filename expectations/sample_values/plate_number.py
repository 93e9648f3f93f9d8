"""Plates of vehicles."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """A plate of Xianning (GA 36-2018) in a series of which none was issued."""
    return f"鄂LZZ{asked.number % 1000:03d}"
