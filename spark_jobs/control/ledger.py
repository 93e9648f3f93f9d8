"""The delivery ledger: which object versions we have seen and how far each has come."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import load_only

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


def delivery_id(feed: str, key: str, version: str, sight: int = 1) -> str:
    """The id of one object version of one feed, at its first or at a later coming."""
    again = f"\0{sight}" if sight > 1 else ""
    return hashlib.sha256(f"{feed}\0{key}\0{version}{again}".encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Known:
    """The newest ledger row of an object key, as far as a sweep needs it."""

    sequence: int
    version: str
    mark: str | None
    state: str


def known(feed: str, prefix: str = "") -> dict[str, Known]:
    """The newest ledger row of each object key of a feed; a few columns, as a feed may have many thousands."""
    columns = (Delivery.object_key, Delivery.sequence, Delivery.object_version, Delivery.object_mark, Delivery.state)
    query = select(*columns).where(Delivery.feed == feed)
    if prefix:
        query = query.where(Delivery.object_key.startswith(prefix, autoescape=True))
    with session() as at:
        rows = at.execute(query.order_by(Delivery.sequence))
        return {key: Known(sequence, version, mark, state) for key, sequence, version, mark, state in rows}


def rejected_for(feed: str, code: str) -> frozenset[int]:
    """Sequences of the deliveries of a feed that were rejected for that reason."""
    said: ColumnElement[str | None] = Delivery.rejection["code"].as_string()
    query = select(Delivery.sequence).where(Delivery.feed == feed, Delivery.state == DeliveryState.REJECTED.value)
    with session() as at:
        return frozenset(at.scalars(query.where(said == code)))


def sights(feed: str, key: str, version: str) -> int:
    """How often this version has come to the key."""
    query = select(func.count()).where(
        Delivery.feed == feed, Delivery.object_key == key, Delivery.object_version == version
    )
    with session() as at:
        return int(at.scalar(query) or 0)


def sequences(feed: str) -> dict[str, int]:
    """Place in the order of arrival of each delivery of a feed, by its id; without those that were recalled."""
    query = select(Delivery.delivery_id, Delivery.sequence)
    with session() as at:
        found = at.execute(query.where(Delivery.feed == feed, Delivery.state != DeliveryState.RECALLED.value))
        return {delivery: sequence for delivery, sequence in found}


def by_sequence(sequence: int) -> Delivery:
    """A row by its place in the order of arrival, which is known to be there."""
    with session() as at:
        return at.get_one(Delivery, sequence)


def add(*deliveries: Delivery) -> None:
    """Write new rows, in one transaction."""
    with session() as at:
        at.add_all(deliveries)
        at.commit()


def change(sequence: int, **values: Any) -> None:
    """Note something about a row, whatever state it is in."""
    with session() as at:
        at.execute(update(Delivery).where(Delivery.sequence == sequence).values(**values))
        at.commit()


def revise(sequence: int, **values: Any) -> None:
    """Change a row that no worker has claimed yet: its file was still growing."""
    with session() as at:
        at.execute(
            update(Delivery).where(Delivery.sequence == sequence, Delivery.state == DeliveryState.SEEN).values(**values)
        )
        at.commit()


def in_states(
    feed: str, states: Iterable[DeliveryState], interval: Interval | None = None, only: Sequence[str] = ()
) -> Sequence[Delivery]:
    """Deliveries of a feed in one of `states`, by business date and arrival.

    Args:
        feed: of the deliveries.
        states: in one of which they are.
        interval: whose they are; all of them without one.
        only: columns that are read, where these are few: to ask a row for another one is an error then. A receipt and
            its byte ranges are kilobytes, and a feed may have thousands.
    """
    query = select(Delivery).where(Delivery.feed == feed, Delivery.state.in_([state.value for state in states]))
    if interval is not None:
        query = query.where(interval.holds())
    if only:
        query = query.options(load_only(*(getattr(Delivery, name) for name in only), raiseload=True))
    with session() as at:
        return at.scalars(query.order_by(Delivery.business_date, Delivery.sequence)).all()


def refined_otherwise(feed: str, interval: Interval, fingerprint: str) -> Sequence[Delivery]:
    """Committed deliveries of an interval that another contract or other code refined, by business date and arrival."""
    query = select(Delivery).where(
        Delivery.feed == feed,
        Delivery.state == DeliveryState.COMMITTED.value,
        Delivery.refine_fingerprint.is_distinct_from(fingerprint),
        interval.holds(),
    )
    with session() as at:
        return at.scalars(query.order_by(Delivery.business_date, Delivery.sequence)).all()


def feeds_in(state: DeliveryState) -> frozenset[str]:
    """The feeds that have a delivery in this state."""
    with session() as at:
        return frozenset(at.scalars(select(Delivery.feed).where(Delivery.state == state.value).distinct()))


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


def claim(sequences: Iterable[int], worker: str) -> list[Delivery]:
    """Take complete deliveries, also those whose worker died; those that have gone further meanwhile are left out.

    Call it with the feed's lease held: then nobody alive has the claim. The raised epoch fences off a worker that
    was only paused.
    """
    open_states = [DeliveryState.STABLE.value, DeliveryState.CLAIMED.value]
    wanted = list(sequences)
    with session() as at:
        at.execute(
            update(Delivery)
            .where(Delivery.sequence.in_(wanted), Delivery.state.in_(open_states))
            .values(state=DeliveryState.CLAIMED, claimed_by=worker, claim_epoch=Delivery.claim_epoch + 1)
        )
        at.commit()
        mine = select(Delivery).where(Delivery.sequence.in_(wanted), Delivery.state == DeliveryState.CLAIMED)
        found = {row.sequence: row for row in at.scalars(mine)}
    return [found[sequence] for sequence in wanted if sequence in found]


Step = tuple[Delivery, DeliveryState, dict[str, Any]]
"""A delivery, the state it comes to, and what else is written of it."""


def advance(delivery: Delivery, to: DeliveryState, **values: Any) -> None:
    """Move a delivery on, if this worker still has it.

    Raises:
        LakeError: another worker has claimed it since.
    """
    advance_all([(delivery, to, values)])


def advance_all(steps: Iterable[Step]) -> None:
    """Move deliveries on in one transaction, if this worker still has all of them.

    Raises:
        LakeError: another worker has claimed one since; none is moved.
    """
    moved = list(steps)
    with session() as at:
        for delivery, to, values in moved:
            changed = at.execute(
                update(Delivery)
                .where(Delivery.sequence == delivery.sequence, Delivery.claim_epoch == delivery.claim_epoch)
                .values(state=to, **values)
            )
            if changed.rowcount != 1:  # type: ignore[attr-defined]
                raise LakeError(
                    f"delivery {delivery.delivery_id} was claimed by another worker",
                    "nothing: the other worker finishes it; this one wrote nothing more",
                )
        at.commit()
    for delivery, to, values in moved:
        delivery.state = to
        for name, value in values.items():
            setattr(delivery, name, value)


def closed(feed: str | None = None, limit: int = 1000) -> Sequence[Delivery]:
    """Deliveries that have a receipt, newest first, with all that is known of each."""
    query = select(Delivery).where(Delivery.receipt.is_not(None))
    if feed:
        query = query.where(Delivery.feed == feed)
    with session() as at:
        return at.scalars(query.order_by(Delivery.sequence.desc()).limit(limit)).all()


def receipts(feed: str | None = None, limit: int = 1000) -> list[dict[str, Any]]:
    """Receipts of deliveries, newest first; nothing else of them is read."""
    query = select(Delivery.receipt).where(Delivery.receipt.is_not(None))
    if feed:
        query = query.where(Delivery.feed == feed)
    with session() as at:
        found: Sequence[Any] = at.scalars(query.order_by(Delivery.sequence.desc()).limit(limit)).all()
    # A column of JSON has a null of its own, which is no absence in SQL.
    return [receipt for receipt in found if receipt]


def last_arrival(feed: str, prefix: str) -> datetime | None:
    """When the newest delivery came whose key begins so, recalled ones apart."""
    query = select(func.max(Delivery.first_seen_at)).where(
        Delivery.feed == feed,
        Delivery.object_key.startswith(prefix, autoescape=True),
        Delivery.state != DeliveryState.RECALLED.value,
    )
    with session() as at:
        return at.scalar(query)


def pulled_windows(feed: str) -> list[tuple[datetime, datetime, bool]]:
    """Each window that was ever pulled, by start: start, end, and whether it is accounted for or still on its way."""
    query = select(Delivery.window_from, Delivery.window_to, Delivery.state).where(
        Delivery.feed == feed, Delivery.window_from.is_not(None), Delivery.window_to.is_not(None)
    )
    open_again = {DeliveryState.REJECTED.value, DeliveryState.RECALLED.value}
    with session() as at:
        found = at.execute(query.order_by(Delivery.window_from, Delivery.window_to))
        return [(start, end, state not in open_again) for start, end, state in found if start and end]


def last_pull_end(feed: str) -> datetime | None:
    """Where the pulls of a feed have come to, by those that are accounted for or still on their way."""
    return max((end for _, end, is_taken in pulled_windows(feed) if is_taken), default=None)
