"""What receipts said up to a day: facts that no later correction, recall or replacement changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from expectations.contract.catalogue import feed_ids
from spark_jobs.control.database import session
from spark_jobs.control.schema import ReceiptLink

DAY = timedelta(days=1)
ABSENT = "absent"
"""Status of the receipt that answers a period of which nothing has come."""
SCORED = frozenset({"accepted", "partly_accepted", "empty", "rejected", "duplicate", ABSENT})
"""What the last receipt may say for it to count; what was replaced or recalled counts no more from then on, nor does an
absence once something has come for it."""


@dataclass(frozen=True)
class Fact:
    """One delivery, or one that is due and has not come, as its last receipt of that day has it.

    Args:
        feed: of the delivery.
        rows: records counted.
        broken: rows by breach code, quarantined ones and accepted ones with a warning.
        rejection: code, where nothing of the delivery was used.
        is_late: it came after it was due, by the calendar of working days.
        is_absent: it has not come.
    """

    feed: str
    rows: int = 0
    broken: Mapping[str, int] = field(default_factory=dict)
    rejection: str | None = None
    is_late: bool = False
    is_absent: bool = False


def facts(on: date, days: int) -> list[Fact]:
    """What was first answered within so many days up to `on`, as receipts had it by its end, in their order."""
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
        select(ReceiptLink.counts)
        .join(last, is_last)
        .where(last.c.first >= first_day, ReceiptLink.counts.is_not(None))
        .order_by(last.c.first, ReceiptLink.agency, last.c.number)
    )
    known = set(feed_ids())
    with session() as at:
        kept: Sequence[Any] = at.scalars(query).all()
    # A column of JSON has a null of its own, which is no absence in SQL.
    return [_fact(counts) for counts in kept if counts and counts["status"] in SCORED and counts["feed"] in known]


def _fact(counts: dict[str, Any]) -> Fact:
    broken: dict[str, int] = {}
    for kind in ("reasons", "warnings"):
        if counts["rejection"] is None:
            for code, rows in (counts[kind] or {}).items():
                broken[code] = broken.get(code, 0) + int(rows)
    return Fact(
        counts["feed"],
        int(counts["rows_counted"] or 0),
        broken,
        counts["rejection"],
        is_late=counts["is_late"],
        is_absent=counts["status"] == ABSENT,
    )
