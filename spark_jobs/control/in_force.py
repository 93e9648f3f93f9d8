"""Which deliveries count, as queries of the ledger: whose rows are in tables, and who has taken whose place."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import aliased

from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState

_COUNTING = (DeliveryState.PARSED.value, DeliveryState.COMMITTED.value)
"""In bronze, or in silver and quarantine."""


def of_objects(feed: str, keys: Iterable[str]) -> Sequence[Delivery]:
    """Deliveries of these objects that count, oldest first."""
    query = select(Delivery).where(
        Delivery.feed == feed, Delivery.object_key.in_(list(keys)), Delivery.state.in_(_COUNTING)
    )
    with session() as at:
        return at.scalars(query.order_by(Delivery.sequence)).all()


def replacing(feed: str) -> Sequence[Delivery]:
    """Committed deliveries that took the place of others, where one of those still counts."""
    older = aliased(Delivery)
    still_counts = exists().where(
        older.feed == Delivery.feed,
        older.object_key == Delivery.object_key,
        older.sequence < Delivery.sequence,
        older.state.in_(_COUNTING),
    )
    query = select(Delivery).where(
        Delivery.feed == feed,
        Delivery.replaces.is_not(None),
        Delivery.state == DeliveryState.COMMITTED.value,
        still_counts,
    )
    with session() as at:
        return at.scalars(query).all()


def reopen_duplicates(feed: str, sha256: str) -> list[str]:
    """Make deliveries wait again that were turned away for having these bytes; returns their ids.

    Those stay as they are whose object has had a newer version that counts.
    """
    newer = aliased(Delivery)
    is_past = exists().where(
        newer.feed == Delivery.feed,
        newer.object_key == Delivery.object_key,
        newer.sequence > Delivery.sequence,
        newer.state.in_(_COUNTING),
    )
    turned_away = select(Delivery.sequence, Delivery.delivery_id).where(
        Delivery.feed == feed,
        Delivery.sha256 == sha256,
        Delivery.state == DeliveryState.REJECTED.value,
        Delivery.rejection["code"].as_string() == "duplicate_delivery",
        ~is_past,
    )
    with session() as at:
        found = at.execute(turned_away).all()
        waits = {"state": DeliveryState.STABLE, "rejection": None}
        at.execute(update(Delivery).where(Delivery.sequence.in_([row.sequence for row in found])).values(**waits))
        at.commit()
    return [row.delivery_id for row in found]


def with_bronze(feed: str, states: Iterable[DeliveryState]) -> dict[int, str]:
    """Deliveries in one of `states` whose records are noted to be in bronze: sequence and id."""
    query = select(Delivery.sequence, Delivery.delivery_id).where(
        Delivery.feed == feed,
        Delivery.state.in_([state.value for state in states]),
        Delivery.bronze_version.is_not(None),
    )
    with session() as at:
        return {sequence: name for sequence, name in at.execute(query)}


def with_content(feed: str, sha256: str) -> Sequence[Delivery]:
    """Deliveries of a feed in force that have these bytes, and records; oldest first."""
    query = select(Delivery).where(Delivery.feed == feed, Delivery.sha256 == sha256, Delivery.state.in_(_COUNTING))
    with session() as at:
        found = at.scalars(query.order_by(Delivery.sequence)).all()
    return [row for row in found if (row.accounting or {}).get("rows_counted")]


def newest(feed: str, business_date: date | None = None, key: str | None = None) -> int | None:
    """Sequence of the newest delivery of a feed that counts: of a business date, of an object key, or of all."""
    query = select(func.max(Delivery.sequence)).where(Delivery.feed == feed, Delivery.state.in_(_COUNTING))
    if business_date is not None:
        query = query.where(Delivery.business_date == business_date)
    if key is not None:
        query = query.where(Delivery.object_key == key)
    with session() as at:
        return at.scalar(query)
