"""Names of persons."""

from expectations.sample_values.asked import Asked

_STEMS = "甲乙丙丁戊己庚辛壬癸"


def sample(asked: Asked) -> str:
    """样例 and two of the ten stems."""
    return f"样例{_STEMS[asked.number % 10]}{_STEMS[asked.place % 10]}"
