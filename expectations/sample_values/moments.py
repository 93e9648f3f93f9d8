"""Days and moments as a contract's format writes them."""

import re
from datetime import datetime, time, timedelta

from expectations.sample_values.asked import Asked, birth_date

_PATTERN_LETTERS = {
    "yyyy": "{0:%Y}",
    "MM": "{0:%m}",
    "M": "{0.month}",
    "dd": "{0:%d}",
    "d": "{0.day}",
    "HH": "{0:%H}",
    "H": "{0.hour}",
    "mm": "{0:%M}",
    "ss": "{0:%S}",
}


def moment_of(asked: Asked) -> str:
    """A moment of the business date from eight o'clock on, or a birth date, in the first of the column's formats."""
    is_birth = "birth" in asked.column.name
    day = birth_date(asked.number) if is_birth else asked.business_date
    moment = datetime.combine(day, time(8)) + timedelta(seconds=0 if is_birth else asked.number % 3600)
    return spark_datetime(moment, (asked.column.format or "").split("|")[0])


def spark_datetime(moment: datetime, pattern: str) -> str:
    """A moment written by a Spark datetime pattern of numeric letters and quoted text.

    Raises:
        ValueError: the pattern has other letters.
    """

    def written(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("'"):
            return text[1:-1]
        if re.match("[A-Za-z]", text) and text not in _PATTERN_LETTERS:
            raise ValueError(f"no sample for the datetime pattern {pattern}: {text}")
        return _PATTERN_LETTERS.get(text, text).format(moment)

    return re.sub(r"'[^']*'|([A-Za-z])\1*|[^A-Za-z']", written, pattern)
