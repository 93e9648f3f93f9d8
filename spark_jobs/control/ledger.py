"""The delivery ledger: which object versions we have seen and how far each has come."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState


class Interval:
    """A data interval: the deliveries that one run is for.

    Files belong to the run whose interval their business date falls into; the interval 03:00 to 03:00 of the next
    day is the first day. Pulls belong to the run in whose interval they end.

    Args:
        start: first moment, inclusive.
        end: last moment, exclusive.
    """

    def __init__(self, start: datetime, end: datetime) -> None:
        if start >= end:
            raise LakeError(f"the interval {start} to {end} is empty", "give --from before --to")
        self.start = start.astimezone(CITY_TIME)
        self.end = end.astimezone(CITY_TIME)

    @property
    def first_date(self) -> date:
        """First business date, inclusive."""
        return self.start.date()

    @property
    def end_date(self) -> date:
        """Last business date, exclusive; an interval within one day is that day."""
        return max(self.end.date(), self.first_date + timedelta(days=1))

    def holds(self) -> ColumnElement[bool]:
        """The condition on ledger rows of this interval."""
        dated = and_(
            Delivery.window_to.is_(None),
            or_(
                Delivery.business_date.is_(None),
                and_(Delivery.business_date >= self.first_date, Delivery.business_date < self.end_date),
            ),
        )
        return or_(dated, and_(Delivery.window_to > self.start, Delivery.window_to <= self.end))


def delivery_id(feed: str, key: str, version: str) -> str:
    """The id of one object version of one feed: the same at every sight."""
    return hashlib.sha256(f"{feed}\0{key}\0{version}".encode()).hexdigest()[:20]


def known(feed: str) -> dict[str, Delivery]:
    """The newest ledger row of each object key of a feed."""
    with session() as at:
        rows = at.scalars(select(Delivery).where(Delivery.feed == feed).order_by(Delivery.sequence))
        return {row.object_key: row for row in rows}


def add(delivery: Delivery) -> None:
    """Write a new row."""
    with session() as at:
        at.add(delivery)
        at.commit()


def revise(sequence: int, **values: Any) -> None:
    """Change a row that no worker has claimed yet: its file was still growing."""
    with session() as at:
        at.execute(
            update(Delivery).where(Delivery.sequence == sequence, Delivery.state == DeliveryState.SEEN).values(**values)
        )
        at.commit()


def in_states(feed: str, states: Iterable[DeliveryState], interval: Interval | None = None) -> Sequence[Delivery]:
    """Deliveries of a feed in one of `states`, by business date and arrival; all of them without an interval."""
    query = select(Delivery).where(Delivery.feed == feed, Delivery.state.in_([state.value for state in states]))
    if interval is not None:
        query = query.where(interval.holds())
    with session() as at:
        return at.scalars(query.order_by(Delivery.business_date, Delivery.sequence)).all()


def by_id(delivery: str) -> Delivery:
    """The row of a delivery.

    Raises:
        LakeError: there is none.
    """
    with session() as at:
        row = at.scalar(select(Delivery).where(Delivery.delivery_id == delivery))
    if row is None:
        raise LakeError(f"no delivery {delivery} in the ledger", "list them: lake receipts")
    return row


def claim(sequence: int, worker: str) -> Delivery | None:
    """Take a complete delivery, also one whose worker died; None if it has gone further meanwhile.

    Call it with the feed's lease held: then nobody alive has the claim. The raised epoch fences off a worker that
    was only paused.
    """
    open_states = [DeliveryState.STABLE.value, DeliveryState.CLAIMED.value]
    with session() as at:
        changed = at.execute(
            update(Delivery)
            .where(Delivery.sequence == sequence, Delivery.state.in_(open_states))
            .values(state=DeliveryState.CLAIMED, claimed_by=worker, claim_epoch=Delivery.claim_epoch + 1)
        )
        at.commit()
        return at.get(Delivery, sequence) if changed.rowcount == 1 else None  # type: ignore[attr-defined]


def advance(delivery: Delivery, to: DeliveryState, **values: Any) -> None:
    """Move a delivery on, if this worker still has it.

    Raises:
        LakeError: another worker has claimed it since.
    """
    with session() as at:
        changed = at.execute(
            update(Delivery)
            .where(Delivery.sequence == delivery.sequence, Delivery.claim_epoch == delivery.claim_epoch)
            .values(state=to, **values)
        )
        at.commit()
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise LakeError(
            f"delivery {delivery.delivery_id} was claimed by another worker",
            "nothing: the other worker finishes it; this one wrote nothing more",
        )
    delivery.state = to
    for name, value in values.items():
        setattr(delivery, name, value)


def same_content(delivery: Delivery, sha256: str, per_date: bool) -> Delivery | None:
    """An earlier delivery of the feed with the same bytes and at least one record.

    Args:
        delivery: the one in hand.
        sha256: of its bytes.
        per_date: only one of the same business date counts.
    """
    query = select(Delivery).where(
        Delivery.feed == delivery.feed,
        Delivery.sha256 == sha256,
        Delivery.sequence != delivery.sequence,
        Delivery.state.in_([DeliveryState.PARSED.value, DeliveryState.COMMITTED.value]),
    )
    if per_date:
        query = query.where(Delivery.business_date == delivery.business_date)
    with session() as at:
        earlier = at.scalars(query.order_by(Delivery.sequence)).all()
    return next((row for row in earlier if (row.accounting or {}).get("rows_counted")), None)


def closed(feed: str | None = None, limit: int = 1000) -> Sequence[Delivery]:
    """Deliveries that have a receipt, newest first."""
    query = select(Delivery).where(Delivery.receipt.is_not(None))
    if feed:
        query = query.where(Delivery.feed == feed)
    with session() as at:
        return at.scalars(query.order_by(Delivery.sequence.desc()).limit(limit)).all()


def last_pull_end(feed: str) -> datetime | None:
    """Where the pulls of a feed have come to."""
    with session() as at:
        return at.scalar(
            select(Delivery.window_to)
            .where(Delivery.feed == feed, Delivery.window_to.is_not(None))
            .order_by(Delivery.window_to.desc())
            .limit(1)
        )
