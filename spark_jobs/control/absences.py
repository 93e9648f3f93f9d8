"""What was due of a feed and has not come, by what the ledger has; and what was answered of that."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control.database import session
from spark_jobs.control.schema import Absence, Delivery, DeliveryState

_NOT_CAME = (DeliveryState.REJECTED.value, DeliveryState.REPLACED.value, DeliveryState.RECALLED.value)
"""Of these nothing is used; whatever else the ledger has of a business date has come."""


@dataclass(frozen=True)
class Came:
    """The first delivery of a business date that counts."""

    business_date: date
    sequence: int
    seen_on: date
    """The day in the city on which the lake first saw it."""


def came(feed: str) -> list[Came]:
    """Of each business date of which something has come, the delivery that was first; by business date."""
    return came_by_feed([feed]).get(feed, [])


def came_by_feed(feeds: Collection[str] | None = None) -> dict[str, list[Came]]:
    """As `came`, of many feeds by one question; feeds of which nothing has come are not among them.

    Args:
        feeds: names; all that the ledger has by default.
    """
    first = select(func.min(Delivery.sequence)).where(
        *_of(feeds), Delivery.business_date.is_not(None), Delivery.state.not_in(_NOT_CAME)
    )
    rows = select(Delivery.feed, Delivery.business_date, Delivery.sequence, Delivery.first_seen_at).where(
        Delivery.sequence.in_(first.group_by(Delivery.feed, Delivery.business_date))
    )
    with session() as at:
        found = at.execute(rows.order_by(Delivery.feed, Delivery.business_date)).all()
    of: dict[str, list[Came]] = defaultdict(list)
    for feed, day, sequence, seen in found:
        if day is not None:
            of[feed].append(Came(day, sequence, _day(seen)))
    return dict(of)


def watched_since(feed: str) -> date | None:
    """The day on which the lake first saw anything of a feed, None where nothing has come."""
    return watched_by_feed([feed]).get(feed)


def watched_by_feed(feeds: Collection[str] | None = None) -> dict[str, date]:
    """As `watched_since`, of many feeds by one question.

    Args:
        feeds: names; all that the ledger has by default.
    """
    first = select(Delivery.feed, func.min(Delivery.first_seen_at)).where(*_of(feeds)).group_by(Delivery.feed)
    with session() as at:
        return {feed: _day(moment) for feed, moment in at.execute(first) if moment}


def _of(feeds: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if feeds is None else [Delivery.feed.in_(feeds)]


def is_watched(contract: FeedContract, since: date | None, due: date) -> bool:
    """What was due on a day is expected of a feed: where its contract says since when, else since the lake watches.

    History that is loaded later was not late.

    Args:
        contract: of the feed.
        since: see `watched_since`.
        due: the day.
    """
    return contract.due.since is not None or (since is not None and since <= due)


def answered(feed: str) -> dict[date, Absence]:
    """Absences of a feed that were answered, by the first day of their period."""
    with session() as at:
        found = at.scalars(select(Absence).where(Absence.feed == feed)).all()
    return {each.first: each for each in found}


def all_answered() -> Sequence[Absence]:
    """All absences that were answered, by feed and period."""
    with session() as at:
        return at.scalars(select(Absence).order_by(Absence.feed, Absence.first)).all()


def keep(absence: Absence) -> None:
    """Write an absence, in the place of what was said of the period before."""
    with session() as at:
        at.merge(absence)
        at.commit()


def as_row(receipt: dict[str, Any], versions: dict[str, str], moment: datetime) -> Absence:
    """The row of an absence receipt."""
    period = receipt["period"]
    return Absence(
        feed=receipt["feed"],
        first=date.fromisoformat(period["first"]),
        absence_id=receipt["delivery_id"],
        last=date.fromisoformat(period["last"]),
        due_on=date.fromisoformat(receipt["due_on"]),
        told_at=moment,
        came_with=(receipt["came"] or {}).get("delivery_id"),
        receipt=receipt,
        outbox_versions=versions,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(CITY_TIME).date()
