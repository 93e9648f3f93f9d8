"""Which quarantined rows are still to be fixed, and which a later delivery has closed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import aliased

from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState, Repair

How = Literal["repaired", "returned", "superseded"]
"""repaired: the row came again and was accepted. returned: it came again and is quarantined anew, where it now waits.
superseded: a newer snapshot took the place of the one that it was in."""
HOWS: tuple[How, ...] = ("repaired", "returned", "superseded")
Range = tuple[int, int]
"""Row numbers, both ends inclusive."""

_COMMITTED = DeliveryState.COMMITTED.value
_QUARANTINED: ColumnElement[int] = Delivery.outcome["quarantined"].as_integer()


@dataclass(frozen=True)
class Waiting:
    """A delivery with rows that are still to be fixed."""

    delivery_id: str
    sequence: int
    business_date: date | None
    object_key: str
    open: int
    """How many."""
    closed: tuple[Range, ...] = ()
    """Rows that are closed already."""

    @property
    def file(self) -> str:
        """The name of its file, or of the pull."""
        return self.object_key.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Closing:
    """Rows of one delivery that another closes."""

    of: Waiting
    rows: Mapping[How, Sequence[Range]]

    def count(self, how: How) -> int:
        """How many are closed in this way."""
        return size(self.rows.get(how, ()))

    @property
    def closed(self) -> int:
        """How many in all."""
        return sum(map(self.count, HOWS))


def size(ranges: Iterable[Range]) -> int:
    """Row numbers in ranges that do not overlap."""
    return sum(last - first + 1 for first, last in ranges)


def waiting(feed: str, apart: Collection[str] = ()) -> list[Waiting]:
    """Committed deliveries of a feed with rows still to be fixed, by arrival.

    Args:
        feed: of the deliveries.
        apart: what these deliveries closed is taken as open, and they are left out.
    """
    names = (Delivery.delivery_id, Delivery.sequence, Delivery.business_date, Delivery.object_key, _QUARANTINED)
    query = select(*names).where(Delivery.feed == feed, Delivery.state == _COMMITTED, _QUARANTINED > 0)
    by = aliased(Delivery)
    in_force = select(Repair).join(by, by.delivery_id == Repair.by_delivery)
    in_force = in_force.where(Repair.feed == feed, by.state == _COMMITTED, Repair.by_delivery.not_in(apart))
    with session() as at:
        rows = at.execute(query.order_by(Delivery.sequence)).all()
        closed: dict[str, list[Range]] = {}
        for repair in at.scalars(in_force):
            ranges = (tuple(each) for of_how in repair.rows.values() for each in of_how)
            closed.setdefault(repair.delivery_id, []).extend(ranges)
    found = (
        Waiting(name, sequence, day, key, quarantined - size(done), done)
        for name, sequence, day, key, quarantined in rows
        for done in [tuple(sorted(closed.get(name, ())))]
        if name not in apart
    )
    return [each for each in found if each.open > 0]


def write(feed: str, by: str, closings: Iterable[Closing], gone: Collection[str] = ()) -> None:
    """Note what a delivery closes, in the place of what it closed before.

    Args:
        feed: of them all.
        by: the delivery.
        closings: of each other one what it closes.
        gone: deliveries whose place it takes: what they closed is forgotten.
    """
    with session() as at:
        at.execute(delete(Repair).where(Repair.by_delivery.in_([by, *gone])))
        for each in closings:
            rows = {how: [list(one) for one in ranges] for how, ranges in each.rows.items() if ranges}
            name, closed = each.of.delivery_id, each.closed
            at.add(Repair(delivery_id=name, by_delivery=by, feed=feed, closed=closed, rows=rows))
        at.commit()


def of_delivery(delivery: str) -> Sequence[Repair]:
    """What was closed of a delivery's rows, also by deliveries that no longer count."""
    with session() as at:
        return at.scalars(select(Repair).where(Repair.delivery_id == delivery)).all()


def revise(repair: Repair, rows: Mapping[How, Sequence[Range]]) -> None:
    """Make what was closed these rows."""
    with session() as at:
        held = at.get_one(Repair, (repair.delivery_id, repair.by_delivery))
        held.rows = {how: [list(one) for one in ranges] for how, ranges in rows.items() if ranges}
        held.closed = sum(size(ranges) for ranges in rows.values())
        at.commit()


def closings_of(feed: str) -> Sequence[Repair]:
    """All that counts of what deliveries of a feed have closed."""
    with session() as at:
        return at.scalars(_counting(select(Repair)).where(Repair.feed == feed)).all()


def closed_by(delivery: str, row_number: int) -> tuple[How, str] | None:
    """How a quarantined row was closed and by which delivery; None: it is still to be fixed."""
    with session() as at:
        found = at.scalars(_counting(select(Repair)).where(Repair.delivery_id == delivery)).all()
    for repair in found:
        for how in HOWS:
            if any(first <= row_number <= last for first, last in repair.rows.get(how, ())):
                return how, repair.by_delivery
    return None


def open_rows() -> dict[str, int]:
    """Rows still to be fixed by feed; of deliveries that are committed."""
    of = aliased(Delivery)
    by_feed = select(Repair.feed, func.sum(Repair.closed))
    closed = _counting(by_feed).join(of, of.delivery_id == Repair.delivery_id)
    closed = closed.where(of.state == _COMMITTED).group_by(Repair.feed)
    held: Any = (
        select(Delivery.feed, func.sum(_QUARANTINED)).where(Delivery.state == _COMMITTED).group_by(Delivery.feed)
    )
    with session() as at:
        done = {str(row[0]): int(row[1] or 0) for row in at.execute(closed)}
        return {str(row[0]): int(row[1] or 0) - done.get(str(row[0]), 0) for row in at.execute(held)}


def _counting(query: Any) -> Any:
    """What a select of repairs gives, of those that count."""
    by = aliased(Delivery)
    return query.join(by, by.delivery_id == Repair.by_delivery).where(by.state == _COMMITTED)
