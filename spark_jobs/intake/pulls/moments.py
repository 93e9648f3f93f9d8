"""Update times as the lake has them: text in the city's time, to be compared as text."""

import re
from datetime import datetime

from spark_jobs.base.settings import CITY_TIME

DATED = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]|$)"
"""A text that begins with a day; comparing such texts compares times. Zeros, as MySQL has them, are no day."""
_DATED = re.compile(DATED, re.ASCII)


def stamp(moment: datetime) -> str:
    """The moment as the lake has it, to the second."""
    return moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S")


def is_dated(text: str | None) -> bool:
    """A row's update time can be compared."""
    return text is not None and _DATED.match(text) is not None


def in_city_time(text: str) -> str:
    """An update time as the lake would write it, to be compared; what says no zone is the city's time already.

    RFC 3339 has moments with `T`, fractions and offsets; what is no such moment stays as it is.
    """
    if not is_dated(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment.tzinfo is None else stamp(moment)
