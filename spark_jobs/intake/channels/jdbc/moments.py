"""Update times as a source keeps them, and as the lake has them: text in the city's time, to be compared as text."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, String, and_, func, or_, type_coerce
from sqlalchemy.sql.schema import Column

from spark_jobs.base.settings import CITY_TIME

DATED = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]|$)"
"""A text that begins with a day; comparing such texts compares times. Zeros, as MySQL has them, are no day."""
_DATED = re.compile(DATED, re.ASCII)


@dataclass(frozen=True)
class Window:
    """Which update times are read."""

    start: datetime
    """Inclusive, the look-back among it."""
    end: datetime
    """Exclusive."""
    now: datetime
    """Rows from then on are read too: an update time that is still to come says nothing."""

    def holds(self, changed: Column[object], dialect: str) -> ColumnElement[bool]:
        """The condition on a row of the source, in the source's SQL."""
        if isinstance(changed.type, String) or dialect == "sqlite":
            return self._holds_text(changed, dialect)
        is_in = and_(changed >= _kept(self.start, changed), changed < _kept(self.end, changed))
        conditions = [is_in, changed.is_(None), changed >= _kept(self.now, changed)]
        if dialect == "postgresql":
            conditions.append(func.isfinite(changed).is_(False))
        return or_(*conditions)

    def _holds_text(self, changed: Column[object], dialect: str) -> ColumnElement[bool]:
        text = type_coerce(changed, String)
        is_later = text >= stamp(self.start)
        # A day alone is that of all its hours, each of which may have changed the row again.
        is_of_a_day = and_(text.like("____-__-__"), text >= stamp(self.start)[:10])
        is_in = and_(or_(is_later, is_of_a_day), text < stamp(self.end))
        month, day = func.substr(text, 6, 2), func.substr(text, 9, 2)
        is_no_day = or_(month < "01", month > "12", day < "01", day > "31")
        conditions = [is_in, text.is_(None), text >= stamp(self.now), text.not_like("____-__-__%"), is_no_day]
        if dialect == "sqlite":
            conditions.append(func.typeof(changed) != "text")
        return or_(*conditions)


def stamp(moment: datetime) -> str:
    """The moment as the lake has it, to the second."""
    return moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S")


def is_dated(text: str | None) -> bool:
    """A row's update time can be compared."""
    return text is not None and _DATED.match(text) is not None


def _kept(moment: datetime, column: Column[object]) -> datetime | date:
    """The moment as the source keeps it: a day, local time, or with zone."""
    if isinstance(column.type, Date):
        return moment.astimezone(CITY_TIME).date()
    if getattr(column.type, "timezone", False):
        return moment
    return moment.astimezone(CITY_TIME).replace(tzinfo=None)
