"""Names of companies."""

from expectations.sample_values.asked import Asked


def sample(asked: Asked) -> str:
    """A numbered company."""
    return f"咸宁样例{asked.number}号有限公司"
