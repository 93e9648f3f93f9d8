"""Update times as the lake has them: text in the city's time, to be compared as text."""

import re
from datetime import UTC, datetime

from spark_jobs.base.settings import CITY_TIME

DATED = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]|$)"
"""A text that begins with a day; comparing such texts compares times. Zeros, as MySQL has them, are no day."""
_DATED = re.compile(DATED, re.ASCII)
_SINCE_1970 = re.compile(r"1\d{9}(\d{3})?\Z", re.ASCII)
_ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})\Z", re.ASCII)
_DAY = len("2026-11-02")


def stamp(moment: datetime) -> str:
    """The moment as the lake has it, to the second."""
    return moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S")


def written_like(text: str | None, moment: datetime) -> str | None:
    """A moment in the form of another update time, so that the same formats read it; an undated text stays."""
    if text is None or comparable(text) is None:
        return text
    if _SINCE_1970.match(text):
        return str(int(moment.timestamp()) * (1_000 if len(text) > len("1762041600") else 1))
    there = _ZONE.search(text)
    zone = UTC if there and there[0] == "Z" else CITY_TIME
    local = moment.astimezone(zone).replace(microsecond=0, tzinfo=None)
    offset = "" if there is None else "Z" if there[0] == "Z" else "+08:00"
    return f"{local.isoformat(text[_DAY])}{offset}" if len(text) > _DAY else f"{local:%Y-%m-%d}"


def comparable(text: str | None) -> str | None:
    """A row's update time as the lake would write it; None where it says nothing that can be compared.

    RFC 3339 has moments with `T`, fractions and offsets; thirteen digits are milliseconds since 1970, ten are seconds.
    What says no zone is the city's time already.
    """
    if text is None:
        return None
    if _SINCE_1970.match(text):
        return stamp(datetime.fromtimestamp(int(text[:10]), UTC))
    if not _DATED.match(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is not None:
        return stamp(moment)
    return text if len(text) == _DAY else moment.strftime("%Y-%m-%d %H:%M:%S")
