"""The business date that a file's name or a manifest states: one reader for all of them."""

import re
from datetime import date

_FORMS = re.compile(r"(?P<year>\d{4})(?P<dash>-?)(?P<month>\d{2})(?:(?P=dash)(?P<day>\d{2}))?", re.ASCII)


def read_business_date(text: str) -> date:
    """The day that `text` states: yyyyMMdd or yyyy-MM-dd, or the first day of a month as yyyyMM or yyyy-MM.

    Raises:
        ValueError: it is in none of these forms, or there is no such day.
    """
    found = _FORMS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is not a date in the form yyyyMMdd, yyyy-MM-dd, yyyyMM or yyyy-MM")
    return date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
