"""What receipts said up to a day: facts that no later correction, recall or replacement changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from expectations.contract.catalogue import feed_ids, load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, ReceiptLink

DAY = timedelta(days=1)
SCORED = frozenset({"accepted", "partly_accepted", "empty", "rejected", "duplicate"})
"""What a delivery's last receipt may say for it to count; what was replaced or recalled counts no more from then on."""


@dataclass(frozen=True)
class Fact:
    """One delivery, as its last receipt of that day has it.

    Args:
        feed: of the delivery.
        rows: records counted.
        broken: rows by breach code, quarantined ones and accepted ones with a warning.
        rejection: code, where nothing of the delivery was used.
        is_late: it came after the contract's time; None: it has none, as what we fetch, or came when the feed began.
    """

    feed: str
    rows: int = 0
    broken: Mapping[str, int] = field(default_factory=dict)
    rejection: str | None = None
    is_late: bool | None = None


def facts(on: date, days: int) -> list[Fact]:
    """Deliveries that were first answered within so many days up to `on`, as their receipts had them by its end."""
    # Moments of receipts are texts in the city's time, of one length, so that they compare as they stand.
    first_day, end = (on - (days - 1) * DAY).isoformat(), (on + DAY).isoformat()
    last = (
        select(
            ReceiptLink.delivery_id,
            func.max(ReceiptLink.number).label("number"),
            func.min(ReceiptLink.issued_at).label("first"),
        )
        .where(ReceiptLink.issued_at < end)
        .group_by(ReceiptLink.delivery_id)
        .subquery()
    )
    is_last = (ReceiptLink.delivery_id == last.c.delivery_id) & (ReceiptLink.number == last.c.number)
    query = (
        select(ReceiptLink.counts, Delivery.feed, Delivery.business_date, Delivery.modified_at)
        .join(last, is_last)
        .join(Delivery, Delivery.delivery_id == ReceiptLink.delivery_id)
        .where(last.c.first >= first_day)
        .order_by(Delivery.sequence)
    )
    began = select(Delivery.feed, func.min(Delivery.first_seen_at)).group_by(Delivery.feed)
    known = set(feed_ids())
    with session() as at:
        rows: Sequence[Any] = at.execute(query).all()
        begun = {feed: _city_day(moment) for feed, moment in at.execute(began)}
    found = []
    for counts, feed, day, came in rows:
        if feed in known and counts and counts["status"] in SCORED:
            found.append(_fact(counts, load_feed(feed), day, came, begun[feed]))
    return found


def due(contract: FeedContract, day: date) -> datetime:
    """Until when a delivery of a business date is in time.

    `late_after` counts from the day's beginning; where it is shorter than a day, the day has several deliveries, and it
    counts from the day's end.
    """
    start = datetime(day.year, day.month, day.day, tzinfo=CITY_TIME)
    return start + contract.late_after + (DAY if contract.late_after < DAY else timedelta())


def _fact(counts: dict[str, Any], contract: FeedContract, day: date | None, came: datetime, begun: date) -> Fact:
    broken: dict[str, int] = {}
    for kind in ("reasons", "warnings"):
        if counts["rejection"] is None:
            for code, rows in (counts[kind] or {}).items():
                broken[code] = broken.get(code, 0) + int(rows)
    is_late = None
    # What is loaded when a feed begins is of days for which nobody waited.
    if day is not None and contract.arrival.yields == "files" and day >= begun:
        is_late = came > due(contract, day)
    return Fact(contract.id, int(counts["rows_counted"] or 0), broken, counts["rejection"], is_late)


def _city_day(moment: datetime) -> date:
    return moment.astimezone(CITY_TIME).date()
