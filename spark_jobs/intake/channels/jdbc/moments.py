"""Update times as a database keeps them: the condition on rows of a window, in its SQL."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, String, and_, func, or_, type_coerce
from sqlalchemy.sql.schema import Column

from spark_jobs.base.settings import CITY_TIME
from spark_jobs.intake.pulls.moments import stamp
from spark_jobs.intake.pulls.windows import Window


def holds(window: Window, changed: Column[object], dialect: str) -> ColumnElement[bool]:
    """The condition on a row of the source, in the source's SQL."""
    if isinstance(changed.type, String) or dialect == "sqlite":
        return _holds_text(window, changed, dialect)
    is_in = and_(changed >= _kept(window.start, changed), changed < _kept(window.end, changed))
    conditions = [is_in, changed.is_(None), changed >= _kept(window.now, changed)]
    if dialect == "postgresql":
        conditions.append(func.isfinite(changed).is_(False))
    if dialect in {"mysql", "mariadb"}:
        # Zeros, which are no day and sort before every window.
        conditions += [func.month(changed) == 0, func.dayofmonth(changed) == 0]
    return or_(*conditions)


def _holds_text(window: Window, changed: Column[object], dialect: str) -> ColumnElement[bool]:
    text = type_coerce(changed, String)
    is_later = text >= stamp(window.start)
    # A day alone is that of all its hours, each of which may have changed the row again.
    is_of_a_day = and_(text.like("____-__-__"), text >= stamp(window.start)[:10])
    is_in = and_(or_(is_later, is_of_a_day), text < stamp(window.end))
    month, day = func.substr(text, 6, 2), func.substr(text, 9, 2)
    is_no_day = or_(month < "01", month > "12", day < "01", day > "31")
    conditions = [is_in, text.is_(None), text >= stamp(window.now), text.not_like("____-__-__%"), is_no_day]
    if dialect == "sqlite":
        conditions.append(func.typeof(changed) != "text")
    return or_(*conditions)


def _kept(moment: datetime, column: Column[object]) -> datetime | date:
    """The moment as the source keeps it: a day, local time, or with zone."""
    if isinstance(column.type, Date):
        return moment.astimezone(CITY_TIME).date()
    if getattr(column.type, "timezone", False):
        return moment
    return moment.astimezone(CITY_TIME).replace(tzinfo=None)
